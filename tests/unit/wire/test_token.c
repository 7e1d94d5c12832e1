#include "wire/token.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void assert_token(const char *authorization, const char *cookie, enum token_source source, const char *expected)
{
    struct span token;
    assert_int_equal(token_find(span_of(authorization), span_of(cookie), &token), source);
    assert_true(span_is(token, expected));
}

static void test_a_bearer_wins_over_a_cookie(void **state)
{
    (void)state;
    assert_token("Bearer abc", "", TOKEN_BEARER, "abc");
    assert_token("bearer  abc", "parley=xyz", TOKEN_BEARER, "abc");
    assert_token("", "other=1; parley=xyz", TOKEN_COOKIE, "xyz");
    assert_token("Basic abc", "parley=xyz", TOKEN_COOKIE, "xyz");
    assert_token("", "other=1", TOKEN_NONE, "");
    assert_token("", "parley=", TOKEN_NONE, "");
}

static void test_a_bearer_of_nothing_is_not_the_cookie_s_owner(void **state)
{
    (void)state;
    assert_token("Bearer", "parley=xyz", TOKEN_BEARER, "");
    assert_token("Bearer ", "parley=xyz", TOKEN_BEARER, "");
}

static void test_no_more_of_a_token_is_looked_at_than_one_can_have(void **state)
{
    char header[2 * TOKEN_MAX] = "Bearer ";
    struct span token;
    (void)state;
    memset(header + 7, 'a', sizeof header - 8);
    assert_int_equal(token_find(span_of(header), span_of(""), &token), TOKEN_BEARER);
    assert_int_equal(token.length, TOKEN_MAX);
}

static void test_the_hash_is_sha_256_in_hex(void **state)
{
    char hash[TOKEN_HASH_SIZE];
    (void)state;
    token_hash(hash, span_of("abc"));
    assert_string_equal(hash, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_bearer_wins_over_a_cookie),
        cmocka_unit_test(test_a_bearer_of_nothing_is_not_the_cookie_s_owner),
        cmocka_unit_test(test_no_more_of_a_token_is_looked_at_than_one_can_have),
        cmocka_unit_test(test_the_hash_is_sha_256_in_hex),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
