/* What this program counts, for Prometheus. Any thread may count. */
#pragma once
#include "base/buf.h"
#include "image/picture.h"

#include <stdatomic.h>
#include <stdint.h>

enum { METRICS_VERDICTS = PICTURE_NO_DECODER + 1, METRICS_STATUSES = 6 };

struct metrics {
    atomic_int_fast64_t verdicts[METRICS_VERDICTS];
    atomic_int_fast64_t answers[METRICS_STATUSES];   /* by the first digit of the status */
    atomic_int_fast64_t decode_us, bytes_in, blobs_served, uploads_now;
};

static inline void metrics_add(atomic_int_fast64_t *counter, int64_t count)
{
    atomic_fetch_add_explicit(counter, count, memory_order_relaxed);
}

void metrics_note_decoded(struct metrics *metrics, enum picture_verdict verdict, int64_t took_us);
void metrics_note_answer(struct metrics *metrics, int status);
void metrics_write(struct metrics *metrics, struct buf *out);
