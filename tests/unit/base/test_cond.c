#include "base/clock.h"
#include "base/cond.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cond;
static bool is_there;

static int begin(void **state)
{
    (void)state;
    cond_init(&cond);
    is_there = false;
    return 0;
}

static int end(void **state)
{
    (void)state;
    return pthread_cond_destroy(&cond);
}

static void test_a_wait_ends_with_its_deadline_and_not_before(void **state)
{
    (void)state;
    int64_t deadline_ms = clock_ms() + 30;
    pthread_mutex_lock(&lock);
    while (cond_wait_until(&cond, &lock, deadline_ms))
        continue;
    pthread_mutex_unlock(&lock);
    assert_true(clock_ms() >= deadline_ms);
}

static void *bring(void *unused)
{
    (void)unused;
    pthread_mutex_lock(&lock);
    is_there = true;
    pthread_cond_signal(&cond);
    pthread_mutex_unlock(&lock);
    return NULL;
}

static void test_a_signal_ends_it_sooner(void **state)
{
    (void)state;
    pthread_t thread;
    bool is_time_left = true;
    pthread_mutex_lock(&lock);
    pthread_create(&thread, NULL, bring, NULL);
    while (!is_there && is_time_left)
        is_time_left = cond_wait_until(&cond, &lock, clock_ms() + 60000);
    pthread_mutex_unlock(&lock);
    pthread_join(thread, NULL);
    assert_true(is_time_left);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_a_wait_ends_with_its_deadline_and_not_before, begin, end),
        cmocka_unit_test_setup_teardown(test_a_signal_ends_it_sooner, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
