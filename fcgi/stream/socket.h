/*
 * The WebSocket of a reader: what it sends is read here (wslay takes the frames apart), its calls are handed on, pings answered, the
 * closing handshake done. What goes out goes through the reader's outbox as for any stream. It belongs to its reader.
 *
 * Bounds: a message has at most SOCKET_MESSAGE_MAX bytes; while SOCKET_CALLS_MAX calls are on their way, or more is unwritten than a
 * stream may have, nothing is read, so that the client's own socket holds it up.
 */
#pragma once

#include "base/buf.h"
#include "wire/handshake.h"
#include "wire/websocket.h"

#include <stdbool.h>

struct hub;
struct reader;
struct socket;

enum {
    SOCKET_CALLS_MAX = 16,
    SOCKET_MESSAGE_MAX = 256 * 1024 + 4096,  /* the largest body of a call over HTTP, and what is around it */
};

/* Copies what it needs of the handshake; `early` is what came right behind it. */
struct socket *socket_new(const struct handshake *said, struct span token, struct span early);
void socket_free(struct hub *hub, struct socket *socket);

void socket_open(struct reader *reader, struct buf *out);   /* the answer to the handshake: from here on there are frames */
bool socket_wants_read(const struct reader *reader);
void socket_read(struct hub *hub, struct reader *reader);   /* its descriptor is readable */
void socket_go_on(struct hub *hub, struct reader *reader);  /* a call of it was answered, or all was written */

void socket_ping(struct reader *reader, struct buf *out);
bool socket_is_silent(const struct reader *reader);         /* pings remain without an answer */

/* Queues a close frame, unless there was one. */
void socket_close(struct hub *hub, struct reader *reader, enum websocket_close code, const char *reason);
bool socket_awaits_close(const struct reader *reader);      /* we closed, the other side has not yet */
