/*
 * WebSocket frames (RFC 6455) as a server sends them, as bytes: unmasked, never in fragments. wslay does the framing. What a
 * client sends needs a state and is read by wslay's event context, where the descriptor is. The handshake is wire/handshake.
 */
#pragma once
#include "base/buf.h"

#include <stdint.h>

/* Close codes: RFC 6455, 7.4.1, and those of the registry it set up; from 4000 on they are ours.
 * wslay itself closes with 1007. */
enum websocket_close {
    WEBSOCKET_GOING_AWAY = 1001,    /* it has not answered for long */
    WEBSOCKET_PROTOCOL_ERROR = 1002,
    WEBSOCKET_UNSUPPORTED = 1003,   /* a binary message */
    WEBSOCKET_POLICY = 1008,        /* it goes on sending what is no call, or never ends a message */
    WEBSOCKET_TOO_LONG = 1009,      /* a message over the bound */
    WEBSOCKET_RESTART = 1012,       /* this server stops: come back */
    WEBSOCKET_BAD_GATEWAY = 1014,   /* the last of the registry that a client may say, too */
    WEBSOCKET_EXPIRED = 4001,       /* the session's time is over */
    WEBSOCKET_REVOKED = 4003,       /* the session was ended: sign-out, ban, a new password */
    WEBSOCKET_SLOW = 4008,          /* more was waiting for it than a stream may have */
};

/* A text message; the payload must be valid UTF-8. */
void websocket_text(struct buf *out, struct span payload);
void websocket_ping(struct buf *out);
void websocket_close(struct buf *out, enum websocket_close code);
