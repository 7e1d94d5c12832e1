/*
 * What the hub counts about itself, and the Prometheus text of it. Confined to the hub's thread, so plain numbers.
 */
#pragma once

#include "base/buf.h"

#include <stdint.h>

enum { METRICS_LAG_BUCKETS = 12 };

struct metrics {
    uint64_t streams_opened, streams_refused, streams_limited, streams_put_off, streams_ended;
    uint64_t events_read, events_delivered, bytes_written, writes;
    uint64_t passing_delivered;
    uint64_t sockets_opened, calls;
    uint64_t resumes_from_ring, resumes_from_log, resets;
    uint64_t lagged, cut_off;
    uint64_t database_losses, database_errors, feed_reads, rewinds;
    uint64_t lag_buckets[METRICS_LAG_BUCKETS], lag_count;
    double lag_sum;
    struct {                 /* what is now: filled in before printing */
        uint64_t streams, parked, catching_up, queue_bytes, people, rooms, ring_events, log_position, database_reconnects;
        bool database_is_up;
        double behind_seconds;
        uint64_t people_by_room_size[4];
    } now;
};

/* From a commit to the last write of its event, in seconds. */
void metrics_note_lag(struct metrics *metrics, double seconds);

void metrics_print(const struct metrics *metrics, struct buf *out);
