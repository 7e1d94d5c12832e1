/*
 * The threads of a program that answers requests, each of which takes one request at a time from accept to close. The crew starts
 * them, sees whether work goes on, and ends them; what a request is, it does not know.
 *
 *     static void work(struct crew_member *self, void *server)
 *     {
 *         while (crew_take(self, gateway_accept, &gateway))
 *             serve(server, &gateway);
 *     }
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct crew;        /* owned by the main thread; only it calls what takes one */
struct crew_member; /* the crew's, lent to its thread */

struct crew_plan {
    long size;
    size_t stack_bytes; /* of each thread; 0: as the system has it */
    int wake;           /* a signal whose handler does nothing: it ends a wait for the next request */
    void (*work)(struct crew_member *self, void *owner);
    void *owner;
};

struct crew *crew_start(const struct crew_plan *plan); /* ends the program when there are no threads to be had */

/* Waits for the next request by `take`, which says false when it is time to end. Called by the member's thread. */
bool crew_take(struct crew_member *self, bool (*take)(void *door), void *door);

/* Whether some member is free, or one has taken a request since the last call: else all have been stuck since then. */
bool crew_works(struct crew *crew);

/*
 * Waits until all have ended, once `take` says false to them, and frees the crew. False when some did not within `within_ms`: they
 * are left behind in the middle of their requests, so that the process can only _exit().
 */
bool crew_stop(struct crew *crew, int64_t within_ms);
