#include "wire/site.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static bool is_foreign(const char *origin, const char *fetch_site, const char *host)
{
    return site_is_foreign(span_of(origin), span_of(fetch_site), span_of(host));
}

static void test_the_origin_must_have_our_host_and_port(void **state)
{
    (void)state;
    assert_false(is_foreign("http://chat.example:8080", "", "chat.example:8080"));
    assert_false(is_foreign("https://Chat.Example", "", "chat.example"));
    assert_true(is_foreign("http://chat.example", "", "chat.example:8080"));
    assert_true(is_foreign("http://chat.example:8080.evil.example", "", "chat.example:8080"));
    assert_true(is_foreign("http://evil.example/?http://chat.example", "", "chat.example"));
    assert_true(is_foreign("null", "", "chat.example"));
}

static void test_what_the_browser_says_of_the_site_counts(void **state)
{
    (void)state;
    assert_true(is_foreign("http://chat.example", "cross-site", "chat.example"));
    assert_true(is_foreign("", "same-site", "chat.example"));
    assert_false(is_foreign("", "same-origin", "chat.example"));
    assert_false(is_foreign("", "none", "chat.example"));
    assert_false(is_foreign("", "", "chat.example"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_origin_must_have_our_host_and_port),
        cmocka_unit_test(test_what_the_browser_says_of_the_site_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
