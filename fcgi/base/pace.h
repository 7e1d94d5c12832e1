/*
 * A rate with a burst, kept as one number: the time by which all that was let through will have been paid off (GCRA). One
 * step costs `interval_ms`, and up to `burst` of them may be owed. Zero is where nobody owes anything.
 */
#pragma once
#include <stdint.h>

/* Lets one step through and gives 0, or gives how many milliseconds are to be waited for it. */
static inline int64_t pace_take(int64_t *paid_at, int64_t now_ms, int64_t interval_ms, int64_t burst)
{
    int64_t from = *paid_at > now_ms ? *paid_at : now_ms;
    int64_t wait = from + interval_ms - now_ms - interval_ms * burst;
    if (wait > 0)
        return wait;
    *paid_at = from + interval_ms;
    return 0;
}
