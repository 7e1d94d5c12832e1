#include "db/call.h"

#include "base/log.h"
#include "base/mem.h"
#include "db/rows.h"
#include "wire/quote.h"

static const char execute[] = "select ord, status, body, error from api.execute($1)";

static char *compose(const char *before, const char *function, const char *behind)
{
    struct buf sql;
    buf_init(&sql, 0);
    buf_printf(&sql, "%s api.%s%s", before, function, behind);
    char *copy = mem_copy_text(buf_text(&sql));
    buf_free(&sql);
    return copy;
}

char *call_statement(const char *function)
{
    return compose("select status, body from", function, "($1, $2)");
}

char *call_lines_statement(const char *function, bool has_id)
{
    return compose("select", function, has_id ? "($1, $2) as line" : "($1) as line");
}

enum call_end call_lines(struct conn *conn, const char *statement, const char *token, const char *id, int64_t deadline_ms,
                         conn_taker *taker, void *owner, struct outcome *outcome)
{
    const char *const values[] = {token, id};
    switch (conn_stream(conn, statement, values, id ? 2 : 1, deadline_ms, taker, owner)) {
    case CONN_ROWS:
        return CALL_ANSWERED;
    case CONN_REFUSED:
        outcome_of_error(outcome, conn_error(conn), statement);
        return CALL_REFUSED;
    case CONN_AWAY:
        return CALL_AWAY;
    case CONN_LOST:
        return CALL_LOST;
    }
    __builtin_unreachable();
}

static void take_outcome(struct outcome *outcome, const struct rows *rows, int row, int status_column, int body_column)
{
    outcome_clear(outcome);
    outcome->status = (int)rows_integer(rows, row, status_column, 500);
    if (!rows_is_null(rows, row, body_column))
        buf_add(&outcome->body, rows_text(rows, row, body_column), rows_length(rows, row, body_column));
    if (outcome->status >= 400)
        outcome_add_detail(outcome);
}

static void take_only_row(struct outcome *outcome, const struct rows *rows, const char *statement)
{
    if (rows_count(rows) == 1) {
        take_outcome(outcome, rows, 0, 0, 1);
        return;
    }
    log_error("not one row", log_text("statement", statement), log_int("rows", rows_count(rows)));
    outcome_internal(outcome);
}

enum call_end call_function(struct conn *conn, const char *statement, const char *token, const char *args, int64_t deadline_ms,
                            struct outcome *outcome)
{
    const char *const values[] = {token, args};
    for (int attempt = 1;; attempt++) {
        switch (conn_ask(conn, statement, values, 2, deadline_ms)) {
        case CONN_ROWS:
            take_only_row(outcome, conn_rows(conn), statement);
            return CALL_ANSWERED;
        case CONN_REFUSED:
            if (attempt == 1 && outcome_is_worth_repeating(conn_error(conn)))
                continue;
            outcome_of_error(outcome, conn_error(conn), statement);
            return CALL_ANSWERED;
        case CONN_AWAY:
            if (attempt == 1)
                continue; /* an idle connection that broke is made anew; a server that is away says so at once */
            return CALL_AWAY;
        case CONN_LOST:
            if (attempt == 1)
                continue;
            return CALL_LOST;
        }
    }
}

void call_add(struct buf *out, const char *function, const char *token, const char *args)
{
    buf_add_text(out, "{\"function\":\"");
    buf_add_text(out, function);
    buf_add_text(out, "\",\"token\":");
    if (token)
        quote_add(out, span_of(token));
    else
        buf_add_text(out, "null");
    buf_add_text(out, ",\"args\":");
    buf_add_text(out, args);
    buf_add_byte(out, '}');
}

/* What went wrong inside one call, and was undone with it alone, is for the log. */
static void log_failure(const struct rows *rows, int row, int error_column)
{
    if (!rows_is_null(rows, row, error_column))
        log_error("call failed", log_text("error", rows_text(rows, row, error_column)));
}

static void take_all(const struct rows *rows, struct outcome *const *outcomes, size_t count)
{
    for (size_t i = 0; i < count; i++)
        outcome_clear(outcomes[i]);
    for (int row = 0; row < rows_count(rows); row++) {
        int64_t ord = rows_integer(rows, row, 0, 0);
        if (ord < 1 || (size_t)ord > count)
            continue;
        take_outcome(outcomes[ord - 1], rows, row, 1, 2);
        log_failure(rows, row, 3);
    }
    for (size_t i = 0; i < count; i++)
        if (!outcomes[i]->status) /* a row is missing: a mistake of ours */
            outcome_internal(outcomes[i]);
}

enum call_end call_batch(struct conn *conn, const char *calls, struct outcome *const *outcomes, size_t count, int64_t deadline_ms)
{
    switch (conn_ask(conn, execute, &calls, 1, deadline_ms)) {
    case CONN_ROWS:
        take_all(conn_rows(conn), outcomes, count);
        return CALL_ANSWERED;
    case CONN_REFUSED:
        return CALL_REFUSED;
    case CONN_AWAY:
        return CALL_AWAY;
    case CONN_LOST:
        return CALL_LOST;
    }
    __builtin_unreachable();
}
