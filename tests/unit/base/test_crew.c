#include "base/crew.h"

#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { SIZE = 2 };

static sem_t requests, begun, go_on;
static atomic_bool closed;

static void wake(int signal)
{
    (void)signal;
}

static bool take(void *unused)
{
    (void)unused;
    while (!atomic_load(&closed))
        if (sem_wait(&requests) == 0)
            return true;
    return false;
}

/* A request is worked on until the test says so. */
static void work(struct crew_member *self, void *unused)
{
    (void)unused;
    while (crew_take(self, take, NULL)) {
        sem_post(&begun);
        while (sem_wait(&go_on) != 0)
            continue;
    }
}

static struct crew *start(void)
{
    struct crew_plan plan = {.size = SIZE, .wake = SIGUSR1, .work = work};
    sem_init(&requests, 0, 0);
    sem_init(&begun, 0, 0);
    sem_init(&go_on, 0, 0);
    atomic_store(&closed, false);
    sigaction(SIGUSR1, &(struct sigaction){.sa_handler = wake}, NULL);
    return crew_start(&plan);
}

static void give_request_and_wait(void)
{
    sem_post(&requests);
    sem_wait(&begun);
}

static void stop(struct crew *crew)
{
    atomic_store(&closed, true);
    assert_true(crew_stop(crew, 5000));
}

static void test_a_crew_with_a_free_member_works(void **state)
{
    struct crew *crew = start();
    (void)state;
    give_request_and_wait();
    assert_true(crew_works(crew));
    assert_true(crew_works(crew));
    sem_post(&go_on);
    stop(crew);
}

static void test_a_crew_that_is_busy_works_while_requests_are_taken(void **state)
{
    struct crew *crew = start();
    (void)state;
    for (int i = 0; i < SIZE; i++)
        give_request_and_wait();
    crew_works(crew);
    assert_false(crew_works(crew)); /* all are stuck since the last look */
    sem_post(&go_on);
    give_request_and_wait();
    assert_true(crew_works(crew));
    assert_false(crew_works(crew));
    for (int i = 0; i < SIZE; i++)
        sem_post(&go_on);
    stop(crew);
}

static void test_who_is_stuck_is_left_behind(void **state)
{
    struct crew *crew = start();
    (void)state;
    give_request_and_wait();
    atomic_store(&closed, true);
    assert_false(crew_stop(crew, 20));
    sem_post(&go_on);
    assert_true(crew_stop(crew, 5000));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_crew_with_a_free_member_works),
        cmocka_unit_test(test_a_crew_that_is_busy_works_while_requests_are_taken),
        cmocka_unit_test(test_who_is_stuck_is_left_behind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
