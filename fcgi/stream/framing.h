/*
 * An event as the bytes of a transport: a block of Server-Sent Events, or a WebSocket message. What is told to many is encoded once
 * for each transport, when the first reader of it needs it.
 */
#pragma once

#include "base/buf.h"
#include "wire/cursor.h"

#include <jansson.h>

struct frame;

enum transport { TRANSPORT_EVENTS, TRANSPORT_WEBSOCKET, TRANSPORT_COUNT };

/* Appends one event. `data` is JSON text; `cursor` may be null: then the event is a passing one. */
void framing_add(struct buf *out, enum transport transport, const struct cursor *cursor, const char *name, const char *data);

/* The same as a frame, which is the caller's. */
struct frame *framing_encode(enum transport transport, const struct cursor *cursor, const char *name, const char *data);

/* A passing event for many. It owns its text and its frames. */
struct notice {
    const char *name;
    char *data;
    struct frame *frames[TRANSPORT_COUNT];
};

void notice_init(struct notice *notice, const char *name, const json_t *data);
void notice_init_text(struct notice *notice, const char *name, const char *data);
struct frame *notice_frame(struct notice *notice, enum transport transport);  /* borrowed */
void notice_free(struct notice *notice);
