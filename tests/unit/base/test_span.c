#include "base/span.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void test_cut_takes_what_stands_before(void **state)
{
    (void)state;
    struct span rest = span_of("a;;b");
    assert_true(span_is(span_cut(&rest, ';'), "a"));
    assert_true(span_is(span_cut(&rest, ';'), ""));
    assert_true(span_is(span_cut(&rest, ';'), "b"));
    assert_int_equal(rest.length, 0);
    assert_true(span_is(span_cut(&rest, ';'), ""));
}

static void test_skip_takes_off_the_front(void **state)
{
    (void)state;
    struct span rest = span_of("abc"), nothing = {0};
    span_skip(&rest, 2);
    assert_true(span_is(rest, "c"));
    span_skip(&rest, 1);
    assert_true(span_is(rest, ""));
    span_skip(&nothing, 0);
    assert_null(nothing.at);
}

static void test_trim_takes_off_both_ends_and_never_nul(void **state)
{
    (void)state;
    assert_true(span_is(span_trim(span_of(" \t a b \t"), " \t"), "a b"));
    assert_true(span_is(span_trim(span_of("  "), " "), ""));
    assert_true(span_is(span_trim((struct span){0}, " "), ""));
    struct span with_nul = {"\0a\0", 3};
    assert_int_equal(span_trim(with_nul, " ").length, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cut_takes_what_stands_before),
        cmocka_unit_test(test_skip_takes_off_the_front),
        cmocka_unit_test(test_trim_takes_off_both_ends_and_never_nul),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
