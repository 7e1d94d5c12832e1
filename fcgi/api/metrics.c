#include "api/metrics.h"

#include "base/mem.h"

#include <stdatomic.h>

enum { BUCKETS = 11, CLASSES = 4 };

static const int64_t bounds_us[BUCKETS] = {500, 1000, 2500, 5000, 10000, 25000, 50000, 100000, 250000, 1000000, 2500000};
static const char *const classes[CLASSES] = {"2xx", "3xx", "4xx", "5xx"};

struct counts {
    atomic_uint_fast64_t up_to[BUCKETS + 1]; /* not cumulative; the last is what took longer */
    atomic_uint_fast64_t by_class[CLASSES];
    atomic_uint_fast64_t sum_us;
};

struct metrics {
    size_t routes;
    struct counts counts[];
};

struct metrics *metrics_new(size_t routes)
{
    struct metrics *metrics = mem_zeroed(sizeof *metrics + (routes + 1) * sizeof *metrics->counts);
    metrics->routes = routes;
    return metrics;
}

void metrics_free(struct metrics *metrics)
{
    mem_free(metrics);
}

static void add(atomic_uint_fast64_t *counter, uint64_t more)
{
    atomic_fetch_add_explicit(counter, more, memory_order_relaxed);
}

void metrics_note(struct metrics *metrics, size_t route, int status, int64_t took_us)
{
    struct counts *counts = &metrics->counts[route < metrics->routes ? route : metrics->routes];
    int bucket = 0;
    while (bucket < BUCKETS && took_us > bounds_us[bucket])
        bucket++;
    add(&counts->up_to[bucket], 1);
    add(&counts->sum_us, took_us > 0 ? (uint64_t)took_us : 0);
    add(&counts->by_class[status >= 200 && status < 600 ? status / 100 - 2 : CLASSES - 1], 1);
}

static uint64_t get(atomic_uint_fast64_t *counter)
{
    return atomic_load_explicit(counter, memory_order_relaxed);
}

static void write_head(struct buf *out, const char *name, const char *kind, const char *help)
{
    buf_printf(out, "# HELP parley_api_%s %s\n# TYPE parley_api_%s %s\n", name, help, name, kind);
}

static void write_one(struct buf *out, const char *name, const char *kind, const char *help, uint64_t value)
{
    write_head(out, name, kind, help);
    buf_printf(out, "parley_api_%s %llu\n", name, (unsigned long long)value);
}

static uint64_t count_all(struct counts *counts)
{
    uint64_t all = 0;
    for (int i = 0; i <= BUCKETS; i++)
        all += get(&counts->up_to[i]);
    return all;
}

static void write_latency(struct buf *out, struct counts *counts, const char *route)
{
    uint64_t sum = 0;
    for (int i = 0; i < BUCKETS; i++) {
        sum += get(&counts->up_to[i]);
        buf_printf(out, "parley_api_request_seconds_bucket{route=\"%s\",le=\"%g\"} %llu\n", route, (double)bounds_us[i] / 1e6,
                   (unsigned long long)sum);
    }
    sum += get(&counts->up_to[BUCKETS]);
    buf_printf(out, "parley_api_request_seconds_bucket{route=\"%s\",le=\"+Inf\"} %llu\n", route, (unsigned long long)sum);
    buf_printf(out, "parley_api_request_seconds_sum{route=\"%s\"} %.6f\n", route, (double)get(&counts->sum_us) / 1e6);
    buf_printf(out, "parley_api_request_seconds_count{route=\"%s\"} %llu\n", route, (unsigned long long)sum);
}

static void write_statuses(struct buf *out, struct counts *counts, const char *route)
{
    for (int i = 0; i < CLASSES; i++)
        if (get(&counts->by_class[i]))
            buf_printf(out, "parley_api_requests_total{route=\"%s\",status=\"%s\"} %llu\n", route, classes[i],
                       (unsigned long long)get(&counts->by_class[i]));
}

/* Only routes that were asked: the others would be a hundred pages of zeros. */
static void write_routes(struct metrics *metrics, metrics_namer *namer, struct buf *out,
                         void (*write)(struct buf *, struct counts *, const char *))
{
    struct buf name;
    buf_init(&name, 0);
    for (size_t i = 0; i <= metrics->routes; i++) {
        if (!count_all(&metrics->counts[i]))
            continue;
        buf_clear(&name);
        if (i < metrics->routes)
            namer(&name, i);
        else
            buf_add_text(&name, "none");
        write(out, &metrics->counts[i], buf_text(&name));
    }
    buf_free(&name);
}

static void write_committer(struct buf *out, const struct committer_stats *stats)
{
    uint64_t sum = 0;
    write_head(out, "batch_calls", "histogram", "Writes that shared one commit.");
    for (int i = 0; i < 7; i++) {
        sum += stats->batches_up_to[i];
        buf_printf(out, "parley_api_batch_calls_bucket{le=\"%d\"} %llu\n", 1 << i, (unsigned long long)sum);
    }
    buf_printf(out, "parley_api_batch_calls_bucket{le=\"+Inf\"} %llu\n", (unsigned long long)stats->batches);
    buf_printf(out, "parley_api_batch_calls_sum %llu\nparley_api_batch_calls_count %llu\n", (unsigned long long)stats->calls,
               (unsigned long long)stats->batches);
    write_one(out, "queue_calls", "gauge", "Writes that wait for the committer.", stats->queued);
    write_one(out, "queue_refused_total", "counter", "Writes refused because too many waited.", stats->refused);
    write_one(out, "queue_withdrawn_total", "counter", "Writes that waited too long and never ran.", stats->withdrawn);
    write_one(out, "batches_failed_total", "counter", "Commits that failed as a whole, and were tried call by call.", stats->failed_batches);
    write_one(out, "outcomes_unknown_total", "counter", "Writes whose connection broke before the answer.", stats->unknown);
}

static uint64_t busy_of(const struct pool_stats *stats)
{
    return stats->busy;
}

static uint64_t waiting_of(const struct pool_stats *stats)
{
    return stats->waiting;
}

static uint64_t starved_of(const struct pool_stats *stats)
{
    return stats->starved;
}

static void write_by_pool(struct buf *out, const struct metrics_sources *sources, const char *name, const char *kind, const char *help,
                          uint64_t (*value_of)(const struct pool_stats *))
{
    write_head(out, name, kind, help);
    for (int i = 0; i < METRICS_POOLS; i++)
        buf_printf(out, "parley_api_%s{pool=\"%s\"} %llu\n", name, sources->pools[i].name, (unsigned long long)value_of(&sources->pools[i].stats));
}

static void write_pools(struct buf *out, const struct metrics_sources *sources)
{
    uint64_t errors = sources->committer.errors, reconnects = (uint64_t)sources->committer_reconnects;
    for (int i = 0; i < METRICS_POOLS; i++) {
        errors += sources->pools[i].stats.errors;
        reconnects += sources->pools[i].stats.reconnects;
    }
    write_by_pool(out, sources, "connections_busy", "gauge", "Connections that are asking, but the committer's.", busy_of);
    write_by_pool(out, sources, "connections_waited_for", "gauge", "Requests that wait for a connection.", waiting_of);
    write_by_pool(out, sources, "connections_starved_total", "counter", "Requests for which none became free in time.", starved_of);
    write_one(out, "database_errors_total", "counter", "Calls that PostgreSQL could not answer: away, too late, or a mistake.", errors);
    write_one(out, "database_reconnects_total", "counter", "Connections to PostgreSQL made anew.", reconnects);
}

void metrics_write(struct metrics *metrics, const struct metrics_sources *sources, metrics_namer *namer, struct buf *out)
{
    write_head(out, "requests_total", "counter", "Answers by route and class of status.");
    write_routes(metrics, namer, out, write_statuses);
    write_head(out, "request_seconds", "histogram", "From a request's arrival in the program to its answer, by route.");
    write_routes(metrics, namer, out, write_latency);
    write_committer(out, &sources->committer);
    write_pools(out, sources);
}
