/*
 * The accept threads: each takes a request (base/accept.h), reads its parameters, and hands the descriptor to the hub by a queue
 * and an eventfd. What needs no hub (a wrong method or query, nobody's token) is answered in place. Nothing else is shared between threads.
 */
#pragma once

#include "base/span.h"
#include "wire/address.h"
#include "wire/cursor.h"

#include <stdbool.h>
#include <stdint.h>

enum arrival_kind {
    ARRIVAL_STREAM,
    ARRIVAL_HEALTH,
    ARRIVAL_CHECK,  /* nginx asks for our health before it passes GET /api/health on to parley-api */
    ARRIVAL_METRICS,
};

enum { ARRIVAL_TOKEN_HASH = 32 };

struct socket;

/* A request on its way to the hub, which owns it, and its descriptor, from arrivals_take() on. */
struct arrival {
    struct arrival *next;
    int descriptor;
    uint16_t request;
    enum arrival_kind kind;
    bool is_once, has_fault;  /* a fault: `once` is no flag */
    bool has_cursor, is_cursor_valid;
    struct cursor cursor;
    struct address from;  /* what counts of the client's address, */
    uint64_t address;     /* and a number for it */
    unsigned char token_hash[ARRIVAL_TOKEN_HASH];
    struct socket *socket;  /* of a WebSocket, owned; null of a FastCGI request */
};

/* What a request for a stream says, by whatever way it came; empty spans for what it does not say. */
struct asked {
    struct span authorization, cookie, query, last_event_id;
    struct span address;
};

struct arrivals;

/* Writes who asks and from which cursor; gives the token, which points into what was asked, or an empty span when there is none. */
struct span arrival_read(const struct arrivals *arrivals, struct arrival *arrival, const struct asked *asked);

/* `listening` is a socket for FastCGI. */
struct arrivals *arrivals_start(int listening, int threads);
int arrivals_descriptor(const struct arrivals *arrivals);          /* readable when somebody has come */
struct arrival *arrivals_take(struct arrivals *arrivals);          /* all that have come, oldest first */
void arrivals_stop(struct arrivals *arrivals);                     /* takes no more; ends the threads. The queue may still hold some */
void arrivals_free(struct arrivals *arrivals);
