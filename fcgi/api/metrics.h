/* What parley-api counts, as Prometheus text. Counting costs a few atomic additions; a reader may see one request half counted. */
#pragma once
#include "api/committer.h"
#include "api/pool.h"
#include "base/buf.h"

#include <stdint.h>

struct metrics;

struct metrics *metrics_new(size_t routes); /* one more is kept for what no route answered */
void metrics_free(struct metrics *metrics);

void metrics_note(struct metrics *metrics, size_t route, int status, int64_t took_us);

/* The name of a route by its number, for the label: "POST /api/rooms/{room}/messages". Appends to `out`. */
typedef void metrics_namer(struct buf *out, size_t route);

enum { METRICS_POOLS = 4 };

struct metrics_pool {
    const char *name;
    struct pool_stats stats;
};

struct metrics_sources {
    struct committer_stats committer;
    struct metrics_pool pools[METRICS_POOLS];
    int64_t committer_reconnects;
};

void metrics_write(struct metrics *metrics, const struct metrics_sources *sources, metrics_namer *namer, struct buf *out);
