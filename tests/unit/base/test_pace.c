#include "base/pace.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { INTERVAL = 20, BURST = 10 };

static void burst(int64_t *paid_at, int64_t now)
{
    for (int i = 0; i < BURST; i++)
        assert_int_equal(pace_take(paid_at, now, INTERVAL, BURST), 0);
}

static void test_a_burst_passes_and_then_one_an_interval(void **state)
{
    int64_t paid_at = 0;
    (void)state;
    burst(&paid_at, 1000);
    assert_int_equal(pace_take(&paid_at, 1000, INTERVAL, BURST), INTERVAL);
    assert_int_equal(pace_take(&paid_at, 1019, INTERVAL, BURST), 1);
    assert_int_equal(pace_take(&paid_at, 1020, INTERVAL, BURST), 0);
    assert_int_equal(pace_take(&paid_at, 1020, INTERVAL, BURST), INTERVAL);
}

static void test_what_is_long_ago_is_forgotten_and_saves_nothing_up(void **state)
{
    int64_t paid_at = 0;
    (void)state;
    burst(&paid_at, 1000);
    burst(&paid_at, 100000);
    assert_true(pace_take(&paid_at, 100000, INTERVAL, BURST) > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_burst_passes_and_then_one_an_interval),
        cmocka_unit_test(test_what_is_long_ago_is_forgotten_and_saves_nothing_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
