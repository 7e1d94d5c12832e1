/*
 * The newest events of the log in memory, without a gap: all of base < id ≤ head. A storm of resumes is served from here.
 * Bounded in number, and in bytes, because a message may be a hundred times as long as another.
 * The ring owns its events; a pointer to one is good until the next push or clear.
 */
#pragma once

#include "stream/event.h"

struct ring {
    struct event *events;
    size_t size, first, count;
    size_t bytes, bytes_max;  /* about the memory of the events and their frames */
    int64_t base;         /* everything after this number is here */
    struct cursor head;   /* up to which the log was read; its tag is empty before the first event */
};

void ring_init(struct ring *ring, size_t size, size_t bytes_max);
void ring_free(struct ring *ring);

/* Forgets everything and starts after a cursor. */
void ring_clear(struct ring *ring, const struct cursor *start);

/* Takes over a newer event, which is left empty; the oldest ones may go for it, but never this one. Gives the event in its place. */
struct event *ring_push(struct ring *ring, struct event *event);

/* An event of the ring was read again, see event_refresh(). */
void ring_refresh(struct ring *ring, struct event *event, struct event *fresh);

/* Forgets the oldest events, those before a time in seconds since 1970. */
void ring_drop_before(struct ring *ring, double at);

/* Are all events after this number (that are not newer than the head) here? */
bool ring_covers(const struct ring *ring, int64_t after);

/* The place of the first event after a number; ring->count when there is none. */
size_t ring_after(const struct ring *ring, int64_t after);

struct event *ring_at(const struct ring *ring, size_t place);

/* The event with just this number, or null. */
struct event *ring_find(const struct ring *ring, int64_t id);
