#include "api/exchange.h"

#include "api/judge.h"
#include "base/clock.h"
#include "base/log.h"
#include "wire/text.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum {
    AGENT_MAX = 200,             /* code points */
    PERSON_TEXT_SIZE = 24,
    PIECE_BYTES = 32 * 1024      /* of an answer that is sent as it comes */
};

void exchange_init(struct exchange *exchange, struct server *server, struct exchange_sink sink)
{
    *exchange = (struct exchange){.server = server, .sink = sink};
    args_init(&exchange->args);
    outcome_init(&exchange->outcome);
    committer_call_init(&exchange->call);
}

void exchange_free(struct exchange *exchange)
{
    exchange_begin(exchange);
    args_free(&exchange->args);
    outcome_free(&exchange->outcome);
    committer_call_free(&exchange->call);
    buf_free(&exchange->body);
    buf_free(&exchange->call_text);
    buf_free(&exchange->piece);
}

void exchange_begin(struct exchange *exchange)
{
    if (exchange->args.secret_count && exchange->body.bytes)
        sodium_memzero(exchange->body.bytes, exchange->body.capacity);
    buf_reuse(&exchange->body);
    buf_reuse(&exchange->call_text);
    buf_reuse(&exchange->piece);
    exchange->is_streamed = exchange->is_broken = false;
    buf_reuse(&exchange->outcome.body);
    args_begin(&exchange->args);
    json_decref(exchange->json);
    exchange->json = NULL;
    exchange->route = NULL;
    exchange->outcome.status = 0;
    exchange->content_type = NULL;
    *exchange->allow = *exchange->session = *exchange->new_token = *exchange->new_session = '\0';
    exchange->source = TOKEN_NONE;
    exchange->person = 0;
    exchange->is_member = false;
    exchange->body_state = EXCHANGE_BODY_READ;
}

const char *exchange_token(const struct exchange *exchange)
{
    return *exchange->session ? exchange->session : NULL;
}

static bool has_flag(const struct exchange *exchange, unsigned flag)
{
    return (exchange->route->flags & flag) != 0;
}

bool exchange_refuse(struct exchange *exchange, int status, const char *code, const char *title)
{
    outcome_problem(&exchange->outcome, status, code, title, "");
    return false;
}

/* --- What must hold before: each check is false when it has answered ---------------------------------------------------------- */

static bool refuse_method(struct exchange *exchange)
{
    outcome_wrong_method(&exchange->outcome, exchange->allow);
    return false;
}

static bool find_route(struct exchange *exchange)
{
    const struct request *request = &exchange->request;
    exchange->route = route_find(request->method, request->path, &exchange->parts, exchange->allow);
    if (exchange->route)
        return true;
    if (*exchange->allow)
        return refuse_method(exchange);
    return exchange_refuse(exchange, 404, "not_found", "There is nothing at this address.");
}

static bool check_network(struct exchange *exchange)
{
    struct address address;
    (void)address_parse(&address, exchange->request.address);
    exchange->from = address_counted(&address);
    if (exchange->route->way != ROUTE_OWN)
        server_keep_guard(exchange->server);
    if (!guard_shuts_out(exchange->server->guard, exchange->request.address))
        return true;
    return exchange_refuse(exchange, 403, "network_banned", "From this network nothing is answered at the moment.");
}

/* Whoever signs in is nobody yet, whatever the request brings. */
static bool find_session(struct exchange *exchange)
{
    exchange->source = session_find(&exchange->request, exchange->session);
    if (has_flag(exchange, ROUTE_SIGNS_IN))
        *exchange->session = '\0';
    else if (!*exchange->session && !has_flag(exchange, ROUTE_PUBLIC))
        return exchange_refuse(exchange, 401, "no_session", "Sign in first.");
    return true;
}

static bool check_site(struct exchange *exchange)
{
    bool is_browsers = exchange->source == TOKEN_COOKIE || has_flag(exchange, ROUTE_SIGNS_IN);
    if (is_browsers && request_is_unsafe(&exchange->request) && session_is_cross_site(&exchange->request))
        return exchange_refuse(exchange, 403, "cross_site", "This request came from another site, so it was refused.");
    return true;
}

/* A session that is none is known here already. When the database does not answer, the call itself will say so. */
static bool find_person(struct exchange *exchange)
{
    struct known_person person = {0};
    if (*exchange->session)
        person = server_person(exchange->server, exchange->session, &exchange->outcome);
    exchange->person = person.id;
    exchange->is_member = person.id && !person.is_guest;
    if (exchange->outcome.status == 401 && !has_flag(exchange, ROUTE_PUBLIC))
        return false;
    outcome_clear(&exchange->outcome);
    return true;
}

static struct span address_span(const struct exchange *exchange)
{
    return (struct span){(const char *)exchange->from.bytes, sizeof exchange->from.bytes};
}

/* By the person, or what counts of the address where there is none. A session of whom nobody can say counts for itself. */
static struct span who_asks(const struct exchange *exchange, char person[static PERSON_TEXT_SIZE])
{
    if (exchange->route->limit == LIMIT_SIGN_IN || !*exchange->session)
        return address_span(exchange);
    if (!exchange->person)
        return span_of(exchange->session);
    snprintf(person, PERSON_TEXT_SIZE, "%lld", (long long)exchange->person);
    return span_of(person);
}

static bool check_rate(struct exchange *exchange)
{
    char more[40], person[PERSON_TEXT_SIZE];
    if (!exchange->server->limits)
        return true;
    if (exchange->route->limit == LIMIT_POST)
        server_keep_settings(exchange->server);
    int wait_s = limits_take(exchange->server->limits, exchange->route->limit, who_asks(exchange, person), clock_ms());
    if (!wait_s && exchange->route->limit == LIMIT_POST)
        wait_s = limits_take(exchange->server->limits, LIMIT_POST_OF_ADDRESS, address_span(exchange), clock_ms());
    if (!wait_s)
        return true;
    snprintf(more, sizeof more, "{\"retry_after\":%d}", wait_s);
    outcome_problem(&exchange->outcome, 429, "slow_down", "That was too fast. Wait a moment.", more);
    return false;
}

static bool check_body(struct exchange *exchange)
{
    switch (exchange->body_state) {
    case EXCHANGE_BODY_TOO_LARGE:
        return exchange_refuse(exchange, 413, "too_large", "At most 256 KB can be sent here.");
    case EXCHANGE_BODY_CUT_SHORT:
        return exchange_refuse(exchange, 400, "bad_request", "The body of the request is shorter than it says.");
    case EXCHANGE_BODY_READ:
        break;
    }
    return true;
}

/* --- The arguments ------------------------------------------------------------------------------------------------------------ */

static bool refuse_body(struct exchange *exchange, const char *title, const char *fields)
{
    outcome_problem(&exchange->outcome, 422, "invalid", title, fields);
    return false;
}

/* What jansson calls a syntax error although the JSON is well formed: half a surrogate pair, a number beyond all bounds. */
static bool is_value_error(const json_error_t *error)
{
    return json_error_code(error) == json_error_numeric_overflow || strstr(error->text, "invalid Unicode");
}

static bool parse_json(struct exchange *exchange)
{
    json_error_t error;
    if (!text_is_utf8(buf_span(&exchange->body)))
        return refuse_body(exchange, "The body must be UTF-8.", "{\"fields\":{\"body\":\"not valid UTF-8\"}}");
    exchange->json = json_loadb(exchange->body.bytes, exchange->body.length, JSON_ALLOW_NUL | JSON_DECODE_ANY, &error);
    if (!exchange->json && is_value_error(&error))
        return refuse_body(exchange, "The body holds a number or a character that does not exist.",
                           "{\"fields\":{\"body\":\"no number beyond 64 bits, no half of a surrogate pair\"}}");
    if (!exchange->json)
        return exchange_refuse(exchange, 400, "bad_json", "The body is not JSON.");
    if (!json_is_object(exchange->json))
        return refuse_body(exchange, "The body must be a JSON object.", "{\"fields\":{\"body\":\"must be an object\"}}");
    return true;
}

static bool is_type(const struct exchange *exchange, const char *type)
{
    struct span sent = exchange->request.content_type;
    return sent.length == strlen(type) && strncasecmp(sent.at, type, sent.length) == 0;
}

/* A body that is not there is an object without members. */
static bool take_body(struct exchange *exchange)
{
    if (exchange->body.length && has_flag(exchange, ROUTE_TAKES_PLAIN) && is_type(exchange, "text/plain")) {
        args_take_plain(&exchange->args, exchange->route->args, buf_span(&exchange->body));
        return true;
    }
    if (exchange->body.length && !is_type(exchange, "application/json"))
        return exchange_refuse(exchange, 415, "unsupported_type", "Send the body as application/json.");
    if (exchange->body.length && !parse_json(exchange))
        return false;
    args_take_body(&exchange->args, exchange->route->args, exchange->json);
    if (has_flag(exchange, ROUTE_TAKES_ANY))
        args_take_all(&exchange->args, exchange->json);
    return true;
}

static bool take_args(struct exchange *exchange)
{
    struct args *args = &exchange->args;
    if (!args_take_path(args, &exchange->parts))
        return exchange_refuse(exchange, 404, "not_found", "There is no such thing, or it is not for you to see.");
    if (request_is_unsafe(&exchange->request) && !take_body(exchange))
        return false;
    args_take_query(args, exchange->route->args, exchange->request.query);
    if (!args_have_fault(args))
        return true;
    outcome_problem(&exchange->outcome, 422, "invalid", args_first_fault(args), args_faults(args));
    return false;
}

static void add_address(struct exchange *exchange)
{
    struct address address;
    if (address_parse(&address, exchange->request.address))
        args_add_text(&exchange->args, "address", exchange->request.address);
}

/* What the client cannot say itself. */
static bool add_own_args(struct exchange *exchange)
{
    if (has_flag(exchange, ROUTE_SIGNS_IN | ROUTE_WITH_CONTEXT | ROUTE_WITH_ADDRESS))
        add_address(exchange);
    if (has_flag(exchange, ROUTE_SIGNS_IN | ROUTE_WITH_CONTEXT))
        args_add_clean(&exchange->args, "agent", exchange->request.agent, AGENT_MAX);
    if (has_flag(exchange, ROUTE_SIGNS_IN | ROUTE_DRAWS_TOKEN)) {
        session_draw(exchange->new_token, exchange->new_session);
        args_add_text(&exchange->args, "new_token", span_of(exchange->new_session));
    }
    return true;
}

/* --- The call ----------------------------------------------------------------------------------------------------------------- */

static void call_pool(struct exchange *exchange, struct pool *pool, int patience_ms)
{
    const char *statement = exchange->server->statements[server_route_number(exchange->route)];
    pool_call(pool, statement, exchange_token(exchange), args_json(&exchange->args), patience_ms, &exchange->outcome);
}

void exchange_commit(struct exchange *exchange, const char *function, const char *token, const char *args, bool may_repeat)
{
    struct committer_call *call = &exchange->call;
    buf_clear(&exchange->call_text);
    call_add(&exchange->call_text, function, token, args);
    call->text = buf_text(&exchange->call_text);
    call->text_length = exchange->call_text.length;
    call->lane = exchange->is_member ? COMMITTER_MEMBERS : COMMITTER_GUESTS;
    call->may_repeat = may_repeat;
    call->deadline_ms = clock_ms() + SERVER_PATIENCE_MS;
    call->outcome = &exchange->outcome;
    committer_run(exchange->server->committer, call);
}

/* Once the first line is there the answer is 200, and its head goes ahead. */
static bool take_line(void *owner, struct span line)
{
    struct exchange *exchange = owner;
    if (!exchange->is_streamed) {
        exchange->is_streamed = true;
        exchange->outcome.status = 200;
        exchange_add_head(exchange, &exchange->piece);
    }
    buf_add_span(&exchange->piece, line);
    buf_add_byte(&exchange->piece, '\n');
    if (exchange->piece.length < PIECE_BYTES)
        return true;
    bool goes_on = exchange->sink.write(exchange->sink.owner, buf_span(&exchange->piece));
    buf_clear(&exchange->piece);
    return goes_on;
}

static void call_export(struct exchange *exchange)
{
    const char *statement = exchange->server->statements[server_route_number(exchange->route)];
    struct span part = exchange->parts.count ? exchange->parts.values[0] : span_of("");
    char id[24]; /* checked to be one */
    snprintf(id, sizeof id, "%.*s", (int)part.length, part.at);
    exchange->content_type = "application/x-ndjson";
    bool is_whole = pool_lines(exchange->server->exports, statement, exchange_token(exchange), part.length ? id : NULL,
                               take_line, exchange, &exchange->outcome);
    if (!exchange->is_streamed) {
        exchange->content_type = NULL;
        return;
    }
    exchange->is_broken = !is_whole || !exchange->sink.write(exchange->sink.owner, buf_span(&exchange->piece));
    exchange->outcome.status = 200; /* it was said already */
}

static bool call(struct exchange *exchange)
{
    switch (exchange->route->way) {
    case ROUTE_READ:
    case ROUTE_RELAXED:
        call_pool(exchange, exchange->server->reads, SERVER_PATIENCE_MS);
        break;
    case ROUTE_SEARCH:
        call_pool(exchange, exchange->server->searches, SERVER_PATIENCE_MS);
        break;
    case ROUTE_EXPORT:
        call_export(exchange);
        break;
    case ROUTE_COMMIT:
    case ROUTE_COMMIT_ONCE:
        exchange_commit(exchange, exchange->route->function, exchange_token(exchange), args_json(&exchange->args),
                        exchange->route->way == ROUTE_COMMIT);
        break;
    case ROUTE_OWN:
        break;
    }
    return true;
}

static bool take_step(struct exchange *exchange, route_step *step)
{
    return !step || step(exchange);
}

static bool is_done(const struct exchange *exchange)
{
    return exchange->outcome.status >= 200 && exchange->outcome.status < 300;
}

void exchange_answer(struct exchange *exchange)
{
    bool is_asked = find_route(exchange) && check_network(exchange) && find_session(exchange) && check_site(exchange) && find_person(exchange)
                 && check_rate(exchange) && check_body(exchange) && take_args(exchange) && add_own_args(exchange) && take_step(exchange, exchange->route->before)
                 && (!has_flag(exchange, ROUTE_JUDGED) || judge_pass(exchange)) && call(exchange);
    if (!is_asked)
        return;
    if (is_done(exchange) && has_flag(exchange, ROUTE_SIGNS_IN))
        server_note_signed_in(exchange->server, exchange->new_session, buf_span(&exchange->outcome.body));
    take_step(exchange, exchange->route->after);
    if (is_done(exchange) && *exchange->new_token)
        outcome_add_member(&exchange->outcome, "token", exchange->new_token);
}

/* --- The head of the answer --------------------------------------------------------------------------------------------------- */

static const char *phrase(int status)
{
    static const struct {
        int status;
        const char *phrase;
    } phrases[] = {{200, "OK"}, {201, "Created"}, {204, "No Content"}, {400, "Bad Request"}, {401, "Unauthorized"}, {403, "Forbidden"},
                   {404, "Not Found"}, {405, "Method Not Allowed"}, {409, "Conflict"}, {410, "Gone"}, {413, "Content Too Large"},
                   {415, "Unsupported Media Type"}, {422, "Unprocessable Content"}, {429, "Too Many Requests"},
                   {500, "Internal Server Error"}, {503, "Service Unavailable"}};
    for (size_t i = 0; i < sizeof phrases / sizeof *phrases; i++)
        if (phrases[i].status == status)
            return phrases[i].phrase;
    return "Other";
}

static const char *content_type(const struct exchange *exchange)
{
    if (exchange->content_type)
        return exchange->content_type;
    return exchange->outcome.status >= 400 ? "application/problem+json" : "application/json";
}

static void add_cookie(struct exchange *exchange, struct buf *head)
{
    if (!exchange->route || !is_done(exchange))
        return;
    if (has_flag(exchange, ROUTE_SIGNS_IN))
        session_add_cookie(head, exchange->new_token, exchange->request.is_https);
    else if (has_flag(exchange, ROUTE_SIGNS_OUT))
        session_add_cookie_end(head, exchange->request.is_https);
}

void exchange_add_head(struct exchange *exchange, struct buf *head)
{
    const struct outcome *outcome = &exchange->outcome;
    buf_printf(head, "Status: %d %s\r\nCache-Control: no-store\r\n", outcome->status, phrase(outcome->status));
    if (outcome->body.length || exchange->is_streamed)
        buf_printf(head, "Content-Type: %s\r\n", content_type(exchange));
    if (outcome->status != 204 && !exchange->is_streamed)
        buf_printf(head, "Content-Length: %zu\r\n", outcome->body.length);
    if (outcome->status == 405)
        buf_printf(head, "Allow: %s\r\n", exchange->allow);
    if (outcome->status == 401)
        buf_add_text(head, "WWW-Authenticate: Bearer\r\n");
    if (outcome->status == 429 || outcome->status == 503)
        buf_printf(head, "Retry-After: %ld\r\n", outcome_retry_after(outcome));
    add_cookie(exchange, head);
    buf_add_text(head, "\r\n");
}
