#include "db/conn.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "db/connect.h"

#include <errno.h>
#include <libpq-fe.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    GRACE_MS = 300,
    FIRST_PAUSE_MS = 50,
    LONGEST_PAUSE_MS = 1000,
    WHY_SIZE = 300
};

struct conn {
    const struct conn_plan *plan;
    PGconn *pg;               /* NULL while away */
    PGresult *result;         /* of the last question */
    struct conn_error error;  /* points into `result` or `why` */
    char why[WHY_SIZE];       /* why the connection is away */
    const char **prepared;    /* statements this connection knows, by address; named by their index */
    size_t prepared_count;
    int64_t retry_at;         /* no attempt before this */
    int pause_ms;             /* before the next attempt, when this one fails */
    _Atomic int64_t reconnects; /* another thread may read it */
    bool was_up;
    bool told_away;           /* the log knows */
};

int conn_answer_ms(const struct conn_plan *plan)
{
    return plan->statement_timeout_ms + GRACE_MS;
}

struct conn *conn_new(const struct conn_plan *plan)
{
    struct conn *conn = mem_zeroed(sizeof *conn);
    conn->plan = plan;
    conn->pause_ms = FIRST_PAUSE_MS;
    conn->error = (struct conn_error){.message = "", .detail = "", .hint = ""};
    return conn;
}

static void drop_result(struct conn *conn)
{
    PQclear(conn->result);
    conn->result = NULL;
    conn->error = (struct conn_error){.message = conn->why, .detail = "", .hint = ""};
}

static void disconnect(struct conn *conn)
{
    PQfinish(conn->pg);
    conn->pg = NULL;
    conn->prepared_count = 0;
}

void conn_free(struct conn *conn)
{
    if (!conn)
        return;
    drop_result(conn);
    disconnect(conn);
    mem_free(conn->prepared);
    mem_free(conn);
}

const struct rows *conn_rows(const struct conn *conn)
{
    return (const struct rows *)conn->result;
}

const struct conn_error *conn_error(const struct conn *conn)
{
    return &conn->error;
}

int64_t conn_reconnects(const struct conn *conn)
{
    return conn->reconnects;
}

static void note_why(struct conn *conn, const char *why)
{
    snprintf(conn->why, sizeof conn->why, "%s", why);
    conn->why[strcspn(conn->why, "\n")] = '\0';
    if (!conn->told_away)
        log_warn("database away", log_text("connection", conn->plan->name), log_text("why", conn->why));
    conn->told_away = true;
}

/* A connection that broke is made anew at the next question; one that could not be made only after a pause. */
static void lose(struct conn *conn, const char *why)
{
    bool was_up = conn->was_up;
    note_why(conn, why);
    disconnect(conn);
    conn->was_up = false;
    if (was_up) {
        conn->retry_at = 0;
        return;
    }
    conn->retry_at = clock_ms() + conn->pause_ms;
    conn->pause_ms = conn->pause_ms * 2 < LONGEST_PAUSE_MS ? conn->pause_ms * 2 : LONGEST_PAUSE_MS;
}

/* Waits for the socket; false when the deadline passed. A signal just makes it look again. */
static bool wait_for(struct conn *conn, short events, int64_t deadline_ms)
{
    struct pollfd socket = {.fd = PQsocket(conn->pg), .events = events};
    for (;;) {
        int ready = poll(&socket, 1, clock_left_ms(deadline_ms));
        if (ready > 0)
            return true;
        if (ready == 0 || errno != EINTR)
            return false;
    }
}

static PGconn *start_connecting(const struct conn_plan *plan)
{
    char options[256];
    snprintf(options, sizeof options, "-c statement_timeout=%d -c lock_timeout=%d %s", plan->statement_timeout_ms,
             plan->lock_timeout_ms, plan->options ? plan->options : "");
    return connect_start(plan->conninfo, plan->name, options);
}

static void note_connected(struct conn *conn)
{
    PQsetnonblocking(conn->pg, 1);
    if (conn->told_away) {
        log_info("database back", log_text("connection", conn->plan->name));
        conn->reconnects++;
    }
    conn->told_away = false;
    conn->was_up = true;
    conn->pause_ms = FIRST_PAUSE_MS;
}

static bool shake_hands(struct conn *conn, int64_t deadline_ms)
{
    short events = POLLOUT;
    for (;;) {
        if (!wait_for(conn, events, deadline_ms))
            return false;
        switch (PQconnectPoll(conn->pg)) {
        case PGRES_POLLING_OK:
            return true;
        case PGRES_POLLING_READING:
            events = POLLIN;
            break;
        case PGRES_POLLING_WRITING:
            events = POLLOUT;
            break;
        default:
            return false;
        }
    }
}

static bool connect_by(struct conn *conn, int64_t deadline_ms)
{
    int64_t now = clock_ms();
    if (now < conn->retry_at)
        return false;
    if (deadline_ms > now + conn->plan->connect_timeout_ms)
        deadline_ms = now + conn->plan->connect_timeout_ms;
    conn->pg = start_connecting(conn->plan);
    if (!conn->pg || PQstatus(conn->pg) == CONNECTION_BAD || !shake_hands(conn, deadline_ms)) {
        lose(conn, PQstatus(conn->pg) == CONNECTION_BAD ? PQerrorMessage(conn->pg) : "no connection in time");
        return false;
    }
    note_connected(conn);
    return true;
}

static bool flush_by(struct conn *conn, int64_t deadline_ms)
{
    int left;
    while ((left = PQflush(conn->pg)) > 0)
        if (!wait_for(conn, POLLIN | POLLOUT, deadline_ms) || !PQconsumeInput(conn->pg))
            return false;
    return left == 0;
}

static bool is_error(const PGresult *result)
{
    return PQresultStatus(result) != PGRES_TUPLES_OK && PQresultStatus(result) != PGRES_COMMAND_OK;
}

/* The next result of a question, or NULL when there is no more; false when the connection broke or it took too long. */
static bool next_result(struct conn *conn, int64_t deadline_ms, PGresult **result)
{
    while (PQisBusy(conn->pg))
        if (!wait_for(conn, POLLIN, deadline_ms) || !PQconsumeInput(conn->pg))
            return false;
    *result = PQgetResult(conn->pg);
    return true;
}

/*
 * Reads up to the server's "ready for the next one". Only that says that the commit went well: it happens after the rows were
 * sent, so an error can still follow them.
 */
static bool read_to_end(struct conn *conn, int64_t deadline_ms)
{
    PGresult *result;
    while (next_result(conn, deadline_ms, &result)) {
        if (!result)
            return PQstatus(conn->pg) == CONNECTION_OK;
        if (!conn->result || is_error(result)) {
            PQclear(conn->result);
            conn->result = result;
        } else {
            PQclear(result);
        }
    }
    return false;
}

static const char *field(const PGresult *result, int code)
{
    const char *text = PQresultErrorField(result, code);
    return text ? text : "";
}

static void note_error(struct conn *conn)
{
    snprintf(conn->error.sqlstate, sizeof conn->error.sqlstate, "%s", field(conn->result, PG_DIAG_SQLSTATE));
    conn->error.message = field(conn->result, PG_DIAG_MESSAGE_PRIMARY);
    conn->error.detail = field(conn->result, PG_DIAG_MESSAGE_DETAIL);
    conn->error.hint = field(conn->result, PG_DIAG_MESSAGE_HINT);
}

/* A primary that became a standby refuses writes for ever: nothing was done, and the next attempt asks for the new primary. */
static bool is_demoted(const struct conn *conn)
{
    return strcmp(conn->error.sqlstate, "25006") == 0;
}

static enum conn_end finish_question(struct conn *conn, int sent, int64_t deadline_ms)
{
    if (!sent || !flush_by(conn, deadline_ms) || !read_to_end(conn, deadline_ms)) {
        bool is_late = PQstatus(conn->pg) == CONNECTION_OK;
        lose(conn, is_late ? "no answer in time" : PQerrorMessage(conn->pg));
        drop_result(conn);
        return CONN_LOST;
    }
    if (!is_error(conn->result))
        return CONN_ROWS;
    note_error(conn);
    if (!is_demoted(conn))
        return CONN_REFUSED;
    lose(conn, "the server only takes reads now");
    drop_result(conn);
    return CONN_AWAY;
}

static size_t find_prepared(const struct conn *conn, const char *sql)
{
    size_t i = 0;
    while (i < conn->prepared_count && conn->prepared[i] != sql)
        i++;
    return i;
}

static void statement_name(char name[static 16], size_t index)
{
    snprintf(name, 16, "s%u", (unsigned)index);
}

static void remember_prepared(struct conn *conn, const char *sql)
{
    conn->prepared = mem_grow(conn->prepared, (conn->prepared_count + 1) * sizeof *conn->prepared);
    conn->prepared[conn->prepared_count++] = sql;
}

/* Preparing does nothing that lasts, so a connection that breaks meanwhile is only away. */
static enum conn_end prepare(struct conn *conn, const char *sql, int64_t deadline_ms)
{
    char name[16];
    statement_name(name, conn->prepared_count);
    enum conn_end end = finish_question(conn, PQsendPrepare(conn->pg, name, sql, 0, NULL), deadline_ms);
    if (end == CONN_ROWS) {
        remember_prepared(conn, sql);
        drop_result(conn);
    }
    return end == CONN_LOST ? CONN_AWAY : end;
}

/* Sees to a connection that knows the statement. CONN_ROWS: it is there, and `index` is the statement's. */
static enum conn_end get_ready(struct conn *conn, const char *sql, int64_t deadline_ms, size_t *index)
{
    drop_result(conn);
    if (!conn->pg && !connect_by(conn, deadline_ms))
        return CONN_AWAY;
    *index = find_prepared(conn, sql);
    return *index < conn->prepared_count ? CONN_ROWS : prepare(conn, sql, deadline_ms);
}

static int send_question(struct conn *conn, size_t index, const char *const *values, int count)
{
    char name[16];
    statement_name(name, index);
    return PQsendQueryPrepared(conn->pg, name, count, values, NULL, NULL, 0);
}

enum conn_end conn_ask(struct conn *conn, const char *sql, const char *const *values, int count, int64_t deadline_ms)
{
    size_t index;
    enum conn_end end = get_ready(conn, sql, deadline_ms, &index);
    return end == CONN_ROWS ? finish_question(conn, send_question(conn, index, values, count), deadline_ms) : end;
}

/* False when the taker had enough. */
static bool hand_over(struct conn *conn, PGresult *result, conn_taker *taker, void *owner)
{
    bool goes_on = true;
    if (PQresultStatus(result) == PGRES_SINGLE_TUPLE)
        goes_on = taker(owner, (struct span){PQgetvalue(result, 0, 0), (size_t)PQgetlength(result, 0, 0)});
    else if (is_error(result)) {
        conn->result = result; /* what it says is still wanted */
        note_error(conn);
        return true;
    }
    PQclear(result);
    return goes_on;
}

static bool stream_rows(struct conn *conn, int64_t deadline_ms, conn_taker *taker, void *owner)
{
    PGresult *result;
    while (next_result(conn, deadline_ms, &result)) {
        if (!result)
            return PQstatus(conn->pg) == CONNECTION_OK;
        if (!hand_over(conn, result, taker, owner))
            return false;
    }
    return false;
}

enum conn_end conn_stream(struct conn *conn, const char *sql, const char *const *values, int count, int64_t deadline_ms,
                          conn_taker *taker, void *owner)
{
    size_t index;
    enum conn_end end = get_ready(conn, sql, deadline_ms, &index);
    if (end != CONN_ROWS)
        return end;
    if (!send_question(conn, index, values, count) || !PQsetSingleRowMode(conn->pg) || !flush_by(conn, deadline_ms)
        || !stream_rows(conn, deadline_ms, taker, owner)) {
        drop_result(conn);
        lose(conn, "an export was cut short");
        return CONN_LOST;
    }
    return conn->result ? CONN_REFUSED : CONN_ROWS;
}

void conn_freshen(struct conn *conn)
{
    if (!conn->pg)
        return;
    struct pollfd socket = {.fd = PQsocket(conn->pg), .events = POLLIN};
    if (poll(&socket, 1, 0) <= 0)
        return;
    if (!PQconsumeInput(conn->pg) || PQstatus(conn->pg) == CONNECTION_BAD)
        lose(conn, PQerrorMessage(conn->pg));
}
