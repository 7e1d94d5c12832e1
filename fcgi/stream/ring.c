#include "stream/ring.h"

#include "base/mem.h"

#include <assert.h>

void ring_init(struct ring *ring, size_t size, size_t bytes_max)
{
    assert(size > 0);
    *ring = (struct ring){.events = mem_zeroed(size * sizeof(struct event)), .size = size, .bytes_max = bytes_max};
}

void ring_free(struct ring *ring)
{
    ring_clear(ring, &(struct cursor){0});
    mem_free(ring->events);
    *ring = (struct ring){0};
}

void ring_clear(struct ring *ring, const struct cursor *start)
{
    for (size_t i = 0; i < ring->count; i++)
        event_reset(ring_at(ring, i));
    ring->first = ring->count = 0;
    ring->bytes = 0;
    ring->base = start->id;
    ring->head = *start;
}

static void drop_oldest(struct ring *ring)
{
    struct event *oldest = ring_at(ring, 0);
    ring->base = oldest->cursor.id;
    ring->bytes -= event_weight(oldest);
    event_reset(oldest);
    ring->first = (ring->first + 1) % ring->size;
    ring->count--;
}

struct event *ring_push(struct ring *ring, struct event *event)
{
    struct event *place;
    assert(event->cursor.id > ring->head.id);
    if (ring->count == ring->size)
        drop_oldest(ring);
    place = &ring->events[(ring->first + ring->count) % ring->size];
    *place = *event;
    *event = (struct event){0};
    ring->count++;
    ring->bytes += event_weight(place);
    ring->head = place->cursor;
    while (ring->bytes > ring->bytes_max && ring->count > 1)
        drop_oldest(ring);
    return place;
}

void ring_refresh(struct ring *ring, struct event *event, struct event *fresh)
{
    ring->bytes -= event_weight(event);
    event_refresh(event, fresh);
    ring->bytes += event_weight(event);
}

void ring_drop_before(struct ring *ring, double at)
{
    while (ring->count > 0 && ring_at(ring, 0)->at < at)
        drop_oldest(ring);
}

bool ring_covers(const struct ring *ring, int64_t after)
{
    return after >= ring->base;
}

size_t ring_after(const struct ring *ring, int64_t after)
{
    size_t low = 0, high = ring->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (ring_at(ring, middle)->cursor.id > after)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

struct event *ring_at(const struct ring *ring, size_t place)
{
    assert(place < ring->count);
    return &ring->events[(ring->first + place) % ring->size];
}

struct event *ring_find(const struct ring *ring, int64_t id)
{
    size_t place = ring_after(ring, id - 1);
    if (place == ring->count || ring_at(ring, place)->cursor.id != id)
        return NULL;
    return ring_at(ring, place);
}
