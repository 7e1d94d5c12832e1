/*
 * The opening handshake of a WebSocket, the server's side (RFC 6455, 4.2): the head of an HTTP/1.1 request in, what it asks for or
 * why it may not out. The request comes from nginx, which has checked its form; nothing that it could not be is believed all the same.
 */
#pragma once
#include "base/buf.h"

enum { HANDSHAKE_HEAD_MAX = 16 * 1024, HANDSHAKE_KEY_LENGTH = 24, HANDSHAKE_ACCEPT_SIZE = 28 + 1 };

enum handshake_result {
    HANDSHAKE_MORE,         /* the head is not whole yet */
    HANDSHAKE_DONE,
    HANDSHAKE_BAD,          /* no HTTP request, or one without what it needs */
    HANDSHAKE_NO_GET,       /* another method */
    HANDSHAKE_NO_UPGRADE,   /* plain HTTP, or another version than 13 */
};

/* All spans point into the bytes of the head; what was not sent is empty. */
struct handshake {
    size_t length;          /* of the head; what follows it are frames */
    struct span method, target, query;
    struct span host, upgrade, connection, key, version;
    struct span origin, fetch_site, authorization, cookie, last_event_id, agent;
    struct span address;    /* X-Real-IP: nginx says who the client is */
    struct span scheme;     /* X-Forwarded-Proto */
};

enum handshake_result handshake_read(struct handshake *handshake, struct span bytes) __attribute__((warn_unused_result));

/* Sec-WebSocket-Accept for a Sec-WebSocket-Key, which has HANDSHAKE_KEY_LENGTH characters. */
void handshake_accept(char accept[static HANDSHAKE_ACCEPT_SIZE], struct span key);

/* The answer that opens the connection. */
void handshake_answer(struct buf *out, const char accept[static HANDSHAKE_ACCEPT_SIZE]);
