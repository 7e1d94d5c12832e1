#include "wire/form.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void test_integers(void **state)
{
    (void)state;
    int64_t n;
    assert_true(form_integer(span_of("0"), &n) && n == 0);
    assert_true(form_integer(span_of("-12"), &n) && n == -12);
    assert_true(form_integer(span_of("9223372036854775807"), &n) && n == INT64_MAX);
    const char *others[] = {"", "-", "+1", " 1", "1 ", "1.0", "1e3", "0x1", "9223372036854775808", "99999999999999999999999"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        assert_false(form_integer(span_of(others[i]), &n));
}

static void test_flags_are_1_true_0_and_false(void **state)
{
    (void)state;
    bool flag;
    assert_true(form_flag(span_of("1"), &flag) && flag);
    assert_true(form_flag(span_of("true"), &flag) && flag);
    assert_true(form_flag(span_of("0"), &flag) && !flag);
    assert_true(form_flag(span_of("false"), &flag) && !flag);
    const char *others[] = {"", "yes", "True", "01", "2", "true "};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        assert_false(form_flag(span_of(others[i]), &flag));
}

static void test_ids_are_positive_and_below_2_to_53(void **state)
{
    (void)state;
    int64_t id;
    assert_true(form_id(span_of("1"), &id) && id == 1);
    assert_true(form_id(span_of("9007199254740991"), &id));
    const char *others[] = {"0", "01", "-1", "9007199254740992", "18446744073709551617", "1a", ""};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        assert_false(form_id(span_of(others[i]), &id));
}

static void test_times_of_days_that_exist(void **state)
{
    (void)state;
    const char *good[] = {"2026-11-23T12:00:00Z", "2026-11-23t12:00:00.123456z", "2024-02-29T23:59:59+14:00", "2000-02-29T00:00:00-00:30",
                          "0001-01-01T00:00:00Z"};
    const char *bad[] = {"", "2026-11-23", "2026-11-23T12:00:00", "2026-11-23 12:00:00Z", "2026-13-01T12:00:00Z", "2026-02-29T12:00:00Z",
                         "1900-02-29T12:00:00Z", "2026-11-31T12:00:00Z", "2026-11-23T24:00:00Z", "2026-11-23T12:60:00Z", "2026-11-23T12:00:60Z",
                         "2026-11-23T12:00:00.Z", "2026-11-23T12:00:00.1234567890Z", "2026-11-23T12:00:00Zx", "2026-11-23T12:00:00+24:00",
                         "2026-11-23T12:00:00+1", "0000-01-01T00:00:00Z", "infinity", "now", "2026-1-1T12:00:00Z"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        assert_true(form_is_time(span_of(good[i])));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(form_is_time(span_of(bad[i])));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_integers),
        cmocka_unit_test(test_flags_are_1_true_0_and_false),
        cmocka_unit_test(test_ids_are_positive_and_below_2_to_53),
        cmocka_unit_test(test_times_of_days_that_exist),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
