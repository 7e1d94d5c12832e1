#include "stream/wheel.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* Does the link come up when the time is `now`? */
static bool comes_up(struct wheel *wheel, struct list *link, int64_t now)
{
    struct list due;
    bool found = false;
    list_init(&due);
    wheel_take(wheel, now, &due);
    LIST_EACH(&due, other) {
        found |= other == link;
        list_remove(other);
    }
    return found;
}

static void test_never_early_and_at_most_two_slots_late(void **state)
{
    struct wheel wheel;
    struct list link;
    (void)state;
    list_init(&link);
    for (int64_t due = 5000; due < 5400; due += 7) {
        wheel_init(&wheel, 10, 4990);
        wheel_set(&wheel, &link, due);
        for (int64_t now = 4990; now < due; now++)
            assert_false(comes_up(&wheel, &link, now));
        assert_true(comes_up(&wheel, &link, due + 20));
    }
}

static void test_beyond_a_turn_it_comes_up_early(void **state)
{
    struct wheel wheel;
    struct list link;
    (void)state;
    list_init(&link);
    wheel_init(&wheel, 10, 0);
    wheel_set(&wheel, &link, 100000);
    assert_false(comes_up(&wheel, &link, 500));
    assert_true(comes_up(&wheel, &link, 10 * WHEEL_SLOTS));
}

static void test_set_again_it_moves_and_a_removed_one_stays_away(void **state)
{
    struct wheel wheel;
    struct list link;
    (void)state;
    list_init(&link);
    wheel_init(&wheel, 10, 0);
    wheel_set(&wheel, &link, 50);
    wheel_set(&wheel, &link, 200);
    assert_false(comes_up(&wheel, &link, 150));
    list_remove(&link);
    assert_false(comes_up(&wheel, &link, 1000));
}

static void test_after_a_long_sleep_everything_is_due(void **state)
{
    struct wheel wheel;
    struct list link;
    (void)state;
    list_init(&link);
    wheel_init(&wheel, 10, 0);
    wheel_set(&wheel, &link, 300);
    assert_true(comes_up(&wheel, &link, 1000000));
    wheel_set(&wheel, &link, 5);
    assert_true(comes_up(&wheel, &link, 1000020));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_never_early_and_at_most_two_slots_late),
        cmocka_unit_test(test_beyond_a_turn_it_comes_up_early),
        cmocka_unit_test(test_set_again_it_moves_and_a_removed_one_stays_away),
        cmocka_unit_test(test_after_a_long_sleep_everything_is_due),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
