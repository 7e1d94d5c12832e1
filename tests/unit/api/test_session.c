#include "api/request.h"
#include "api/session.h"

#include <stdio.h>
#include <string.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static struct request request_of(const char *const *params)
{
    struct request request;
    request_read(&request, (char *const *)(uintptr_t)params);
    return request;
}

#define REQUEST(...) request_of((const char *const[]){__VA_ARGS__, NULL})

static void test_parameters_become_a_request(void **state)
{
    (void)state;
    struct request request = REQUEST("REQUEST_METHOD=HEAD", "REQUEST_URI=/api/x?a=1?b", "CONTENT_TYPE=application/json ; charset=utf-8",
                                     "CONTENT_LENGTH=12", "HTTPS=on", "REMOTE_ADDR=::1", "UNKNOWN=1", "NOVALUE");
    assert_int_equal(request.method, METHOD_GET);
    assert_true(request.is_head && request.is_https);
    assert_true(span_is(request.path, "/api/x") && span_is(request.query, "a=1?b"));
    assert_true(span_is(request.content_type, "application/json"));
    assert_int_equal(request.content_length, 12);
    assert_true(span_is(request.address, "::1"));
    assert_int_equal(request.cookie.length, 0);
}

static void test_odd_parameters_do_no_harm(void **state)
{
    (void)state;
    assert_int_equal(REQUEST("REQUEST_METHOD=get").method, METHOD_OTHER);
    assert_int_equal(REQUEST("REQUEST_METHOD=BREW").method, METHOD_OTHER);
    assert_int_equal(REQUEST("CONTENT_LENGTH=-5").content_length, -1);
    assert_int_equal(REQUEST("CONTENT_LENGTH=5x").content_length, -1);
    assert_int_equal(REQUEST("CONTENT_LENGTH=99999999999999999999").content_length, -1);
    assert_int_equal(REQUEST("CONTENT_LENGTH=").content_length, 0);
}

static void test_a_bearer_token_wins_over_a_cookie(void **state)
{
    (void)state;
    char by_bearer[TOKEN_HASH_SIZE], by_cookie[TOKEN_HASH_SIZE], by_both[TOKEN_HASH_SIZE];
    struct request bearer = REQUEST("HTTP_AUTHORIZATION=bearer  abc");
    struct request cookie = REQUEST("HTTP_COOKIE=parley=def");
    struct request both = REQUEST("HTTP_AUTHORIZATION=Bearer abc", "HTTP_COOKIE=parley=def");
    assert_int_equal(session_find(&bearer, by_bearer), TOKEN_BEARER);
    assert_int_equal(session_find(&cookie, by_cookie), TOKEN_COOKIE);
    assert_int_equal(session_find(&both, by_both), TOKEN_BEARER);
    assert_string_equal(by_bearer, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_string_equal(by_both, by_bearer);
    assert_string_not_equal(by_cookie, by_bearer);
}

static void test_without_a_token_it_is_nobody(void **state)
{
    (void)state;
    char hash[TOKEN_HASH_SIZE];
    struct request none = REQUEST("REQUEST_METHOD=GET"), basic = REQUEST("HTTP_AUTHORIZATION=Basic abc"), empty = REQUEST("HTTP_COOKIE=parley=");
    assert_int_equal(session_find(&none, hash), TOKEN_NONE);
    assert_string_equal(hash, "");
    assert_int_equal(session_find(&basic, hash), TOKEN_NONE);
    assert_int_equal(session_find(&empty, hash), TOKEN_NONE);
    struct request basic_and_cookie = REQUEST("HTTP_AUTHORIZATION=Basic abc", "HTTP_COOKIE=parley=x");
    assert_int_equal(session_find(&basic_and_cookie, hash), TOKEN_COOKIE);
}

static void assert_site(bool is_cross, const char *origin, const char *host, const char *fetch_site)
{
    char params[3][100];
    snprintf(params[0], sizeof params[0], "HTTP_ORIGIN=%s", origin);
    snprintf(params[1], sizeof params[1], "HTTP_HOST=%s", host);
    snprintf(params[2], sizeof params[2], "HTTP_SEC_FETCH_SITE=%s", fetch_site);
    struct request request = REQUEST(params[0], params[1], params[2]);
    assert_int_equal(session_is_cross_site(&request), is_cross);
}

static void test_only_the_same_host_and_port_is_the_same_site(void **state)
{
    (void)state;
    assert_site(false, "", "chat.example", "");
    assert_site(false, "https://chat.example", "chat.example", "same-origin");
    assert_site(false, "http://Chat.example:8080", "chat.example:8080", "");
    assert_site(false, "", "chat.example", "none");
    assert_site(true, "http://chat.example:8081", "chat.example:8080", "");
    assert_site(true, "http://chat.example", "chat.example:8080", "");
    assert_site(true, "https://evil.example", "chat.example", "");
    assert_site(true, "https://chat.example.evil", "chat.example", "");
    assert_site(true, "null", "chat.example", "");
    assert_site(true, "chat.example", "chat.example", "");
    assert_site(true, "", "chat.example", "cross-site");
    assert_site(true, "https://chat.example", "chat.example", "same-site");
    assert_site(true, "https://", "chat.example", "");
}

static void test_cookies_are_out_of_reach_of_scripts(void **state)
{
    (void)state;
    struct buf head;
    buf_init(&head, 0);
    session_add_cookie(&head, "t", true);
    assert_string_equal(buf_text(&head), "Set-Cookie: parley=t; Path=/; Max-Age=34560000; HttpOnly; SameSite=Lax; Secure\r\n");
    buf_clear(&head);
    session_add_cookie_end(&head, false);
    assert_string_equal(buf_text(&head), "Set-Cookie: parley=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax\r\n");
    buf_free(&head);
}

static void test_drawn_tokens_are_found_again_and_differ(void **state)
{
    (void)state;
    char token[2][ENCODE_TOKEN_SIZE], hash[2][TOKEN_HASH_SIZE], found[TOKEN_HASH_SIZE], header[100];
    session_draw(token[0], hash[0]);
    session_draw(token[1], hash[1]);
    assert_string_not_equal(token[0], token[1]);
    snprintf(header, sizeof header, "HTTP_COOKIE=parley=%s", token[0]);
    struct request request = REQUEST(header);
    session_find(&request, found);
    assert_string_equal(found, hash[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parameters_become_a_request),
        cmocka_unit_test(test_odd_parameters_do_no_harm),
        cmocka_unit_test(test_a_bearer_token_wins_over_a_cookie),
        cmocka_unit_test(test_without_a_token_it_is_nobody),
        cmocka_unit_test(test_only_the_same_host_and_port_is_the_same_site),
        cmocka_unit_test(test_cookies_are_out_of_reach_of_scripts),
        cmocka_unit_test(test_drawn_tokens_are_found_again_and_differ),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
