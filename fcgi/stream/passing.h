/*
 * What travels inside a notification of parley_now and is nowhere else: typing, read marks, presence. At most once, to live
 * streams only, without an id.
 */
#pragma once

#include <jansson.h>

struct frame;
struct hub;

void passing_take(struct hub *hub, const char *payload);

/* The frame of a passing event, held once. */
struct frame *passing_frame(const char *name, const json_t *data);
