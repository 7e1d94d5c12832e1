#include "api/step.h"

#include "api/exchange.h"
#include "api/password.h"

#include <sodium.h>
#include <stdio.h>

#ifndef PARLEY_VERSION
#define PARLEY_VERSION "unknown"
#endif

bool step_name_post(struct exchange *exchange)
{
    uint8_t random[ENCODE_UUID_BYTES];
    char uuid[ENCODE_UUID_SIZE];
    if (json_is_string(json_object_get(exchange->json, "client_id")))
        return true;
    randombytes_buf(random, sizeof random);
    encode_uuid(uuid, random);
    args_add_text(&exchange->args, "client_id", span_of(uuid));
    return true;
}

static bool refuse_busy(struct exchange *exchange)
{
    return exchange_refuse(exchange, 503, "unavailable", "Many people are signing in right now. Try again in a moment.");
}

bool step_hash_password(struct exchange *exchange)
{
    char hash[PASSWORD_HASH_SIZE];
    if (password_hash(hash, args_secret(&exchange->args, "password")) != PASSWORD_RIGHT)
        return refuse_busy(exchange);
    args_add_text(&exchange->args, "password_hash", span_of(hash));
    return true;
}

/* Asks the database for the hash to verify against: "" when there is none. False when it did not answer with 200. */
static bool ask_hash(struct exchange *exchange, const char *statement, const char *token, const char *args,
                     char hash[static PASSWORD_HASH_SIZE])
{
    struct outcome *outcome = &exchange->outcome;
    pool_call(exchange->server->reads, statement, token, args, SERVER_PATIENCE_MS, outcome);
    if (outcome->status != 200)
        return false;
    json_t *answer = json_loadb(outcome->body.bytes, outcome->body.length, 0, NULL);
    const char *found = json_string_value(json_object_get(answer, "hash"));
    snprintf(hash, PASSWORD_HASH_SIZE, "%s", found ? found : "");
    json_decref(answer);
    outcome_clear(outcome);
    return true;
}

/* Counted once at most; and where nobody knows whether it was, nothing was done for certain. */
static void note_wrong_password(struct exchange *exchange, const char *function, const char *token)
{
    exchange_commit(exchange, function, token, args_json(&exchange->args), false);
    if (exchange->outcome.status == 503)
        outcome_unavailable(&exchange->outcome);
}

bool step_verify_sign_in(struct exchange *exchange)
{
    char hash[PASSWORD_HASH_SIZE];
    if (!ask_hash(exchange, exchange->server->password_of, NULL, args_json(&exchange->args), hash))
        return false;
    switch (password_verify(*hash ? hash : NULL, args_secret(&exchange->args, "password"))) {
    case PASSWORD_RIGHT:
        args_add_text(&exchange->args, "verified_hash", span_of(hash));
        return true;
    case PASSWORD_WRONG:
        note_wrong_password(exchange, "note_wrong_password", NULL);
        return false;
    case PASSWORD_BUSY:
        break;
    }
    return refuse_busy(exchange);
}

static bool refuse_without_old(struct exchange *exchange)
{
    outcome_problem(&exchange->outcome, 422, "invalid", "Old: must be given.", "{\"fields\":{\"old\":\"must be given\"}}");
    return false;
}

/* Where no old password is needed the database gives no hash. */
bool step_change_password(struct exchange *exchange)
{
    char hash[PASSWORD_HASH_SIZE];
    if (!ask_hash(exchange, exchange->server->my_password, exchange_token(exchange), args_json(&exchange->args), hash))
        return false;
    const char *old = args_secret(&exchange->args, "old");
    if (!*hash)
        return step_hash_password(exchange);
    if (!old)
        return refuse_without_old(exchange);
    switch (password_verify(hash, old)) {
    case PASSWORD_RIGHT:
        return step_hash_password(exchange);
    case PASSWORD_WRONG:
        note_wrong_password(exchange, "note_wrong_old_password", exchange_token(exchange));
        return false;
    case PASSWORD_BUSY:
        break;
    }
    return refuse_busy(exchange);
}

/* What cannot be had now the client asks for itself. */
bool step_add_state(struct exchange *exchange)
{
    struct outcome state;
    if (exchange->outcome.status != 201 || !json_is_true(json_object_get(exchange->json, "state")))
        return true;
    outcome_init(&state);
    pool_call(exchange->server->reads, exchange->server->state, exchange->new_session, "{\"limit\":50}", SERVER_PATIENCE_MS, &state);
    if (state.status == 200)
        outcome_add_json(&exchange->outcome, "state", buf_span(&state.body));
    outcome_free(&state);
    return true;
}

bool step_check_rule(struct exchange *exchange)
{
    struct outcome *outcome = &exchange->outcome;
    pool_call(exchange->server->reads, exchange->server->check_rule, exchange_token(exchange), args_json(&exchange->args), SERVER_PATIENCE_MS, outcome);
    if (outcome->status != 200)
        return false;
    outcome_clear(outcome);
    return true;
}

bool step_ask_guard(struct exchange *exchange)
{
    server_ask_guard(exchange->server);
    return true;
}

bool step_metrics(struct exchange *exchange)
{
    exchange->outcome.status = 200;
    exchange->content_type = "text/plain; version=0.0.4; charset=utf-8";
    server_write_metrics(exchange->server, &exchange->outcome.body);
    return false;
}

bool step_add_version(struct exchange *exchange)
{
    if (exchange->outcome.status == 200)
        outcome_add_member(&exchange->outcome, "version", PARLEY_VERSION);
    return true;
}

bool step_add_health(struct exchange *exchange)
{
    if (exchange->outcome.status != 200)
        return exchange_refuse(exchange, 503, "unavailable", "PostgreSQL does not answer.");
    outcome_add_member(&exchange->outcome, "version", PARLEY_VERSION);
    outcome_add_member(&exchange->outcome, "status", "ok");
    return true;
}
