#include "stream/metrics.h"

#include <inttypes.h>

static const double lag_bounds[METRICS_LAG_BUCKETS] = {
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5,
};

static const char *const room_sizes[] = {"1-10", "11-100", "101-500", "501+"};

void metrics_note_lag(struct metrics *metrics, double seconds)
{
    seconds = seconds < 0 ? 0 : seconds;
    metrics->lag_sum += seconds;
    metrics->lag_count++;
    for (size_t i = 0; i < METRICS_LAG_BUCKETS; i++) {
        if (seconds <= lag_bounds[i]) {
            metrics->lag_buckets[i]++;
            break;
        }
    }
}

static void print(struct buf *out, const char *type, const char *name, const char *help, uint64_t value)
{
    buf_printf(out, "# HELP parley_stream_%s %s\n# TYPE parley_stream_%s %s\nparley_stream_%s %" PRIu64 "\n",
               name, help, name, type, name, value);
}

static void print_counters(const struct metrics *metrics, struct buf *out)
{
    print(out, "counter", "opened_total", "Streams that began.", metrics->streams_opened);
    print(out, "counter", "sockets_opened_total", "Of these, WebSockets.", metrics->sockets_opened);
    print(out, "counter", "calls_total", "Calls that came on WebSockets.", metrics->calls);
    print(out, "counter", "refused_total", "Streams refused for want of a session.", metrics->streams_refused);
    print(out, "counter", "limited_total", "Streams turned away because one person or address had too many.", metrics->streams_limited);
    print(out, "counter", "put_off_total", "Streams told to come back, because PostgreSQL was away or the program ended.", metrics->streams_put_off);
    print(out, "counter", "ended_total", "Streams that are over.", metrics->streams_ended);
    print(out, "counter", "events_read_total", "Events read from the log.", metrics->events_read);
    print(out, "counter", "events_delivered_total", "Events handed to readers.", metrics->events_delivered);
    print(out, "counter", "passing_delivered_total", "Passing events (typing, presence, read marks) handed to readers.", metrics->passing_delivered);
    print(out, "counter", "written_bytes_total", "Bytes written to readers.", metrics->bytes_written);
    print(out, "counter", "writes_total", "Write calls to readers.", metrics->writes);
    print(out, "counter", "resumes_from_ring_total", "Ring hits: streams caught up from memory.", metrics->resumes_from_ring);
    print(out, "counter", "resumes_from_log_total", "Pages of missed events read from the database.", metrics->resumes_from_log);
    print(out, "counter", "resets_total", "Readers told to start afresh.", metrics->resets);
    print(out, "counter", "lagged_total", "Times that a live reader had too much queued and went on from memory.", metrics->lagged);
    print(out, "counter", "cut_off_total", "Readers cut off because they were too slow or took nothing.", metrics->cut_off);
    print(out, "counter", "database_losses_total", "Connections to PostgreSQL lost, or tried in vain.", metrics->database_losses);
    print(out, "counter", "database_errors_total", "Questions that PostgreSQL answered with an error.", metrics->database_errors);
    print(out, "counter", "database_reconnects_total", "Connections to PostgreSQL made anew.", metrics->now.database_reconnects);
    print(out, "counter", "log_reads_total", "Reads of the log.", metrics->feed_reads);
    print(out, "counter", "rewinds_total", "Times that the log turned out to be another one.", metrics->rewinds);
}

static void print_gauges(const struct metrics *metrics, struct buf *out)
{
    print(out, "gauge", "streams", "Streams open.", metrics->now.streams);
    print(out, "gauge", "parked", "Streams waiting for their session to be looked up.", metrics->now.parked);
    print(out, "gauge", "catching_up", "Streams that still get what they missed.", metrics->now.catching_up);
    print(out, "gauge", "queue_bytes", "Bytes queued for readers.", metrics->now.queue_bytes);
    print(out, "gauge", "people", "People known to the replica.", metrics->now.people);
    print(out, "gauge", "rooms", "Rooms known to the replica.", metrics->now.rooms);
    print(out, "gauge", "ring_events", "Events in memory.", metrics->now.ring_events);
    print(out, "gauge", "log_position", "Up to which event the log was read.", metrics->now.log_position);
    print(out, "gauge", "database_up", "Is the connection that follows the log there?", metrics->now.database_is_up);
    buf_printf(out, "# HELP parley_stream_behind_seconds For how long there has been unread log.\n"
                    "# TYPE parley_stream_behind_seconds gauge\nparley_stream_behind_seconds %.3f\n", metrics->now.behind_seconds);
}

static void print_room_sizes(const struct metrics *metrics, struct buf *out)
{
    buf_add_text(out, "# HELP parley_stream_room_readers People reading here, by how many read in the same room.\n"
                      "# TYPE parley_stream_room_readers gauge\n");
    for (size_t i = 0; i < sizeof room_sizes / sizeof room_sizes[0]; i++)
        buf_printf(out, "parley_stream_room_readers{size=\"%s\"} %" PRIu64 "\n", room_sizes[i], metrics->now.people_by_room_size[i]);
}

static void print_lag(const struct metrics *metrics, struct buf *out)
{
    uint64_t sum = 0;
    buf_add_text(out, "# HELP parley_stream_lag_seconds From the transaction of an event to its last write.\n"
                      "# TYPE parley_stream_lag_seconds histogram\n");
    for (size_t i = 0; i < METRICS_LAG_BUCKETS; i++) {
        sum += metrics->lag_buckets[i];
        buf_printf(out, "parley_stream_lag_seconds_bucket{le=\"%g\"} %" PRIu64 "\n", lag_bounds[i], sum);
    }
    buf_printf(out, "parley_stream_lag_seconds_bucket{le=\"+Inf\"} %" PRIu64 "\n", metrics->lag_count);
    buf_printf(out, "parley_stream_lag_seconds_sum %.6f\nparley_stream_lag_seconds_count %" PRIu64 "\n", metrics->lag_sum, metrics->lag_count);
}

void metrics_print(const struct metrics *metrics, struct buf *out)
{
    print_counters(metrics, out);
    print_gauges(metrics, out);
    print_room_sizes(metrics, out);
    print_lag(metrics, out);
}
