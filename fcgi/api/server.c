#include "api/server.h"

#include "base/clock.h"
#include "base/mem.h"

#include <jansson.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

enum {
    READ_TIMEOUT_MS = 5000,
    SEARCH_TIMEOUT_MS = 3000,
    WRITE_TIMEOUT_MS = 1500,
    LOCK_TIMEOUT_MS = 1000,
    EXPORT_TIMEOUT_MS = 3600000,
    CONNECT_TIMEOUT_MS = 1000,
    GUESTS_BESIDE_MEMBERS = 2, /* in a batch: signing in takes a millisecond or two, and a member waits for one batch */
    MEMBERS_MS = 1000,  /* so long after a member's write the next one is expected */
    SEARCHES_AT_A_TIME = 4,
    JUDGE_TIMEOUT_MS = 100,
    EXPORTS_AT_A_TIME = 2,
    JUDGES_AT_A_TIME = 4,
    SETTINGS_FOR_MS = 500,
    POSTS_PER_MINUTE_MAX = 1000000,
    PEOPLE_PER_ADDRESS_MAX = 100000
};

/* The plans and what they point to outlive all connections. */
static struct conn_plan read_plan, write_plan, search_plan, export_plan, judge_plan;
static char more[64]; /* what the rules cannot know by themselves */

static enum call_end run(void *owner, const char *calls, struct outcome *const *outcomes, size_t count)
{
    struct conn *conn = owner;
    conn_freshen(conn);
    return call_batch(conn, calls, outcomes, count, clock_ms() + conn_answer_ms(&write_plan));
}

static void explain(void *owner, struct outcome *outcome)
{
    outcome_of_error(outcome, conn_error(owner), "execute");
}

static void start_committer(struct server *server, const struct server_plan *plan)
{
    server->writer = conn_new(&write_plan);
    struct committer_plan committer = {.backend = {server->writer, run, explain},
                                       .queue_max = (size_t)plan->queue,
                                       .batch_max = CALL_BATCH_MAX,
                                       .guests_max = GUESTS_BESIDE_MEMBERS,
                                       .members_ms = MEMBERS_MS};
    server->committer = committer_start(&committer);
}

static void make_plans(const struct server_plan *plan)
{
    snprintf(more, sizeof more, "%s%s", plan->has_limits ? "" : "-c parley.limits=off ", plan->has_images ? "" : "-c parley.images=off");
    const char *replica = *plan->database_read ? plan->database_read : plan->database;
    read_plan = (struct conn_plan){plan->database, "parley-api read", READ_TIMEOUT_MS, LOCK_TIMEOUT_MS, CONNECT_TIMEOUT_MS, more};
    write_plan = (struct conn_plan){plan->database, "parley-api write", WRITE_TIMEOUT_MS, LOCK_TIMEOUT_MS, CONNECT_TIMEOUT_MS, more};
    search_plan = (struct conn_plan){replica, "parley-api search", SEARCH_TIMEOUT_MS, LOCK_TIMEOUT_MS, CONNECT_TIMEOUT_MS, more};
    judge_plan = (struct conn_plan){plan->database, "parley-api judge", JUDGE_TIMEOUT_MS, LOCK_TIMEOUT_MS, CONNECT_TIMEOUT_MS, more};
    export_plan = (struct conn_plan){replica, "parley-api export", EXPORT_TIMEOUT_MS, LOCK_TIMEOUT_MS, CONNECT_TIMEOUT_MS, more};
}

static char *statement_of(const struct route *route)
{
    if (!route->function)
        return NULL;
    return route->way == ROUTE_EXPORT ? call_lines_statement(route->function, strchr(route->pattern, '{')) : call_statement(route->function);
}

struct server *server_start(const struct server_plan *plan)
{
    struct server *server = mem_zeroed(sizeof *server);
    make_plans(plan);
    server->reads = pool_new(&read_plan, (size_t)plan->connections);
    server->searches = pool_new(&search_plan, SEARCHES_AT_A_TIME);
    server->exports = pool_new(&export_plan, EXPORTS_AT_A_TIME);
    server->judges = pool_new(&judge_plan, JUDGES_AT_A_TIME);
    server->guard = guard_new();
    server->turns = turns_new();
    server->known = known_new();
    server->limits = plan->has_limits ? limits_new() : NULL;
    server->metrics = metrics_new(routes_count);
    server->statements = mem_zeroed(routes_count * sizeof *server->statements);
    for (size_t i = 0; i < routes_count; i++)
        server->statements[i] = statement_of(&routes[i]);
    server->hello = call_statement("hello");
    server->password_of = call_statement("password_of");
    server->my_password = call_statement("my_password");
    server->state = call_statement("get_state");
    server->judge = call_statement("judge");
    server->check_rule = call_statement("check_rule");
    server->ask_guard = call_statement("guard");
    server->use_session = call_statement("use_session");
    start_committer(server, plan);
    return server;
}

void server_stop(struct server *server)
{
    committer_stop(server->committer);
    conn_free(server->writer);
    pool_free(server->reads);
    pool_free(server->searches);
    pool_free(server->exports);
    pool_free(server->judges);
    guard_free(server->guard);
    turns_free(server->turns);
    known_free(server->known);
    if (server->limits)
        limits_free(server->limits);
    metrics_free(server->metrics);
    for (size_t i = 0; i < routes_count; i++)
        mem_free(server->statements[i]);
    mem_free(server->statements);
    mem_free(server->hello);
    mem_free(server->password_of);
    mem_free(server->my_password);
    mem_free(server->state);
    mem_free(server->judge);
    mem_free(server->check_rule);
    mem_free(server->ask_guard);
    mem_free(server->use_session);
    mem_free(server);
}

static void read_settings(struct server *server, const struct buf *hello)
{
    json_t *answer = json_loadb(hello->bytes, hello->length, 0, NULL);
    const json_t *limits = json_object_get(answer, "limits");
    json_int_t posts = json_integer_value(json_object_get(limits, "posts_per_minute"));
    json_int_t people = json_integer_value(json_object_get(limits, "people_per_address"));
    json_decref(answer);
    if (posts >= 1 && posts <= POSTS_PER_MINUTE_MAX && people >= 0 && people <= PEOPLE_PER_ADDRESS_MAX)
        limits_set_posts(server->limits, posts, people);
}

void server_keep_settings(struct server *server)
{
    int64_t now = clock_ms(), due = server->settings_due_ms;
    struct outcome outcome;
    if (!server->limits || now < due || !atomic_compare_exchange_strong(&server->settings_due_ms, &due, now + SETTINGS_FOR_MS))
        return;
    outcome_init(&outcome);
    pool_call(server->reads, server->hello, NULL, "{}", SERVER_PATIENCE_MS, &outcome);
    if (outcome.status == 200)
        read_settings(server, &outcome.body);
    outcome_free(&outcome);
}

void server_ask_guard(struct server *server)
{
    struct outcome outcome;
    outcome_init(&outcome);
    pool_call(server->reads, server->ask_guard, NULL, "{}", SERVER_PATIENCE_MS, &outcome);
    if (outcome.status == 200)
        guard_take(server->guard, buf_span(&outcome.body));
    outcome_free(&outcome);
}

void server_keep_guard(struct server *server)
{
    if (guard_is_due(server->guard, clock_ms()))
        server_ask_guard(server);
}

struct known_person server_person(struct server *server, const char *session, struct outcome *outcome)
{
    int64_t now_ms = clock_ms();
    struct known_person person = known_find(server->known, session, now_ms);
    if (person.id)
        return person;
    pool_call(server->reads, server->use_session, session, "{}", SERVER_PATIENCE_MS, outcome);
    if (outcome->status != 200)
        return person;
    json_t *answer = json_loadb(outcome->body.bytes, outcome->body.length, 0, NULL);
    person.id = json_integer_value(json_object_get(answer, "person"));
    person.is_guest = json_is_true(json_object_get(answer, "is_guest"));
    json_decref(answer);
    known_note(server->known, session, person, now_ms);
    return person;
}

void server_note_signed_in(struct server *server, const char *session, struct span answer)
{
    struct known_person person = known_of_sign_in(answer);
    if (person.id)
        known_note(server->known, session, person, clock_ms());
}

size_t server_route_number(const struct route *route)
{
    return route ? (size_t)(route - routes) : routes_count;
}

static void name_route(struct buf *out, size_t number)
{
    buf_printf(out, "%s %s", method_name(routes[number].method), routes[number].pattern);
}

void server_write_metrics(struct server *server, struct buf *out)
{
    struct metrics_sources sources = {.committer = committer_stats(server->committer),
                                      .pools = {{"reads", pool_stats(server->reads)},
                                                {"searches", pool_stats(server->searches)},
                                                {"exports", pool_stats(server->exports)},
                                                {"judges", pool_stats(server->judges)}},
                                      .committer_reconnects = conn_reconnects(server->writer)};
    metrics_write(server->metrics, &sources, name_route, out);
}
