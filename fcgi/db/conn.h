/*
 * One connection to PostgreSQL for one thread at a time: it connects when asked something, prepares each statement when it is
 * first used, and never waits longer than the caller's deadline, also for a server that went silent. It comes back by itself:
 * a failed attempt is not repeated before a growing, capped pause is over; until then it says CONN_AWAY at once.
 *
 * It does no retries of questions: only the caller knows whether asking twice does harm. What distinguishes the ends:
 * after CONN_REFUSED and CONN_AWAY nothing was done; after CONN_LOST nobody knows.
 */
#pragma once
#include "base/span.h"

#include <stdbool.h>
#include <stdint.h>

struct conn;
struct rows;

struct conn_plan {
    const char *conninfo;     /* a libpq string or URI; may name several hosts */
    const char *name;         /* application_name */
    int statement_timeout_ms; /* the server ends a statement after this */
    int lock_timeout_ms;      /* 0: as long as the statement */
    int connect_timeout_ms;   /* for one attempt, over all hosts */
    const char *options;      /* more settings of the session, as `-c name=value`; NULL: none */
};

enum conn_end {
    CONN_ROWS,    /* conn_rows() has the answer, and what was done is committed */
    CONN_REFUSED, /* conn_error() says why; undone */
    CONN_AWAY,    /* there is no server to ask; nothing was sent */
    CONN_LOST     /* the connection broke or the deadline passed after the question was sent */
};

struct conn_error {
    char sqlstate[6]; /* "" when the server said nothing */
    const char *message, *detail, *hint; /* never NULL */
};

/* How long to wait for an answer: the server's own time-out comes first, so that only a dead server lets ours pass. */
int conn_answer_ms(const struct conn_plan *plan);

struct conn *conn_new(const struct conn_plan *plan); /* the plan and its strings must outlive the connection */
void conn_free(struct conn *conn);

/*
 * Asks one statement with text values (NULL: null). `sql` is known by its address and must live as long as the connection.
 * Rows and error live until the next question.
 */
enum conn_end conn_ask(struct conn *conn, const char *sql, const char *const *values, int count, int64_t deadline_ms)
    __attribute__((warn_unused_result));
const struct rows *conn_rows(const struct conn *conn);
const struct conn_error *conn_error(const struct conn *conn);

/*
 * The same for an answer that is too large to be kept: gives the first column of each row as it arrives. When the taker says false,
 * the connection is dropped and the end is CONN_LOST. After CONN_REFUSED some rows may have been given already.
 */
typedef bool conn_taker(void *owner, struct span text);
enum conn_end conn_stream(struct conn *conn, const char *sql, const char *const *values, int count, int64_t deadline_ms,
                          conn_taker *taker, void *owner) __attribute__((warn_unused_result));

/*
 * Notices that the server closed an idle connection, so that the next question goes to a new one. Without it that question
 * ends as CONN_LOST: worth a system call where the question may not be asked twice.
 */
void conn_freshen(struct conn *conn);

/* How often this connection was made anew; any thread may ask. */
int64_t conn_reconnects(const struct conn *conn);
