/*
 * What the hub says of itself to those who run it: GET /api/health and GET /metrics/stream.
 */
#pragma once

#include "base/buf.h"

struct hub;

void health_answer(struct hub *hub, struct buf *out);
void health_answer_metrics(struct hub *hub, struct buf *out);
