#include "api/committer.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

enum { PAUSE_BEFORE_ASKING_AGAIN_MS = 25 };

struct committer {
    struct committer_plan plan;
    pthread_t thread;
    pthread_mutex_t lock;   /* guards what follows, and the `state` and `link` of queued calls */
    pthread_cond_t work;
    struct lane {
        struct list queue;
        size_t count;
    } lanes[COMMITTER_LANES];
    int64_t member_at_ms;   /* when a member's call was taken last */
    bool guests_were_passed_over; /* by the last batch, which had members */
    bool idle, stopping;
    struct committer_stats stats;
    /* only the committer's thread */
    struct buf text;
};

/* Calls that are run together; the committer's thread holds it on its stack. */
struct batch {
    struct committer_call *calls[CALL_BATCH_MAX];
    size_t count;
};

static void finish(struct committer_call *call)
{
    call->state = COMMITTER_DONE;
    sem_post(&call->done); /* from here on the call may be gone */
}

static void finish_all(struct batch *batch)
{
    for (size_t i = 0; i < batch->count; i++)
        finish(batch->calls[i]);
    batch->count = 0;
}

static void fail(struct committer_call *call)
{
    outcome_unavailable(call->outcome);
    finish(call);
}

static void fail_as_unknown(struct committer_call *call)
{
    outcome_problem(call->outcome, 503, "outcome_unknown",
                    "The connection to the database broke: nobody can say whether this was done. Look before you try again.", "");
    finish(call);
}

static void fail_all(struct batch *batch)
{
    for (size_t i = 0; i < batch->count; i++)
        fail(batch->calls[i]);
    batch->count = 0;
}

static bool is_late(const struct committer_call *call)
{
    return clock_ms() >= call->deadline_ms;
}

/* Answers those that are picked, and keeps the others in order. */
static void sort_out(struct batch *batch, bool (*is_picked)(const struct committer_call *), void (*answer)(struct committer_call *))
{
    size_t kept = 0;
    for (size_t i = 0; i < batch->count; i++) {
        if (is_picked(batch->calls[i]))
            answer(batch->calls[i]);
        else
            batch->calls[kept++] = batch->calls[i];
    }
    batch->count = kept;
}

static bool may_not_repeat(const struct committer_call *call)
{
    return !call->may_repeat;
}

static enum call_end ask(struct committer *committer, const struct batch *batch)
{
    struct outcome *outcomes[CALL_BATCH_MAX];
    struct buf *text = &committer->text;
    buf_reuse(text);
    for (size_t i = 0; i < batch->count; i++) {
        buf_add_byte(text, i ? ',' : '[');
        buf_add(text, batch->calls[i]->text, batch->calls[i]->text_length);
        outcomes[i] = batch->calls[i]->outcome;
    }
    buf_add_byte(text, ']');
    return committer->plan.backend.run(committer->plan.backend.owner, buf_text(text), outcomes, batch->count);
}

static void count_unknown(struct committer *committer, const struct batch *batch)
{
    pthread_mutex_lock(&committer->lock);
    committer->stats.unknown += batch->count;
    pthread_mutex_unlock(&committer->lock);
    log_warn("outcome unknown", log_int("calls", (int64_t)batch->count));
}

static void pause_a_little(void)
{
    nanosleep(&(struct timespec){.tv_nsec = PAUSE_BEFORE_ASKING_AGAIN_MS * 1000000L}, NULL);
}

/* The connection broke after the question was sent. Whoever may be repeated is, as long as there is time. */
static enum call_end ask_again(struct committer *committer, struct batch *batch)
{
    enum call_end end = CALL_LOST;
    count_unknown(committer, batch);
    sort_out(batch, may_not_repeat, fail_as_unknown);
    while (batch->count && (end == CALL_LOST || end == CALL_AWAY)) {
        end = ask(committer, batch);
        if (end != CALL_LOST && end != CALL_AWAY)
            return end;
        sort_out(batch, is_late, fail);
        if (batch->count)
            pause_a_little();
    }
    return end;
}

static void settle(struct committer *committer, struct batch *batch);

/* One bad call must not hurt the others. */
static void settle_one_by_one(struct committer *committer, struct batch *batch)
{
    pthread_mutex_lock(&committer->lock);
    committer->stats.failed_batches++;
    pthread_mutex_unlock(&committer->lock);
    for (size_t i = 0; i < batch->count; i++) {
        struct batch single = {{batch->calls[i]}, 1};
        if (is_late(batch->calls[i]))
            fail(batch->calls[i]);
        else
            settle(committer, &single);
    }
    batch->count = 0;
}

static void settle_refused(struct committer *committer, struct batch *batch)
{
    if (batch->count > 1) {
        settle_one_by_one(committer, batch);
        return;
    }
    committer->plan.backend.explain(committer->plan.backend.owner, batch->calls[0]->outcome);
    finish_all(batch);
}

/* Runs a batch and sees to it that each of its calls has its outcome. */
static void settle(struct committer *committer, struct batch *batch)
{
    enum call_end end = ask(committer, batch);
    if (end == CALL_LOST)
        end = ask_again(committer, batch);
    if (!batch->count)
        return;
    switch (end) {
    case CALL_ANSWERED:
        finish_all(batch);
        break;
    case CALL_REFUSED:
        settle_refused(committer, batch);
        break;
    case CALL_AWAY:
    case CALL_LOST:
        fail_all(batch);
        break;
    }
}

static void count_batch(struct committer_stats *stats, size_t count)
{
    size_t bucket = 0;
    while (bucket < 7 && count > (size_t)1 << bucket)
        bucket++;
    stats->batches++;
    stats->calls += count;
    stats->batches_up_to[bucket]++;
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Under the lock, as all that follows up to wait_for_batch(). */
static size_t count_queued(const struct committer *committer)
{
    return committer->lanes[COMMITTER_MEMBERS].count + committer->lanes[COMMITTER_GUESTS].count;
}

static void take_from(struct lane *lane, struct batch *batch, size_t count)
{
    assert(batch->count + count <= CALL_BATCH_MAX);
    for (size_t i = 0; i < count; i++) {
        struct committer_call *call = LIST_OWNER(list_take(&lane->queue), struct committer_call, link);
        call->state = COMMITTER_TAKEN;
        batch->calls[batch->count++] = call;
    }
    lane->count -= count;
}

static void take_batch(struct committer *committer, struct batch *batch)
{
    struct lane *members = &committer->lanes[COMMITTER_MEMBERS], *guests = &committer->lanes[COMMITTER_GUESTS];
    int64_t now_ms = clock_ms();
    if (members->count)
        committer->member_at_ms = now_ms;
    bool is_shared = members->count || (committer->member_at_ms && now_ms - committer->member_at_ms < committer->plan.members_ms);
    bool are_passed_over = members->count && guests->count && !committer->guests_were_passed_over;
    size_t room = committer->plan.batch_max;
    size_t for_guests = are_passed_over ? 0 : least(guests->count, is_shared ? committer->plan.guests_max : room);
    batch->count = 0;
    take_from(members, batch, least(members->count, room - for_guests));
    take_from(guests, batch, for_guests);
    committer->guests_were_passed_over = are_passed_over;
    count_batch(&committer->stats, batch->count);
}

static bool wait_for_batch(struct committer *committer, struct batch *batch)
{
    pthread_mutex_lock(&committer->lock);
    while (!count_queued(committer) && !committer->stopping) {
        committer->idle = true;
        pthread_cond_wait(&committer->work, &committer->lock);
    }
    committer->idle = false;
    bool has_work = count_queued(committer) > 0;
    if (has_work)
        take_batch(committer, batch);
    pthread_mutex_unlock(&committer->lock);
    return has_work;
}

static void *work(void *given)
{
    struct committer *committer = given;
    struct batch batch;
    while (wait_for_batch(committer, &batch))
        settle(committer, &batch);
    return NULL;
}

struct committer *committer_start(const struct committer_plan *plan)
{
    struct committer *committer = mem_zeroed(sizeof *committer);
    assert(plan->batch_max >= 1 && plan->batch_max <= CALL_BATCH_MAX && plan->guests_max >= 1 && plan->guests_max <= plan->batch_max);
    committer->plan = *plan;
    for (size_t i = 0; i < COMMITTER_LANES; i++)
        list_init(&committer->lanes[i].queue);
    buf_init(&committer->text, 0);
    pthread_mutex_init(&committer->lock, NULL);
    pthread_cond_init(&committer->work, NULL);
    if (pthread_create(&committer->thread, NULL, work, committer) != 0) {
        log_error("cannot start the committer's thread");
        exit(EXIT_FAILURE);
    }
    return committer;
}

void committer_stop(struct committer *committer)
{
    pthread_mutex_lock(&committer->lock);
    committer->stopping = true;
    pthread_cond_signal(&committer->work);
    pthread_mutex_unlock(&committer->lock);
    pthread_join(committer->thread, NULL);
    pthread_cond_destroy(&committer->work);
    pthread_mutex_destroy(&committer->lock);
    buf_free(&committer->text);
    mem_free(committer);
}

void committer_call_init(struct committer_call *call)
{
    *call = (struct committer_call){.state = COMMITTER_QUEUED};
    list_init(&call->link);
    sem_init(&call->done, 0, 0);
}

void committer_call_free(struct committer_call *call)
{
    sem_destroy(&call->done);
}

static bool enqueue(struct committer *committer, struct committer_call *call)
{
    pthread_mutex_lock(&committer->lock);
    struct lane *lane = &committer->lanes[call->lane];
    bool has_room = lane->count < committer->plan.queue_max;
    if (has_room) {
        call->state = COMMITTER_QUEUED;
        list_append(&lane->queue, &call->link);
        lane->count++;
        if (committer->idle)
            pthread_cond_signal(&committer->work);
        committer->idle = false; /* one signal is enough */
    } else {
        committer->stats.refused++;
    }
    pthread_mutex_unlock(&committer->lock);
    return has_room;
}

static bool withdraw(struct committer *committer, struct committer_call *call)
{
    pthread_mutex_lock(&committer->lock);
    bool is_ours = call->state == COMMITTER_QUEUED;
    if (is_ours) {
        list_remove(&call->link);
        committer->lanes[call->lane].count--;
        committer->stats.withdrawn++;
    }
    pthread_mutex_unlock(&committer->lock);
    return is_ours;
}

static bool wait_until_done(struct committer_call *call)
{
    struct timespec deadline = clock_timespec(call->deadline_ms);
    int result;
    while ((result = sem_clockwait(&call->done, CLOCK_MONOTONIC, &deadline)) != 0 && errno == EINTR)
        continue;
    return result == 0;
}

static void count_error(struct committer *committer)
{
    pthread_mutex_lock(&committer->lock);
    committer->stats.errors++;
    pthread_mutex_unlock(&committer->lock);
}

void committer_run(struct committer *committer, struct committer_call *call)
{
    if (!enqueue(committer, call)) {
        outcome_unavailable(call->outcome);
        return;
    }
    bool is_done = wait_until_done(call);
    if (!is_done && withdraw(committer, call)) {
        outcome_unavailable(call->outcome);
        return;
    }
    while (!is_done)
        is_done = sem_wait(&call->done) == 0; /* what was taken is always finished; only a signal ends this early */
    assert(call->state == COMMITTER_DONE);
    if (call->outcome->status >= 500)
        count_error(committer);
}

struct committer_stats committer_stats(struct committer *committer)
{
    pthread_mutex_lock(&committer->lock);
    struct committer_stats stats = committer->stats;
    stats.queued = count_queued(committer);
    pthread_mutex_unlock(&committer->lock);
    return stats;
}
