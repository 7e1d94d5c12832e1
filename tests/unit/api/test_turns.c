#include "api/turns.c" /* who waits is nobody else's business */

#include "base/clock.h"

#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

enum { LATER_MS = 60000 };

static int set_up(void **state)
{
    *state = turns_new();
    return 0;
}

static int tear_down(void **state)
{
    turns_free(*state);
    return 0;
}

static void test_each_person_has_one_turn_at_a_time(void **state)
{
    assert_true(turns_take(*state, 7, clock_ms()));
    assert_true(turns_take(*state, 8, clock_ms()));
    assert_false(turns_take(*state, 7, clock_ms()));
    turns_give_back(*state, 7);
    assert_false(turns_take(*state, 8, clock_ms()));
    assert_true(turns_take(*state, 7, clock_ms()));
}

static int at_work, most;

static void *work(void *turns)
{
    for (int i = 0; i < 200; i++) {
        if (!turns_take(turns, 7, clock_ms() + LATER_MS))
            return NULL;
        at_work++; /* the turn is the lock: TSan sees to it */
        most = at_work > most ? at_work : most;
        at_work--;
        turns_give_back(turns, 7);
    }
    return turns;
}

static void test_who_waits_gets_the_turn_when_it_is_given_back(void **state)
{
    pthread_t threads[4];
    void *result;
    for (int i = 0; i < 4; i++)
        pthread_create(&threads[i], NULL, work, *state);
    for (int i = 0; i < 4; i++) {
        pthread_join(threads[i], &result);
        assert_non_null(result);
    }
    assert_int_equal(most, 1);
}

static size_t count_waiting(struct turns *turns, int64_t person)
{
    pthread_mutex_lock(&turns->lock);
    size_t waiting = place_of(turns, person)->waiting;
    pthread_mutex_unlock(&turns->lock);
    return waiting;
}

static void test_one_person_cannot_have_all_threads_wait(void **state)
{
    pthread_t threads[WAITING_MAX];
    void *result;
    assert_true(turns_take(*state, 7, clock_ms()));
    for (int i = 0; i < WAITING_MAX; i++)
        pthread_create(&threads[i], NULL, work, *state);
    while (count_waiting(*state, 7) < WAITING_MAX)
        sched_yield();
    int64_t before_ms = clock_ms();
    assert_false(turns_take(*state, 7, before_ms + LATER_MS));
    assert_true(clock_ms() - before_ms < LATER_MS);
    assert_true(turns_take(*state, 8, clock_ms()));
    turns_give_back(*state, 8);
    turns_give_back(*state, 7);
    for (int i = 0; i < WAITING_MAX; i++) {
        pthread_join(threads[i], &result);
        assert_non_null(result);
    }
    assert_int_equal(((struct turns *)*state)->count, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_each_person_has_one_turn_at_a_time),
        TEST(test_who_waits_gets_the_turn_when_it_is_given_back),
        TEST(test_one_person_cannot_have_all_threads_wait),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
