/*
 * The WebSocket of a reader: what it sends is read here (wslay takes the frames apart), its calls stand in line (stream/calls), pings
 * are answered, the closing handshake is done. What goes out goes through the reader's outbox as for any stream. It belongs to its reader.
 *
 * Whoever closes, calls under way are answered before the close frame, within SOCKET_ANSWERS_MS: what was asked counts. When the client
 * closes, so do those that still wait; when we do, these are answered with 503, as is what comes later.
 *
 * Bounds: a message has at most SOCKET_MESSAGE_MAX bytes and is whole within SOCKET_WHOLE_MS; calls as stream/calls says, and at the pace
 * that nginx has for requests. More is answered by its ref, so that pings and the close frame are always heard. Only while more is unwritten than a
 * stream may have nothing is read, so that the client's own socket holds it up.
 */
#pragma once

#include "base/buf.h"
#include "wire/handshake.h"
#include "wire/websocket.h"

#include <stdbool.h>
#include <stdint.h>

struct calls;
struct hub;
struct reader;
struct socket;

enum {
    SOCKET_MESSAGE_MAX = 256 * 1024 + 4096,  /* the largest body of a call over HTTP, and what is around it */
    SOCKET_WHOLE_MS = 30000,
    SOCKET_ANSWERS_MS = 3000,
};

/* Copies what it needs of the handshake; `early` is what came right behind it. */
struct socket *socket_new(const struct handshake *said, struct span token, struct span early);
void socket_free(struct hub *hub, struct socket *socket);
struct calls *socket_calls(const struct reader *reader);

void socket_open(struct reader *reader, struct buf *out);   /* the answer to the handshake: from here on there are frames */
bool socket_wants_read(const struct reader *reader);
void socket_read(struct hub *hub, struct reader *reader);   /* its descriptor is readable */
void socket_go_on(struct hub *hub, struct reader *reader);  /* a call of it was answered, or all was written */

void socket_ping(struct reader *reader, struct buf *out);
bool socket_is_silent(const struct reader *reader);         /* pings remain without an answer */
bool socket_is_stalled(const struct hub *hub, const struct reader *reader);  /* a message was begun long ago */

/* Its reader is ending: the close frame is queued as soon as no call is under way, and then the end. */
void socket_close(struct hub *hub, struct reader *reader, enum websocket_close code, const char *reason);
bool socket_awaits_close(const struct reader *reader);      /* we closed, the other side has not yet */

/* What is due of one that closes: gives when to look again, or 0 when its time is over. */
int64_t socket_look_at_close(struct hub *hub, struct reader *reader);
