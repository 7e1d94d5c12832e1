// Latencies in buckets of 1/32 of a power of two: 3 % of error, from a microsecond to an hour, in a fixed array.
#pragma once

#include <stdint.h>
#include <string.h>

#define HISTOGRAM_BUCKETS 2048

struct histogram {
    uint64_t count[HISTOGRAM_BUCKETS];
    uint64_t total;
    uint64_t max_us;
};

static inline unsigned histogram_bucket(uint64_t us)
{
    if (us < 32)
        return (unsigned)us;
    unsigned exponent = 63 - (unsigned)__builtin_clzll(us);
    return (exponent - 4) * 32 + (unsigned)((us >> (exponent - 5)) & 31);
}

static inline uint64_t histogram_lower_bound(unsigned bucket)
{
    if (bucket < 32)
        return bucket;
    unsigned exponent = bucket / 32 + 4;
    return (UINT64_C(1) << exponent) + ((uint64_t)(bucket % 32) << (exponent - 5));
}

static inline void histogram_add(struct histogram *h, uint64_t us)
{
    h->count[histogram_bucket(us)]++;
    h->total++;
    if (us > h->max_us)
        h->max_us = us;
}

// The latency that `part` (0..1) of all do not exceed, in milliseconds.
static inline double histogram_ms(const struct histogram *h, double part)
{
    uint64_t wanted = (uint64_t)(part * (double)h->total), seen = 0;
    for (unsigned i = 0; i < HISTOGRAM_BUCKETS; i++) {
        seen += h->count[i];
        if (seen > wanted)
            return (double)histogram_lower_bound(i) / 1000.0;
    }
    return (double)h->max_us / 1000.0;
}
