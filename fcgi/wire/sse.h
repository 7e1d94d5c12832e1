/*
 * Server-Sent Events as bytes: https://html.spec.whatwg.org/multipage/server-sent-events.html
 * Builders append to a buffer; they know nothing of readers.
 */
#pragma once

#include "base/buf.h"

#include <stddef.h>

/* One event. `id` may be null (a passing event). Data of several lines becomes several `data:` lines. */
void sse_event(struct buf *out, const char *id, const char *event, const char *data, size_t data_length);

/* When the client should come back after the stream ends. */
void sse_retry(struct buf *out, unsigned milliseconds);
