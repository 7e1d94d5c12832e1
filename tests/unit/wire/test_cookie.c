#include "wire/cookie.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void assert_cookie(const char *header, const char *expected)
{
    struct span value;
    bool is_there = cookie_find(span_of(header), "parley", &value);
    if (!expected) {
        assert_false(is_there);
        return;
    }
    assert_true(is_there);
    assert_true(span_is(value, expected));
}

static void test_finds_its_cookie_among_others(void **state)
{
    (void)state;
    assert_cookie("parley=abc", "abc");
    assert_cookie("a=1; parley=abc; b=2", "abc");
    assert_cookie("a=1;parley = abc ;b", "abc");
    assert_cookie("parley=\"abc\"", "abc");
    assert_cookie("parley=a=b", "a=b");
    assert_cookie("parley=", "");
    assert_cookie("parley=first; parley=second", "first");
}

static void test_is_not_fooled_by_other_names(void **state)
{
    (void)state;
    assert_cookie("", NULL);
    assert_cookie("parley", "");
    assert_cookie("xparley=1; parleyx=2; Parley=3", NULL);
    assert_cookie("a=parley=1", NULL);
    assert_cookie(";;;=;", NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_finds_its_cookie_among_others),
        cmocka_unit_test(test_is_not_fooled_by_other_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
