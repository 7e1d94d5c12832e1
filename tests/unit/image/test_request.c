#include "image/request.h"
#include "image/reply.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define READ(request, ...) read_params((request), (const char *const[]){__VA_ARGS__, NULL})

static void read_params(struct request *request, const char *const *params)
{
    request_read(request, (char *const *)(uintptr_t)params);
}

static struct request read_line(const char *method, const char *uri)
{
    struct request request;
    READ(&request, method, uri);
    return request;
}

static void test_every_address(void **state)
{
    (void)state;
    struct request request = read_line("REQUEST_METHOD=POST", "REQUEST_URI=/api/uploads?alt=a%20cat");
    assert_int_equal(request.kind, REQUEST_UPLOAD);
    assert_true(span_is(request.query, "alt=a%20cat"));
    request = read_line("REQUEST_METHOD=GET", "REQUEST_URI=/api/uploads/12");
    assert_int_equal(request.kind, REQUEST_IMAGE);
    assert_int_equal(request.upload, 12);
    assert_false(request.is_thumb);
    request = read_line("REQUEST_METHOD=HEAD", "REQUEST_URI=/api/uploads/12/thumb");
    assert_int_equal(request.kind, REQUEST_IMAGE);
    assert_true(request.is_thumb && request.is_head);
    assert_int_equal(read_line("REQUEST_METHOD=GET", "REQUEST_URI=/metrics/image").kind, REQUEST_METRICS);
    assert_int_equal(read_line("REQUEST_METHOD=GET", "REQUEST_URI=/api/health/image").kind, REQUEST_HEALTH);
}

static void test_what_is_no_address(void **state)
{
    (void)state;
    static const char *const uris[] = {
        "REQUEST_URI=/api/uploads/0", "REQUEST_URI=/api/uploads/-1", "REQUEST_URI=/api/uploads/x", "REQUEST_URI=/api/uploads/12/other",
        "REQUEST_URI=/api/uploads/9007199254740992", "REQUEST_URI=/api/uploads/", "REQUEST_URI=/", "REQUEST_URI=",
    };
    for (size_t i = 0; i < sizeof uris / sizeof *uris; i++)
        assert_int_equal(read_line("REQUEST_METHOD=GET", uris[i]).kind, REQUEST_NOTHING);
}

static void test_a_wrong_method_is_told_the_right_one(void **state)
{
    (void)state;
    struct request request = read_line("REQUEST_METHOD=GET", "REQUEST_URI=/api/uploads");
    assert_int_equal(request.kind, REQUEST_WRONG_METHOD);
    assert_string_equal(request.allow, "POST");
    request = read_line("REQUEST_METHOD=DELETE", "REQUEST_URI=/api/uploads/12");
    assert_int_equal(request.kind, REQUEST_WRONG_METHOD);
    assert_string_equal(request.allow, "GET, HEAD");
}

static void test_only_nginx_gives_tasks(void **state)
{
    (void)state;
    struct request request;
    READ(&request, "REQUEST_METHOD=POST", "REQUEST_URI=/api/uploads", "PARLEY_TASK=check");
    assert_int_equal(request.kind, REQUEST_CHECK);
    READ(&request, "REQUEST_METHOD=GET", "REQUEST_URI=/api/uploads/3", "PARLEY_TASK=blob", "PARLEY_PART=thumb",
         "PARLEY_SHA256=0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef");
    assert_int_equal(request.kind, REQUEST_BLOB);
    assert_true(request.is_thumb);
    READ(&request, "REQUEST_METHOD=GET", "REQUEST_URI=/api/uploads/3", "PARLEY_TASK=blob", "PARLEY_SHA256=0123");
    assert_int_equal(request.kind, REQUEST_NOTHING);
    READ(&request, "REQUEST_METHOD=GET", "REQUEST_URI=/api/uploads/3", "HTTP_PARLEY_TASK=blob");
    assert_int_equal(request.kind, REQUEST_IMAGE);
}

static void test_a_bearer_wins_over_a_cookie(void **state)
{
    (void)state;
    struct request bearer, both, cookie, none;
    READ(&bearer, "HTTP_AUTHORIZATION=Bearer abc");
    READ(&both, "HTTP_COOKIE=parley=xyz", "HTTP_AUTHORIZATION=bearer  abc");
    READ(&cookie, "HTTP_COOKIE=other=1; parley=xyz", "HTTP_AUTHORIZATION=Basic abc");
    READ(&none, "HTTP_COOKIE=other=1");
    assert_string_equal(bearer.token, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_string_equal(both.token, bearer.token);
    assert_string_not_equal(cookie.token, bearer.token);
    assert_int_equal(strlen(cookie.token), 64);
    assert_string_equal(none.token, "");
}

static void test_only_a_cookie_can_come_from_another_site(void **state)
{
    (void)state;
    struct request request;
    READ(&request, "HTTP_COOKIE=parley=x", "HTTP_HOST=chat:8080", "HTTP_ORIGIN=http://chat:8080", "HTTP_SEC_FETCH_SITE=same-origin");
    assert_false(request.is_cross_site);
    READ(&request, "HTTP_COOKIE=parley=x", "HTTP_HOST=chat:8080", "HTTP_ORIGIN=http://chat:8081");
    assert_true(request.is_cross_site);
    READ(&request, "HTTP_COOKIE=parley=x", "HTTP_HOST=chat", "HTTP_ORIGIN=null");
    assert_true(request.is_cross_site);
    READ(&request, "HTTP_COOKIE=parley=x", "HTTP_HOST=chat", "HTTP_SEC_FETCH_SITE=cross-site");
    assert_true(request.is_cross_site);
    READ(&request, "HTTP_AUTHORIZATION=Bearer x", "HTTP_COOKIE=parley=x", "HTTP_HOST=chat", "HTTP_ORIGIN=http://evil");
    assert_false(request.is_cross_site);
}

static void test_a_refused_upload_is_told_to_nginx_in_headers(void **state)
{
    (void)state;
    struct buf out = {0};
    struct outcome outcome;
    outcome_init(&outcome);
    outcome_problem(&outcome, 429, "slow_down", "Wait.", "{\"retry_after\":7}");
    reply_add_check(&out, &outcome);
    assert_string_equal(buf_text(&out), "Status: 403\r\nX-Parley-Status: 429\r\nX-Parley-Problem: "
                        "{\"status\":429,\"code\":\"slow_down\",\"title\":\"Wait.\",\"detail\":\"`retry_after`, like the header `Retry-After`, says in how many seconds to try again.\",\"retry_after\":7}\r\nX-Parley-Retry: 7\r\n\r\n");
    buf_clear(&out);
    outcome_clear(&outcome);
    outcome.status = 204;
    reply_add_check(&out, &outcome);
    assert_string_equal(buf_text(&out), "Status: 204\r\n\r\n");
    outcome_free(&outcome);
    buf_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_address),
        cmocka_unit_test(test_what_is_no_address),
        cmocka_unit_test(test_a_wrong_method_is_told_the_right_one),
        cmocka_unit_test(test_only_nginx_gives_tasks),
        cmocka_unit_test(test_a_bearer_wins_over_a_cookie),
        cmocka_unit_test(test_only_a_cookie_can_come_from_another_site),
        cmocka_unit_test(test_a_refused_upload_is_told_to_nginx_in_headers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
