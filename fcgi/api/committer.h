/*
 * The group committer: request threads hand in their writes and wait; one thread runs whatever has gathered as one transaction,
 * so that a busy server shares the flush of the WAL and an idle one waits for nobody. There is no timer.
 *
 * Members do not wait for guests, who come in numbers when somebody attacks: a batch of members takes none of them along, but after one that
 * passed them over they have a few places in the next, behind the members; and as long as members talk, they have no more than these places in
 * a batch of their own, so that it is soon over. Neither can keep the other out.
 *
 * A call is owned by the thread that waits for it. While it is queued that thread may withdraw it, and then it never runs; once
 * it was taken its outcome is filled for certain, because all that the committer does is bounded in time.
 *
 * What is promised when things go wrong:
 * - the queue (of members, or of guests) is full: 503 at once;
 * - a batch fails as a whole: each of its calls is run again on its own, once, unless its time is over by then;
 * - the connection broke and nobody knows what became of the batch: it is asked again for the calls that may be repeated, until
 *   their time is over; the others get 503 `outcome_unknown`. What is the same then is the effect; the answer is that of the last
 *   time: who has signed out, or taken something away, may hear that there is nothing any more (401, 404).
 */
#pragma once
#include "base/list.h"
#include "db/call.h"
#include "db/outcome.h"

#include <semaphore.h>
#include <stdbool.h>
#include <stdint.h>

/* What runs a batch: the database, or a test's double. Only the committer's thread calls it. */
struct committer_backend {
    void *owner;
    enum call_end (*run)(void *owner, const char *calls, struct outcome *const *outcomes, size_t count);
    void (*explain)(void *owner, struct outcome *outcome); /* the outcome of a call that was refused on its own */
};

struct committer_plan {
    struct committer_backend backend;
    size_t queue_max; /* calls waiting in a lane; one more is refused */
    size_t batch_max; /* calls in one transaction, at most CALL_BATCH_MAX */
    size_t guests_max; /* of them of guests, where they have any, while a member's call is waiting or was taken within members_ms; 1 … batch_max */
    int members_ms;
};

enum committer_lane {
    COMMITTER_MEMBERS,
    COMMITTER_GUESTS, /* and of whoever signs in */
    COMMITTER_LANES
};

enum committer_state {
    COMMITTER_QUEUED, /* on the queue; may be withdrawn */
    COMMITTER_TAKEN,  /* the committer's */
    COMMITTER_DONE    /* the outcome is there */
};

struct committer_call {
    const char *text;         /* of call_add(); lives until committer_run returns */
    size_t text_length;
    enum committer_lane lane;
    bool may_repeat;          /* doing it twice has the same effect as doing it once */
    int64_t deadline_ms;      /* by clock_ms(); after it the call is not begun */
    struct outcome *outcome;
    /* private */
    struct list link;
    _Atomic enum committer_state state;
    sem_t done;
};

struct committer_stats {
    uint64_t calls, batches, refused, withdrawn, failed_batches, unknown;
    uint64_t errors;           /* calls that ended in 500 or 503, though there was room for them */
    uint64_t batches_up_to[8]; /* batches of at most 1, 2, 4, … 64 calls, and all */
    size_t queued;
};

struct committer;

struct committer *committer_start(const struct committer_plan *plan);
void committer_stop(struct committer *committer); /* runs what is queued, then ends; nobody may call committer_run any more */

void committer_call_init(struct committer_call *call);
void committer_call_free(struct committer_call *call);
void committer_run(struct committer *committer, struct committer_call *call); /* returns when the outcome is filled */

struct committer_stats committer_stats(struct committer *committer);
