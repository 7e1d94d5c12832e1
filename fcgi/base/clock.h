/* What time it is. Durations and deadlines use the monotonic clock, which never steps; the wall clock is only for people to read. */
#pragma once
#include <stdint.h>
#include <time.h>

#define CLOCK_NEVER INT64_MAX /* a deadline that does not come */

int64_t clock_ms(void); /* monotonic */
int64_t clock_us(void); /* monotonic */

/* The milliseconds left until a deadline of clock_ms, as poll() wants them: 0 when it passed, -1 for CLOCK_NEVER. */
int clock_left_ms(int64_t deadline_ms);

/* The same time, or stretch of time, for those who want a timespec. */
static inline struct timespec clock_timespec(int64_t ms)
{
    return (struct timespec){.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};
}

enum { CLOCK_TEXT_SIZE = sizeof "2026-11-23T12:00:00.000Z" };
const char *clock_text(char text[static CLOCK_TEXT_SIZE]); /* the wall clock, RFC 3339 in UTC */
