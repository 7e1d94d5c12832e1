/* One request after another through exchange_answer(), with doubles for what it asks: what was asked is written down. */
#include "api/exchange.h"
#include "api/password.h"
#include "base/clock.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static struct {
    char asked[1000];     /* "pool FUNCTION-NUMBER TOKEN ARGS" or the text of the committer's call */
    int status;
    const char *body;
    bool may_repeat, loses_calls; /* the latter: the connection breaks in the middle of what is committed */
    enum committer_lane lane;
} database;

static void answer(struct outcome *outcome)
{
    outcome_clear(outcome);
    outcome->status = database.status;
    buf_add_text(&outcome->body, database.body);
}

void pool_call(struct pool *pool, const char *statement, const char *token, const char *args, int patience_ms, struct outcome *outcome)
{
    (void)pool, (void)patience_ms;
    snprintf(database.asked, sizeof database.asked, "%s %.4s %s", statement, token ? token : "none", args);
    answer(outcome);
}

bool pool_lines(struct pool *pool, const char *statement, const char *token, const char *id, conn_taker *taker,
                void *owner, struct outcome *outcome)
{
    (void)pool;
    snprintf(database.asked, sizeof database.asked, "%s %.4s %s", statement, token, id ? id : "-");
    if (database.status == 200)
        return taker(owner, span_of("{\"a\":1}")) && taker(owner, span_of("{\"b\":2}"));
    answer(outcome);
    return false;
}

void committer_call_init(struct committer_call *call) { *call = (struct committer_call){.text = NULL}; }
void committer_call_free(struct committer_call *call) { (void)call; }
void committer_run(struct committer *committer, struct committer_call *call)
{
    (void)committer;
    snprintf(database.asked, sizeof database.asked, "%.*s", (int)call->text_length, call->text);
    database.may_repeat = call->may_repeat;
    database.lane = call->lane;
    answer(call->outcome);
    if (database.loses_calls)
        outcome_problem(call->outcome, 503, "outcome_unknown", "Nobody knows.", "");
}

size_t server_route_number(const struct route *route) { return (size_t)(route - routes); }
void server_keep_settings(struct server *server) { (void)server; }
void server_keep_guard(struct server *server) { (void)server; }
void server_ask_guard(struct server *server) { (void)server; }

/* Who was noted last as having signed in. */
static struct {
    char session[TOKEN_HASH_SIZE], answer[256];
} signed_in;

void server_note_signed_in(struct server *server, const char *session, struct span answer)
{
    (void)server;
    snprintf(signed_in.session, sizeof signed_in.session, "%s", session);
    snprintf(signed_in.answer, sizeof signed_in.answer, "%.*s", (int)answer.length, answer.at);
}

/* `abc` and `abd` are of one person, `x` is nobody's, of `away` the database does not say whose it is, all else is a guest's. */
struct known_person server_person(struct server *server, const char *session, struct outcome *outcome)
{
    (void)server;
    bool is_anas = !strncmp(session, "ba78", 4) || !strncmp(session, "a52d", 4);
    if (strncmp(session, "2d71", 4) == 0)
        outcome_problem(outcome, 401, "no_session", "Sign in first.", "");
    if (strncmp(session, "378c", 4) == 0)
        outcome_unavailable(outcome);
    return outcome->status ? (struct known_person){0} : is_anas ? (struct known_person){7, false} : (struct known_person){8, true};
}

void server_write_metrics(struct server *server, struct buf *out) { (void)server, buf_add_text(out, "parley 1\n"); }

static struct exchange exchange;
static struct buf head, sunk;
static char *statements[200];
static struct server server = {.statements = statements};

static bool sink(void *owner, struct span piece)
{
    (void)owner;
    buf_add_span(&sunk, piece);
    return true;
}

static int begin(void **state)
{
    (void)state;
    for (size_t i = 0; i < routes_count; i++)
        statements[i] = (char *)(uintptr_t)routes[i].function;
    server.guard = guard_new();
    exchange_init(&exchange, &server, (struct exchange_sink){NULL, sink});
    database.status = 200;
    database.body = "{\"x\" : 1}";
    database.loses_calls = false;
    *database.asked = '\0';
    return 0;
}

static int end(void **state)
{
    (void)state;
    exchange_free(&exchange);
    guard_free(server.guard);
    buf_free(&head);
    buf_free(&sunk);
    return 0;
}

/* Asks; "METHOD URI", a body, and further parameters up to NULL. Gives the status. */
static int ask(const char *method, const char *uri, const char *body, const char *const *more)
{
    static char lines[2][500];
    char *params[12] = {lines[0], lines[1]};
    snprintf(lines[0], sizeof lines[0], "REQUEST_METHOD=%s", method);
    snprintf(lines[1], sizeof lines[1], "REQUEST_URI=%s", uri);
    for (int i = 0; more[i]; i++)
        params[2 + i] = (char *)(uintptr_t)more[i];
    exchange_begin(&exchange);
    request_read(&exchange.request, params);
    buf_add_text(&exchange.body, body);
    exchange_answer(&exchange);
    buf_clear(&head);
    exchange_add_head(&exchange, &head);
    return exchange.outcome.status;
}

#define ASK(method, uri, body, ...) ask(method, uri, body, (const char *const[]){__VA_ARGS__ __VA_OPT__(,) NULL})
#define JSON "CONTENT_TYPE=application/json"
#define ME "HTTP_AUTHORIZATION=Bearer abc" /* its hash begins with ba78 */
#define COOKIE "HTTP_COOKIE=parley=abc"

static void assert_body_holds(const char *text)
{
    if (!strstr(buf_text(&exchange.outcome.body), text))
        fail_msg("no %s in %s", text, buf_text(&exchange.outcome.body));
}

static void assert_head_holds(const char *text)
{
    if (!strstr(buf_text(&head), text))
        fail_msg("no %s in %s", text, buf_text(&head));
}

static void test_a_read_is_asked_with_the_token_and_the_arguments(void **state)
{
    (void)state;
    assert_int_equal(ASK("GET", "/api/rooms/7/messages?limit=3&before=9", "", ME), 200);
    assert_string_equal(database.asked, "list_messages ba78 {\"room\":7,\"before\":9,\"limit\":3}");
    assert_head_holds("Status: 200 OK\r\n");
    assert_head_holds("Cache-Control: no-store\r\n");
    assert_head_holds("Content-Type: application/json\r\nContent-Length: 9\r\n");
}

static void test_a_post_without_a_client_id_gets_one_and_may_be_repeated(void **state)
{
    (void)state;
    database.status = 201;
    assert_int_equal(ASK("POST", "/api/rooms/7/messages", "{\"text\":\"hi\"}", ME, JSON), 201);
    assert_non_null(strstr(database.asked, "\"args\":{\"room\":7,\"text\":\"hi\",\"client_id\":\""));
    assert_true(database.may_repeat);
    ASK("POST", "/api/rooms/7/messages", "{\"text\":\"hi\",\"client_id\":\"8e4392bf-c1f4-490d-bf9d-196dbc3f18bd\"}", ME, JSON);
    assert_non_null(strstr(database.asked, "\"text\":\"hi\",\"client_id\":\"8e4392bf-c1f4-490d-bf9d-196dbc3f18bd\"}"));
}

static void test_plain_text_is_a_message(void **state)
{
    (void)state;
    ASK("POST", "/api/rooms/7/messages", "a\r\n\"b\"", ME, "CONTENT_TYPE=text/plain; charset=utf-8");
    assert_non_null(strstr(database.asked, "\"text\":\"a\\n\\\"b\\\"\""));
    assert_int_equal(ASK("PATCH", "/api/messages/7", "text", ME, "CONTENT_TYPE=text/plain"), 415);
}

static void test_what_makes_something_else_each_time_is_not_repeated(void **state)
{
    (void)state;
    ASK("POST", "/api/rooms", "{\"kind\":\"group\",\"name\":\"x\"}", ME, JSON);
    assert_false(database.may_repeat);
    database.may_repeat = true;
    ASK("POST", "/api/me/upgrade", "{\"password\":\"correct horse\"}", ME, JSON);  /* would be no guest any more */
    assert_non_null(strstr(database.asked, "upgrade_me"));
    assert_false(database.may_repeat);
}

static void test_a_wrong_password_is_counted_once_and_nobody_is_told_that_it_may_have_been_right(void **state)
{
    (void)state;
    database.may_repeat = true;
    database.loses_calls = true;
    database.body = "{\"hash\":null}";
    assert_int_equal(ASK("POST", "/api/session", "{\"name\":\"ana\",\"password\":\"wrong\"}", JSON), 503);
    assert_non_null(strstr(database.asked, "note_wrong_password"));
    assert_false(database.may_repeat);
    assert_body_holds("\"code\":\"unavailable\"");
}

static void test_members_do_not_wait_for_guests_and_those_who_sign_in(void **state)
{
    (void)state;
    ASK("POST", "/api/rooms/7/messages", "{\"text\":\"hi\"}", "HTTP_AUTHORIZATION=Bearer guest", JSON);
    assert_int_equal(database.lane, COMMITTER_GUESTS);
    ASK("POST", "/api/rooms/7/messages", "{\"text\":\"hi\"}", ME, JSON);
    assert_int_equal(database.lane, COMMITTER_MEMBERS);
    ASK("POST", "/api/session/guest", "{\"name\":\"me\"}", ME, JSON);
    assert_int_equal(database.lane, COMMITTER_GUESTS);
}

static void test_unknown_addresses_and_methods(void **state)
{
    (void)state;
    assert_int_equal(ASK("GET", "/api/nothing", "", ME), 404);
    assert_int_equal(ASK("GET", "/api/rooms/x", "", ME), 404);
    assert_int_equal(ASK("PUT", "/api/hello", ""), 405);
    assert_head_holds("Allow: GET, HEAD\r\n");
    assert_head_holds("Content-Type: application/problem+json\r\n");
    assert_string_equal(database.asked, "");
}

static void test_without_a_session_nothing_is_asked(void **state)
{
    (void)state;
    assert_int_equal(ASK("GET", "/api/state", ""), 401);
    assert_body_holds("no_session");
    assert_string_equal(database.asked, "");
    assert_int_equal(ASK("GET", "/api/hello", ""), 200);
    assert_string_equal(database.asked, "hello none {}");
}

static void test_a_session_that_is_none_ends_there(void **state)
{
    (void)state;
    assert_int_equal(ASK("GET", "/api/state", "", "HTTP_AUTHORIZATION=Bearer x"), 401);
    assert_string_equal(database.asked, "");
    assert_int_equal(ASK("GET", "/api/hello", "", "HTTP_AUTHORIZATION=Bearer x"), 200);
    assert_string_equal(database.asked, "hello 2d71 {}");
}

static void test_other_sites_cannot_use_the_cookie(void **state)
{
    (void)state;
    const char *evil = "HTTP_ORIGIN=https://evil.example", *host = "HTTP_HOST=chat.example";
    assert_int_equal(ASK("POST", "/api/rooms/1/join", "", COOKIE, evil, host), 403);
    assert_body_holds("cross_site");
    assert_int_equal(ASK("POST", "/api/rooms/1/join", "", ME, evil, host), 200);
    assert_int_equal(ASK("GET", "/api/state", "", COOKIE, evil, host), 200);
    assert_int_equal(ASK("POST", "/api/rooms/1/join", "", COOKIE, host), 200);
}

static void test_other_sites_cannot_sign_somebody_in(void **state)
{
    (void)state;
    assert_int_equal(ASK("POST", "/api/session/guest", "{\"name\":\"x\"}", JSON, "HTTP_SEC_FETCH_SITE=cross-site"), 403);
    assert_string_equal(database.asked, "");
}

static void test_signing_in_gives_token_and_cookie_once(void **state)
{
    (void)state;
    database.status = 201;
    database.body = "{\"user\" : {}}";
    assert_int_equal(ASK("POST", "/api/session/guest", "{\"name\":\"ana\"}", JSON, COOKIE, "REMOTE_ADDR=192.0.2.1", "HTTP_USER_AGENT=curl"), 201);
    assert_non_null(strstr(database.asked, "\"token\":null,\"args\":{\"name\":\"ana\",\"address\":\"192.0.2.1\",\"agent\":\"curl\",\"new_token\":\""));
    assert_body_holds(exchange.new_token);
    assert_string_equal(signed_in.session, exchange.new_session);
    assert_string_equal(signed_in.answer, database.body);
    assert_null(strstr(database.asked, exchange.new_token));
    assert_head_holds("Set-Cookie: parley=");
    *signed_in.session = '\0';
    database.status = 403;
    database.body = "{}";
    assert_int_equal(ASK("POST", "/api/session/guest", "{\"name\":\"ana\"}", JSON), 403);
    assert_string_equal(signed_in.session, "");
    assert_null(strstr(buf_text(&head), "Set-Cookie"));
}

static void test_signing_out_takes_the_cookie_away(void **state)
{
    (void)state;
    database.status = 204;
    database.body = "";
    assert_int_equal(ASK("DELETE", "/api/session", "", COOKIE), 204);
    assert_head_holds("Set-Cookie: parley=; Path=/; Max-Age=0");
    assert_null(strstr(buf_text(&head), "Content-"));
}

static void test_bodies_that_are_no_json_objects(void **state)
{
    (void)state;
    assert_int_equal(ASK("PATCH", "/api/me", "{", ME, JSON), 400);
    assert_body_holds("bad_json");
    assert_int_equal(ASK("PATCH", "/api/me", "[]", ME, JSON), 422);
    assert_int_equal(ASK("PATCH", "/api/me", "{\"name\":\"\xff\"}", ME, JSON), 422);
    assert_int_equal(ASK("PATCH", "/api/me", "{\"name\":\"\\ud800\"}", ME, JSON), 422);
    assert_int_equal(ASK("PATCH", "/api/me", "{\"name\":1e999}", ME, JSON), 422);
    assert_int_equal(ASK("PATCH", "/api/me", "{}", ME, "CONTENT_TYPE=text/html"), 415);
    assert_int_equal(ASK("PATCH", "/api/me", "{}", ME), 415);
    assert_string_equal(database.asked, "");
    assert_int_equal(ASK("POST", "/api/rooms/1/join", "", ME), 200);
}

static void test_bodies_too_large_or_cut_short(void **state)
{
    (void)state;
    const enum exchange_body states[] = {EXCHANGE_BODY_TOO_LARGE, EXCHANGE_BODY_CUT_SHORT};
    const int expected[] = {413, 400};
    for (int i = 0; i < 2; i++) {
        exchange_begin(&exchange);
        request_read(&exchange.request, (char *const *)(uintptr_t)(const char *const[]){"REQUEST_METHOD=PATCH", "REQUEST_URI=/api/me", ME, JSON, NULL});
        exchange.body_state = states[i];
        exchange_answer(&exchange);
        assert_int_equal(exchange.outcome.status, expected[i]);
    }
    assert_string_equal(database.asked, "");
}

static void test_faults_are_named_by_field(void **state)
{
    (void)state;
    assert_int_equal(ASK("POST", "/api/rooms", "{\"kind\":\"cave\",\"members\":[0]}", ME, JSON), 422);
    assert_body_holds("\"code\":\"invalid\"");
    assert_body_holds("\"fields\":{\"kind\":\"");
    assert_body_holds("\"name\":\"must be given\"");
    assert_body_holds("\"members\":\"");
}

static void test_when_to_come_back_is_a_header_too(void **state)
{
    (void)state;
    database.status = 429;
    database.body = "{\"code\": \"slow_down\", \"retry_after\": 7}";
    assert_int_equal(ASK("GET", "/api/state", "", ME), 429);
    assert_head_holds("Retry-After: 7\r\n");
    database.status = 503;
    database.body = "{}";
    assert_int_equal(ASK("GET", "/api/state", "", ME), 503);
    assert_head_holds("Retry-After: 1\r\n");
}

static void test_health_says_what_is_wrong(void **state)
{
    (void)state;
    database.body = "{\"log_head\" : 5}";
    assert_int_equal(ASK("GET", "/api/health", ""), 200);
    assert_body_holds("{\"status\":\"ok\",\"version\":\"");
    database.status = 503;
    assert_int_equal(ASK("GET", "/api/health", ""), 503);
    assert_body_holds("PostgreSQL does not answer");
}

static void test_metrics_are_plain_text(void **state)
{
    (void)state;
    assert_int_equal(ASK("GET", "/metrics/api", ""), 200);
    assert_head_holds("Content-Type: text/plain; version=0.0.4; charset=utf-8\r\n");
    assert_string_equal(database.asked, "");
}

static void test_an_export_is_sent_line_by_line(void **state)
{
    (void)state;
    assert_int_equal(ASK("GET", "/api/rooms/7/export", "", ME), 200);
    assert_string_equal(database.asked, "export_room ba78 7");
    assert_true(exchange.is_streamed && !exchange.is_broken);
    const char *text = buf_text(&sunk);
    assert_non_null(strstr(text, "Content-Type: application/x-ndjson\r\n"));
    assert_null(strstr(text, "Content-Length"));
    assert_non_null(strstr(text, "\r\n\r\n{\"a\":1}\n{\"b\":2}\n"));
}

static void test_a_refused_export_is_a_problem(void **state)
{
    (void)state;
    database.status = 403;
    database.body = "{\"code\":\"not_an_owner\"}";
    assert_int_equal(ASK("GET", "/api/rooms/7/export", "", ME), 403);
    assert_false(exchange.is_streamed);
    assert_head_holds("application/problem+json");
}

static void test_nothing_of_one_request_is_left_in_the_next(void **state)
{
    (void)state;
    ASK("POST", "/api/rooms", "{\"kind\":\"cave\"}", ME, JSON);
    assert_int_equal(ASK("GET", "/api/me", "", ME), 200);
    assert_string_equal(database.asked, "get_me ba78 {}");
    assert_string_equal(buf_text(&exchange.outcome.body), "{\"x\" : 1}");
    assert_int_equal(ASK("GET", "/api/hello", ""), 200);
    assert_string_equal(database.asked, "hello none {}");
}

static void test_too_fast_is_refused_before_anything_is_asked(void **state)
{
    (void)state;
    server.limits = limits_new();
    limits_set_posts(server.limits, 1, 100);
    assert_int_equal(ASK("POST", "/api/rooms/1/messages", "{\"text\":\"a\"}", ME, JSON), 200);
    *database.asked = '\0';
    assert_int_equal(ASK("POST", "/api/rooms/1/messages", "{\"text\":\"b\"}", ME, JSON), 429);
    assert_head_holds("Retry-After: 6");
    assert_string_equal(database.asked, "");
    assert_int_equal(ASK("POST", "/api/rooms/1/messages", "{\"text\":\"b\"}", "HTTP_AUTHORIZATION=Bearer abd", JSON), 429);
    assert_int_equal(ASK("POST", "/api/rooms/1/messages", "{\"text\":\"b\"}", "HTTP_AUTHORIZATION=Bearer other", JSON), 200);
    limits_free(server.limits);
    server.limits = NULL;
}

static void test_those_of_whom_nobody_knows_who_they_are_do_not_wait_for_each_other(void **state)
{
    (void)state;
    guard_take(server.guard, span_of("{\"judges\":true,\"networks\":[]}"));
    server.turns = turns_new();
    assert_true(turns_take(server.turns, 0, clock_ms()));
    assert_int_equal(ASK("POST", "/api/rooms", "{\"kind\":\"group\",\"name\":\"g\"}", "HTTP_AUTHORIZATION=Bearer away", JSON), 200);
    assert_int_equal(ASK("POST", "/api/rooms", "{\"kind\":\"group\",\"name\":\"g\"}", "HTTP_AUTHORIZATION=Bearer away", JSON), 200);
    turns_give_back(server.turns, 0);
    turns_free(server.turns);
    server.turns = NULL;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_a_read_is_asked_with_the_token_and_the_arguments),
        TEST(test_a_post_without_a_client_id_gets_one_and_may_be_repeated),
        TEST(test_plain_text_is_a_message),
        TEST(test_what_makes_something_else_each_time_is_not_repeated),
        TEST(test_a_wrong_password_is_counted_once_and_nobody_is_told_that_it_may_have_been_right),
        TEST(test_members_do_not_wait_for_guests_and_those_who_sign_in),
        TEST(test_unknown_addresses_and_methods),
        TEST(test_without_a_session_nothing_is_asked),
        TEST(test_a_session_that_is_none_ends_there),
        TEST(test_other_sites_cannot_use_the_cookie),
        TEST(test_other_sites_cannot_sign_somebody_in),
        TEST(test_signing_in_gives_token_and_cookie_once),
        TEST(test_signing_out_takes_the_cookie_away),
        TEST(test_bodies_that_are_no_json_objects),
        TEST(test_bodies_too_large_or_cut_short),
        TEST(test_faults_are_named_by_field),
        TEST(test_when_to_come_back_is_a_header_too),
        TEST(test_health_says_what_is_wrong),
        TEST(test_metrics_are_plain_text),
        TEST(test_an_export_is_sent_line_by_line),
        TEST(test_a_refused_export_is_a_problem),
        TEST(test_nothing_of_one_request_is_left_in_the_next),
        TEST(test_too_fast_is_refused_before_anything_is_asked),
        TEST(test_those_of_whom_nobody_knows_who_they_are_do_not_wait_for_each_other),
    };
    if (sodium_init() < 0)
        return 1;
    password_start();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
