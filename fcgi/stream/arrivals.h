/*
 * The accept threads: libfcgi takes each request, its parameters are read here, and the descriptor goes to the hub by a queue
 * and an eventfd. What needs no hub (a wrong method or path) is answered in place. Nothing else is shared between threads.
 */
#pragma once

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

/* A request on its way to the hub, which owns it, and its descriptor, from arrivals_take() on. */
struct arrival {
    struct arrival *next;
    int descriptor;
    uint16_t request;
    enum arrival_kind kind;
    bool is_once;
    bool has_cursor, is_cursor_valid;
    struct cursor cursor;
    uint64_t address;  /* a number for the client's address */
    unsigned char token_hash[ARRIVAL_TOKEN_HASH];
};

struct arrivals;

struct arrivals *arrivals_start(int threads);
int arrivals_descriptor(const struct arrivals *arrivals);          /* readable when somebody has come */
struct arrival *arrivals_take(struct arrivals *arrivals);          /* all that have come, oldest first */
void arrivals_stop(struct arrivals *arrivals);                     /* takes no more; ends the threads. The queue may still hold some */
void arrivals_free(struct arrivals *arrivals);
