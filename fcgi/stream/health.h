/*
 * What the hub says of itself to those who run it: GET /api/health, which is its own and nginx's question before it passes the
 * call on to parley-api, and GET /metrics/stream.
 */
#pragma once

#include "base/buf.h"

struct hub;

void health_answer(const struct hub *hub, struct buf *out);

/* The same as nginx's auth_request wants it: 204, or 403 with the problem in a header. */
void health_answer_check(const struct hub *hub, struct buf *out);

void health_answer_metrics(struct hub *hub, struct buf *out);
