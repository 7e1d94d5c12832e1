#include "api/guard.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static int set_up(void **state)
{
    *state = guard_new();
    return 0;
}

static int tear_down(void **state)
{
    guard_free(*state);
    return 0;
}

static bool shuts_out(struct guard *guard, const char *address)
{
    return guard_shuts_out(guard, span_of(address));
}

static void test_a_new_guard_lets_everything_pass(void **state)
{
    assert_false(guard_judges(*state));
    assert_false(shuts_out(*state, "192.0.2.1"));
    assert_false(shuts_out(*state, ""));
}

static void test_it_is_due_for_one_caller_a_second(void **state)
{
    assert_true(guard_is_due(*state, 5000));
    assert_false(guard_is_due(*state, 5000));
    assert_false(guard_is_due(*state, 5999));
    assert_true(guard_is_due(*state, 6000));
    assert_false(guard_is_due(*state, 6000));
}

static void test_networks_are_compared_bit_by_bit(void **state)
{
    guard_take(*state, span_of("{\"judges\":true,\"networks\":[\"192.0.2.0/25\",\"198.51.100.7/32\",\"2001:db8:1:2::/64\",\"203.0.113.9\"]}"));
    assert_true(guard_judges(*state));
    assert_true(shuts_out(*state, "192.0.2.0"));
    assert_true(shuts_out(*state, "192.0.2.127"));
    assert_false(shuts_out(*state, "192.0.2.128"));
    assert_true(shuts_out(*state, "198.51.100.7"));
    assert_false(shuts_out(*state, "198.51.100.6"));
    assert_true(shuts_out(*state, "203.0.113.9"));
    assert_true(shuts_out(*state, "2001:db8:1:2:ffff::1"));
    assert_false(shuts_out(*state, "2001:db8:1:3::1"));
    assert_true(shuts_out(*state, "::ffff:192.0.2.1"));
    assert_false(shuts_out(*state, "127.0.0.1"));
}

static void test_what_is_no_address_is_let_pass(void **state)
{
    guard_take(*state, span_of("{\"judges\":false,\"networks\":[\"0.0.0.0/0\",\"nonsense\",7]}"));
    assert_true(shuts_out(*state, "192.0.2.1"));
    assert_false(shuts_out(*state, "2001:db8::1"));
    assert_false(shuts_out(*state, "unix:"));
    assert_false(shuts_out(*state, "1111111111111111111111111111111111111111111111111111111111111111111111111111111111"));
}

static void test_an_answer_that_makes_no_sense_changes_nothing(void **state)
{
    guard_take(*state, span_of("{\"judges\":true,\"networks\":[\"192.0.2.1/32\"]}"));
    guard_take(*state, span_of("nonsense"));
    guard_take(*state, span_of("{\"judges\":false}"));
    assert_true(guard_judges(*state));
    assert_true(shuts_out(*state, "192.0.2.1"));
    guard_take(*state, span_of("{\"judges\":false,\"networks\":[]}"));
    assert_false(guard_judges(*state));
    assert_false(shuts_out(*state, "192.0.2.1"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_a_new_guard_lets_everything_pass, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_it_is_due_for_one_caller_a_second, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_networks_are_compared_bit_by_bit, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_what_is_no_address_is_let_pass, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_an_answer_that_makes_no_sense_changes_nothing, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
