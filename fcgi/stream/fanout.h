/*
 * Whom an event is for, by the replica of membership. Two questions with one answer: who of all gets it (live), and does
 * this one get it (a resume from the ring). No I/O, no readers: it gives people and variants to its caller.
 */
#pragma once

#include "stream/event.h"

struct person;
struct rooms;

typedef void fanout_give(void *owner, struct person *person, enum event_variant variant);

/* Calls `give` once for each person whom an event is for. `give` must not change the replica. */
void fanout_event(struct rooms *rooms, const struct event *event, fanout_give *give, void *owner);

/*
 * Is an event of the past for this person, by the memberships of now? Of a room only what came after the joining, and of rooms
 * that one is no longer in only one's own leaving.
 */
bool fanout_is_for(const struct rooms *rooms, const struct person *person, const struct event *event, enum event_variant *variant);

/* How this person sees an event that is for them. */
enum event_variant fanout_variant(const struct rooms *rooms, const struct person *person, const struct event *event);
