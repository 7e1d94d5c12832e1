#include "stream/health.h"

#include "stream/answer.h"
#include "stream/feed.h"
#include "stream/hub.h"
#include "stream/loader.h"

#include <inttypes.h>
#include <stdio.h>

#ifndef PARLEY_VERSION
#define PARLEY_VERSION "unknown"
#endif

static const double behind_too_long = 5;  /* seconds */

/* Null when all is well. */
static const char *find_trouble(const struct hub *hub)
{
    if (!feed_is_up(hub->feed) || !loader_is_up(hub->loader))
        return "The database is away from the streams.";
    if (feed_seconds_behind(hub) > behind_too_long)
        return "The streams are more than 5 seconds behind.";
    return NULL;
}

void health_answer(const struct hub *hub, struct buf *out)
{
    const char *trouble = find_trouble(hub);
    char text[256];
    if (trouble) {
        answer_problem(out, 503, "Service Unavailable", "Retry-After: 2\r\n", "unavailable", trouble, "");
    } else {
        snprintf(text, sizeof text, "{\"status\":\"ok\",\"version\":\"%s\",\"log_head\":%" PRId64 "}", PARLEY_VERSION, hub->ring.head.id);
        answer_json(out, text);
    }
}

void health_answer_check(const struct hub *hub, struct buf *out)
{
    const char *trouble = find_trouble(hub);
    if (!trouble)
        answer_check_passed(out);
    else
        answer_check_failed(out, 503, "unavailable", trouble);
}

static uint64_t count_queued(const struct hub *hub, enum reader_state state)
{
    uint64_t bytes = 0;
    LIST_EACH(&hub->readers[state], link)
        bytes += LIST_OWNER(link, struct reader, of_state)->outbox.bytes;
    return bytes;
}

static void count_rooms(struct hub *hub)
{
    size_t position = 0;
    const struct room *room;
    for (size_t i = 0; i < 4; i++)
        hub->metrics.now.people_by_room_size[i] = 0;
    while ((room = map_next(&hub->rooms.rooms, &position))) {
        size_t size = room->count <= 10 ? 0 : room->count <= 100 ? 1 : room->count <= 500 ? 2 : 3;
        hub->metrics.now.people_by_room_size[size] += room->count;
    }
}

static size_t count_streams(const struct hub *hub)
{
    size_t count = 0;
    for (enum reader_state state = READER_CATCHING_UP; state <= READER_LIVE; state++)
        count += hub->reader_counts[state];
    return count;
}

void health_answer_metrics(struct hub *hub, struct buf *out)
{
    struct metrics *metrics = &hub->metrics;
    metrics->now.streams = count_streams(hub);
    metrics->now.parked = hub->reader_counts[READER_PARKED] + hub->reader_counts[READER_LOADING] + hub->reader_counts[READER_WAITING];
    metrics->now.catching_up = metrics->now.streams - hub->reader_counts[READER_LIVE];
    metrics->now.queue_bytes = count_queued(hub, READER_LIVE) + count_queued(hub, READER_CATCHING_UP) + count_queued(hub, READER_ENDING);
    metrics->now.people = hub->rooms.people.count;
    metrics->now.rooms = hub->rooms.rooms.count;
    metrics->now.ring_events = hub->ring.count;
    metrics->now.log_position = (uint64_t)hub->ring.head.id;
    metrics->now.database_is_up = feed_is_up(hub->feed);
    metrics->now.database_reconnects = (uint64_t)(feed_reconnects(hub->feed) + loader_reconnects(hub->loader));
    metrics->now.behind_seconds = feed_seconds_behind(hub);
    count_rooms(hub);
    answer_metrics_head(out);
    metrics_print(metrics, out);
}
