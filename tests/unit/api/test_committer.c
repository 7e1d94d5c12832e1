/*
 * The committer with a double for the database: it is told how the next batches end, can be held in the middle of one, and writes
 * down what it was asked. The clock is a double, too, and can be put forward: who waits has more patience than any machine is slow.
 */
#include "api/committer.h"

#define clock_ms real_clock_ms
#include "base/clock.c" /* all of it but this one, whose double stands below */
#undef clock_ms

#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { ENDS_MAX = 16, CLIENTS_MAX = 80, GUESTS_MAX = 2, PATIENCE_MS = 60000, LONG_MS = 600000 };

static _Atomic int64_t put_forward_ms;

int64_t clock_ms(void);
int64_t clock_ms(void)
{
    return real_clock_ms() + put_forward_ms;
}

static struct {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    enum call_end ends[ENDS_MAX]; /* of the next batches; then CALL_ANSWERED */
    size_t ends_count, asked;
    bool is_held, is_inside;
    size_t slow_batch;            /* this one, counted from 1, takes longer than anybody has patience */
    struct buf heard;             /* the batches, a line each */
} database = {.lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};
static enum call_end run(void *owner, const char *calls, struct outcome *const *outcomes, size_t count)
{
    (void)owner;
    pthread_mutex_lock(&database.lock);
    buf_printf(&database.heard, "%s\n", calls);
    enum call_end end = database.asked < database.ends_count ? database.ends[database.asked] : CALL_ANSWERED;
    database.asked++;
    database.is_inside = true;
    pthread_cond_broadcast(&database.changed);
    while (database.is_held)
        pthread_cond_wait(&database.changed, &database.lock);
    database.is_inside = false;
    if (database.asked == database.slow_batch)
        put_forward_ms += PATIENCE_MS;
    pthread_mutex_unlock(&database.lock);
    for (size_t i = 0; end == CALL_ANSWERED && i < count; i++)
        outcomes[i]->status = 201;
    return end;
}

static void explain(void *owner, struct outcome *outcome)
{
    (void)owner;
    outcome_problem(outcome, 503, "explained", "It was refused on its own.", "");
}

static void hold(bool is_held)
{
    pthread_mutex_lock(&database.lock);
    database.is_held = is_held;
    pthread_cond_broadcast(&database.changed);
    pthread_mutex_unlock(&database.lock);
}

static void wait_until_inside(void)
{
    pthread_mutex_lock(&database.lock);
    while (!database.is_inside)
        pthread_cond_wait(&database.changed, &database.lock);
    pthread_mutex_unlock(&database.lock);
}

static int members_ms = LONG_MS;

static struct committer *start(size_t queue_max, size_t batch_max, size_t ends_count, const enum call_end *ends)
{
    struct committer_plan plan = {{NULL, run, explain}, queue_max, batch_max, GUESTS_MAX < batch_max ? GUESTS_MAX : batch_max, members_ms};
    database.asked = database.slow_batch = 0;
    put_forward_ms = 0;
    database.ends_count = ends_count;
    for (size_t i = 0; i < ends_count; i++)
        database.ends[i] = ends[i];
    buf_free(&database.heard);
    return committer_start(&plan);
}

#define ENDS(...) sizeof((enum call_end[]){__VA_ARGS__}) / sizeof(enum call_end), (const enum call_end[]){__VA_ARGS__}

struct client {
    pthread_t thread;
    struct committer *committer;
    struct committer_call call;
    struct outcome outcome;
    char text[24];
    bool has_returned; /* under the database's lock */
};

static struct client clients[CLIENTS_MAX];

static void *be_client(void *given)
{
    struct client *client = given;
    committer_run(client->committer, &client->call);
    pthread_mutex_lock(&database.lock);
    client->has_returned = true;
    pthread_cond_broadcast(&database.changed);
    pthread_mutex_unlock(&database.lock);
    return NULL;
}

static struct client *prepare(size_t number, struct committer *committer, bool may_repeat, int patience_ms)
{
    struct client *client = &clients[number];
    client->committer = committer;
    client->has_returned = false;
    committer_call_init(&client->call);
    outcome_init(&client->outcome);
    snprintf(client->text, sizeof client->text, "%zu", number);
    client->call.text = client->text;
    client->call.text_length = strlen(client->text);
    client->call.may_repeat = may_repeat;
    client->call.deadline_ms = clock_ms() + patience_ms;
    client->call.outcome = &client->outcome;
    return client;
}

static void wait_until_queued(struct committer *committer, size_t count)
{
    while (committer_stats(committer).queued < count)
        sched_yield();
}

/*
 * Client 0 keeps the committer busy, so that those after it gather; the batch is theirs when it is let go. `lanes`: a letter for each
 * client, m of a member, g of a guest.
 */
static void gather_in_lanes(struct committer *committer, const char *lanes, bool may_repeat, int patience_ms)
{
    hold(true);
    for (size_t i = 0; lanes[i]; i++) {
        struct client *client = prepare(i, committer, may_repeat, patience_ms);
        client->call.lane = lanes[i] == 'g' ? COMMITTER_GUESTS : COMMITTER_MEMBERS;
        pthread_create(&client->thread, NULL, be_client, client);
        if (i == 0)
            wait_until_inside();
        else
            wait_until_queued(committer, i);
    }
}

static void gather(struct committer *committer, size_t count, bool may_repeat, int patience_ms)
{
    char lanes[CLIENTS_MAX + 1] = "";
    memset(lanes, 'm', count);
    gather_in_lanes(committer, lanes, may_repeat, patience_ms);
}

static int finish(size_t number)
{
    pthread_join(clients[number].thread, NULL);
    int status = clients[number].outcome.status;
    outcome_free(&clients[number].outcome);
    committer_call_free(&clients[number].call);
    return status;
}

static void assert_heard(const char *expected)
{
    assert_string_equal(buf_text(&database.heard), expected);
}

static void test_what_gathers_is_one_batch_in_order(void **state)
{
    (void)state;
    struct committer *committer = start(100, 64, 0, NULL);
    gather(committer, 5, true, PATIENCE_MS);
    hold(false);
    for (size_t i = 0; i < 5; i++)
        assert_int_equal(finish(i), 201);
    assert_heard("[0]\n[1,2,3,4]\n");
    struct committer_stats stats = committer_stats(committer);
    assert_int_equal(stats.batches, 2);
    assert_int_equal(stats.calls, 5);
    assert_int_equal(stats.batches_up_to[0], 1);
    assert_int_equal(stats.batches_up_to[2], 1);
    committer_stop(committer);
}

static void test_a_batch_has_a_largest_size(void **state)
{
    (void)state;
    struct committer *committer = start(100, 3, 0, NULL);
    gather(committer, 6, true, PATIENCE_MS);
    hold(false);
    for (size_t i = 0; i < 6; i++)
        assert_int_equal(finish(i), 201);
    assert_heard("[0]\n[1,2,3]\n[4,5]\n");
    committer_stop(committer);
}

/* What gathers in these lanes is asked in these batches, of at most four. */
static void check_batches(const char *lanes, const char *expected)
{
    struct committer *committer = start(100, 4, 0, NULL);
    gather_in_lanes(committer, lanes, true, 10000);
    hold(false);
    for (size_t i = 0; lanes[i]; i++)
        assert_int_equal(finish(i), 201);
    assert_heard(expected);
    committer_stop(committer);
}

static void test_members_take_guests_along_only_after_a_batch_that_passed_them_over(void **state)
{
    (void)state;
    check_batches("ggggmmmmgm", "[0]\n[4,5,6,7]\n[9,1,2]\n[3,8]\n");
    check_batches("gggggmmmmmmmmmm", "[0]\n[5,6,7,8]\n[9,10,1,2]\n[11,12,13,14]\n[3,4]\n");
}

static void test_guests_who_are_alone_fill_a_batch(void **state)
{
    (void)state;
    check_batches("gggggg", "[0]\n[1,2,3,4]\n[5]\n");
}

static void test_guests_keep_to_their_places_for_a_while_after_a_member(void **state)
{
    (void)state;
    check_batches("mggg", "[0]\n[1,2]\n[3]\n");
}

static void test_a_batch_is_not_overfilled_where_guests_never_keep_to_their_places(void **state)
{
    (void)state;
    members_ms = 0;
    check_batches("ggggggmmmm", "[0]\n[6,7,8,9]\n[1,2,3,4]\n[5]\n");
    check_batches("gggggmmmmmmm", "[0]\n[5,6,7,8]\n[9,10,1,2]\n[11]\n[3,4]\n");
    members_ms = LONG_MS;
}

static void test_a_full_queue_of_guests_is_not_one_of_members(void **state)
{
    (void)state;
    struct committer *committer = start(1, 64, 0, NULL);
    gather_in_lanes(committer, "ggm", true, PATIENCE_MS);
    struct client *client = prepare(3, committer, true, PATIENCE_MS);
    client->call.lane = COMMITTER_GUESTS;
    committer_run(committer, &client->call);
    assert_int_equal(client->outcome.status, 503);
    outcome_free(&client->outcome);
    committer_call_free(&client->call);
    hold(false);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(finish(i), 201);
    committer_stop(committer);
}

static void test_a_full_queue_refuses_at_once(void **state)
{
    (void)state;
    struct committer *committer = start(2, 64, 0, NULL);
    gather(committer, 3, true, PATIENCE_MS);
    struct client *client = prepare(3, committer, true, PATIENCE_MS);
    int64_t before = clock_ms();
    committer_run(committer, &client->call);
    assert_true(clock_ms() - before < PATIENCE_MS);
    assert_int_equal(client->outcome.status, 503);
    outcome_free(&client->outcome);
    committer_call_free(&client->call);
    assert_int_equal(committer_stats(committer).refused, 1);
    hold(false);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(finish(i), 201);
    committer_stop(committer);
}

static void test_who_waited_too_long_is_withdrawn_and_never_runs(void **state)
{
    (void)state;
    struct committer *committer = start(100, 64, 0, NULL);
    gather(committer, 1, true, PATIENCE_MS);
    struct client *client = prepare(1, committer, true, 20);
    committer_run(committer, &client->call);
    assert_int_equal(client->outcome.status, 503);
    outcome_free(&client->outcome);
    committer_call_free(&client->call);
    hold(false);
    assert_int_equal(finish(0), 201);
    committer_stop(committer);
    assert_heard("[0]\n");
}

/* Is the committer at work for this client? Or was it too slow for their patience? */
static bool is_taken(struct client *client)
{
    pthread_mutex_lock(&database.lock);
    while (!database.is_inside && !client->has_returned)
        pthread_cond_wait(&database.changed, &database.lock);
    bool is_inside = database.is_inside;
    pthread_mutex_unlock(&database.lock);
    return is_inside;
}

static void be_taken_with_little_patience(struct committer *committer)
{
    hold(true);
    for (int patience_ms = 50;; patience_ms *= 2) {
        struct client *client = prepare(0, committer, true, patience_ms);
        pthread_create(&client->thread, NULL, be_client, client);
        if (is_taken(client))
            return;
        finish(0);
    }
}

static void test_who_was_taken_waits_for_the_outcome_however_long(void **state)
{
    (void)state;
    struct committer *committer = start(100, 64, 0, NULL);
    be_taken_with_little_patience(committer);
    while (clock_ms() < clients[0].call.deadline_ms + 20)
        sched_yield();
    hold(false);
    assert_int_equal(finish(0), 201);
    committer_stop(committer);
}

static void test_a_failed_batch_is_run_again_call_by_call(void **state)
{
    (void)state;
    struct committer *committer = start(100, 64, ENDS(CALL_ANSWERED, CALL_REFUSED, CALL_ANSWERED, CALL_REFUSED, CALL_ANSWERED));
    gather(committer, 4, false, PATIENCE_MS);
    hold(false);
    const int expected[] = {201, 201, 503, 201};
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(finish(i), expected[i]);
    assert_heard("[0]\n[1,2,3]\n[1]\n[2]\n[3]\n");
    assert_int_equal(committer_stats(committer).failed_batches, 1);
    committer_stop(committer);
}

static void test_a_call_that_fails_alone_is_explained_and_not_run_again(void **state)
{
    (void)state;
    struct committer *committer = start(100, 64, ENDS(CALL_REFUSED));
    gather(committer, 1, true, PATIENCE_MS);
    hold(false);
    pthread_join(clients[0].thread, NULL);
    assert_non_null(strstr(buf_text(&clients[0].outcome.body), "explained"));
    outcome_free(&clients[0].outcome);
    committer_call_free(&clients[0].call);
    assert_heard("[0]\n");
    committer_stop(committer);
}

static void test_no_call_of_a_failed_batch_begins_after_its_time(void **state)
{
    (void)state;
    struct committer *committer = start(100, 64, ENDS(CALL_ANSWERED, CALL_REFUSED));
    gather(committer, 3, true, PATIENCE_MS);
    database.slow_batch = 2;
    hold(false);
    assert_int_equal(finish(0), 201);
    assert_int_equal(finish(1), 503);
    assert_int_equal(finish(2), 503);
    assert_heard("[0]\n[1,2]\n");
    committer_stop(committer);
}

static void test_a_server_that_is_away_is_said_at_once(void **state)
{
    (void)state;
    struct committer *committer = start(100, 64, ENDS(CALL_ANSWERED, CALL_AWAY));
    gather(committer, 3, true, PATIENCE_MS);
    hold(false);
    finish(0);
    assert_int_equal(finish(1), 503);
    assert_int_equal(finish(2), 503);
    assert_heard("[0]\n[1,2]\n");
    committer_stop(committer);
}

static void test_unknown_outcomes_are_asked_again_where_that_does_no_harm(void **state)
{
    (void)state;
    struct committer *committer = start(100, 64, ENDS(CALL_ANSWERED, CALL_LOST, CALL_AWAY, CALL_LOST, CALL_ANSWERED));
    gather(committer, 4, true, PATIENCE_MS);
    clients[2].call.may_repeat = false;
    hold(false);
    assert_int_equal(finish(0), 201);
    assert_int_equal(finish(1), 201);
    pthread_join(clients[2].thread, NULL);
    assert_int_equal(clients[2].outcome.status, 503);
    assert_non_null(strstr(buf_text(&clients[2].outcome.body), "outcome_unknown"));
    outcome_free(&clients[2].outcome);
    committer_call_free(&clients[2].call);
    assert_int_equal(finish(3), 201);
    assert_heard("[0]\n[1,2,3]\n[1,3]\n[1,3]\n[1,3]\n");
    committer_stop(committer);
}

static void test_asking_again_ends_when_the_time_is_over(void **state)
{
    (void)state;
    enum call_end lost[ENDS_MAX];
    for (size_t i = 0; i < ENDS_MAX; i++)
        lost[i] = i ? CALL_AWAY : CALL_LOST;
    struct committer *committer = start(100, 64, ENDS_MAX, lost);
    gather(committer, 1, true, PATIENCE_MS);
    database.slow_batch = 3;
    hold(false);
    assert_int_equal(finish(0), 503);
    committer_stop(committer);
    assert_int_equal(database.asked, 3);
}

static void test_stopping_runs_what_is_queued(void **state)
{
    (void)state;
    struct committer *committer = start(100, 64, 0, NULL);
    gather(committer, 3, true, PATIENCE_MS);
    hold(false);
    committer_stop(committer);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(finish(i), 201);
}

static void test_many_clients_get_each_their_own_outcome(void **state)
{
    (void)state;
    struct committer *committer = start(CLIENTS_MAX, 64, 0, NULL);
    for (int round = 0; round < 4; round++) {
        for (size_t i = 0; i < CLIENTS_MAX; i++)
            pthread_create(&clients[i].thread, NULL, be_client, prepare(i, committer, true, PATIENCE_MS));
        for (size_t i = 0; i < CLIENTS_MAX; i++)
            assert_int_equal(finish(i), 201);
    }
    assert_int_equal(committer_stats(committer).calls, 4 * CLIENTS_MAX);
    committer_stop(committer);
}

static int forget(void **state)
{
    (void)state;
    buf_free(&database.heard);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_gathers_is_one_batch_in_order),
        cmocka_unit_test(test_a_batch_has_a_largest_size),
        cmocka_unit_test(test_members_take_guests_along_only_after_a_batch_that_passed_them_over),
        cmocka_unit_test(test_guests_who_are_alone_fill_a_batch),
        cmocka_unit_test(test_guests_keep_to_their_places_for_a_while_after_a_member),
        cmocka_unit_test(test_a_batch_is_not_overfilled_where_guests_never_keep_to_their_places),
        cmocka_unit_test(test_a_full_queue_of_guests_is_not_one_of_members),
        cmocka_unit_test(test_a_full_queue_refuses_at_once),
        cmocka_unit_test(test_who_waited_too_long_is_withdrawn_and_never_runs),
        cmocka_unit_test(test_who_was_taken_waits_for_the_outcome_however_long),
        cmocka_unit_test(test_a_failed_batch_is_run_again_call_by_call),
        cmocka_unit_test(test_a_call_that_fails_alone_is_explained_and_not_run_again),
        cmocka_unit_test(test_no_call_of_a_failed_batch_begins_after_its_time),
        cmocka_unit_test(test_a_server_that_is_away_is_said_at_once),
        cmocka_unit_test(test_unknown_outcomes_are_asked_again_where_that_does_no_harm),
        cmocka_unit_test(test_asking_again_ends_when_the_time_is_over),
        cmocka_unit_test(test_stopping_runs_what_is_queued),
        cmocka_unit_test(test_many_clients_get_each_their_own_outcome),
    };
    return cmocka_run_group_tests(tests, NULL, forget);
}
