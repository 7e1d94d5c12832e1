/*
 * Connections shared by the request threads, for what is not the committer's: reads, and the writes that wait for no flush.
 * A thread borrows one for one question; who gets none in time is told 503. The pool owns its connections.
 */
#pragma once
#include "db/call.h"

#include <stddef.h>
#include <stdint.h>

struct pool;

struct pool_stats {
    size_t size, busy, waiting;
    uint64_t starved;    /* no connection became free in time */
    uint64_t errors;     /* no server, it broke twice, or it could not answer */
    uint64_t reconnects;
};

struct pool *pool_new(const struct conn_plan *plan, size_t size);
void pool_free(struct pool *pool); /* all connections must be back */

/*
 * Always fills the outcome; 503 when PostgreSQL is away, or no connection becomes free within the patience. The call itself may
 * take as long as the plan's time-out of statements.
 */
void pool_call(struct pool *pool, const char *statement, const char *token, const char *args, int patience_ms,
               struct outcome *outcome);

/*
 * The same for an export; 429 when all connections are busy, at once, since an export takes long and no thread shall wait for it.
 * True: all lines were given. Else the outcome says why, or lines were given and then it broke.
 */
bool pool_lines(struct pool *pool, const char *statement, const char *token, const char *id,
                conn_taker *taker, void *owner, struct outcome *outcome);

struct pool_stats pool_stats(struct pool *pool);
