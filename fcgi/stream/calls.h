/*
 * The calls of one WebSocket, in the order in which they came: which may begin, and how much of their answers may be there. Writes to
 * the same path are done one after the other, so that two messages stand in the room as they were sent; the rest overlaps. It belongs to
 * its socket, and owns the calls in line.
 *
 * Bounds: CALLS_AT_A_TIME are worked on; CALLS_WAITING_MAX, of together CALLS_WAITING_BYTES, wait. A read begins only when its answer is
 * expected to fit into what a stream may have unwritten, beside all that is queued and under way, or when it is the only one. What is
 * expected follows from the answers that came before: so many small ones overlap, and large ones come one after the other.
 */
#pragma once

#include "base/list.h"
#include "stream/call.h"

enum {
    CALLS_AT_A_TIME = 16,
    CALLS_WAITING_MAX = 128,
    CALLS_WAITING_BYTES = 512 * 1024,
    CALLS_ANSWER_BYTES = 128 * 1024,  /* expected of the first read */
};

struct calls {
    struct list line;
    size_t expected;  /* bytes of the answer to a read */
};

void calls_init(struct calls *calls);

/* Stands a call in line; false when too many wait already. */
bool calls_add(struct calls *calls, struct reader *reader, const struct call_request *request) __attribute__((warn_unused_result));
void calls_go_on(struct hub *hub, struct calls *calls);              /* begins what may begin */
void calls_learn(struct calls *calls, const struct call *call);      /* from how large its answer was, which is there or was too large */
bool calls_are_done(const struct calls *calls);

void calls_fail_waiting(struct hub *hub, struct calls *calls);       /* what has not begun is answered with 503 */
void calls_fail_all(struct hub *hub, struct calls *calls);           /* and what was not answered, too */
void calls_drop_all(struct hub *hub, struct calls *calls);           /* nobody is there to be answered */
