#include "base/clock.h"

#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void test_left_is_what_poll_wants(void **state)
{
    (void)state;
    assert_int_equal(clock_left_ms(CLOCK_NEVER), -1);
    assert_int_equal(clock_left_ms(clock_ms() - 1000), 0);
    assert_int_equal(clock_left_ms(clock_ms() + (int64_t)INT_MAX * 2), INT_MAX);
    assert_in_range(clock_left_ms(clock_ms() + 100000), 1, 100000);
}

static void test_wall_clock_has_the_form_of_rfc_3339(void **state)
{
    (void)state;
    char text[CLOCK_TEXT_SIZE];
    clock_text(text);
    assert_int_equal(text[10], 'T');
    assert_int_equal(text[19], '.');
    assert_int_equal(text[23], 'Z');
    assert_int_equal(text[24], '\0');
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_left_is_what_poll_wants),
        cmocka_unit_test(test_wall_clock_has_the_form_of_rfc_3339),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
