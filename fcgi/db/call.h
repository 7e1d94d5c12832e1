/*
 * The three questions that requests are made of: one function of the API, which parley-image asks, too; the lines of an export; and
 * a batch of functions in one transaction. This file and its .c hold all SQL text of parley-api.
 */
#pragma once
#include "base/buf.h"
#include "db/conn.h"
#include "db/outcome.h"

enum { CALL_BATCH_MAX = 64 }; /* beyond that PostgreSQL's cache of subtransactions overflows */

enum call_end {
    CALL_ANSWERED, /* each call has its outcome */
    CALL_REFUSED,  /* the batch as a whole; undone; conn_error() says why */
    CALL_AWAY,     /* not sent; undone */
    CALL_LOST      /* nobody knows whether it was done */
};

/* The statement for api.FUNCTION; give it back to mem_free() only after all connections that used it. */
char *call_statement(const char *function);

/*
 * Asks a read: asked again once when the connection broke or the server gave way to another transaction. A refusal is an outcome too, so CALL_REFUSED never comes.
 * `token` is the hash of the session's token or NULL.
 */
enum call_end call_function(struct conn *conn, const char *statement, const char *token, const char *args, int64_t deadline_ms,
                            struct outcome *outcome) __attribute__((warn_unused_result));

/*
 * An export: api.FUNCTION(token) or, with an id, api.FUNCTION(token, id), one line a row. CALL_REFUSED leaves the outcome filled;
 * lines may have been given before that. Not asked again.
 */
char *call_lines_statement(const char *function, bool has_id);
enum call_end call_lines(struct conn *conn, const char *statement, const char *token, const char *id, int64_t deadline_ms,
                         conn_taker *taker, void *owner, struct outcome *outcome) __attribute__((warn_unused_result));

/* A call as a member of a batch, for call_batch's array. */
void call_add(struct buf *out, const char *function, const char *token, const char *args);

/* Runs `calls`, a JSON array of `count` calls: one transaction, a subtransaction each. Fills one outcome a call, in order. Asked once. */
enum call_end call_batch(struct conn *conn, const char *calls, struct outcome *const *outcomes, size_t count, int64_t deadline_ms)
    __attribute__((warn_unused_result));
