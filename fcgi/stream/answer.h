/*
 * The texts that the hub says of itself: heads, refusals, and the events that are not in the log. Pure builders.
 */
#pragma once

#include "base/buf.h"
#include "stream/framing.h"
#include "wire/cursor.h"

#include <stdint.h>

struct person;

/* The head of a stream, and when to come back after it ends. */
void answer_stream_head(struct buf *out, unsigned retry_ms);

/* A stream that ends at once: an EventSource gives up for ever on anything but 200, and this will pass. */
void answer_come_back(struct buf *out, unsigned retry_ms);

/* application/problem+json; `headers` are further lines, each with its CRLF; `more` as problem_add() has it. */
void answer_problem(struct buf *out, int status, const char *reason, const char *headers, const char *code, const char *title, const char *more);

void answer_no_session(struct buf *out);
void answer_shut_out(struct buf *out);

/* To nginx's auth_request: the refusal travels in a header, because it passes on nothing else. */
void answer_check_passed(struct buf *out);
void answer_check_failed(struct buf *out, int status, const char *code, const char *title);

void answer_json(struct buf *out, const char *json);
void answer_metrics_head(struct buf *out);

/* An answer of a FastCGI program, as one of HTTP/1.1 after which the connection closes. */
void answer_as_http(struct buf *out, struct span answer);

void answer_ready(struct buf *out, enum transport transport, const struct cursor *cursor, const struct person *person);
void answer_reset(struct buf *out, enum transport transport, const struct cursor *cursor, const char *reason);
void answer_ping(struct buf *out, enum transport transport, const struct cursor *cursor);
void answer_bye(struct buf *out, enum transport transport, unsigned retry_ms, const char *reason);

/* Spread evenly over half to one and a half of a time, so that not everybody comes back at once. */
unsigned answer_spread(long milliseconds, uint64_t seed);
