#include "db/outcome.h"

#include "base/log.h"
#include "db/conn.h"
#include "wire/problem.h"
#include "wire/quote.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

/* By SQLSTATE, or by how it begins; rule.problem() says the same of a call that failed alone. */
static const struct {
    const char *sqlstate;
    int status;
} meanings[] = {
    {"57014", 503}, /* cancelled: it took too long */
    {"55P03", 503}, /* a lock was not to be had in time */
    {"25006", 503}, /* a standby */
    {"57P", 503},   /* shutting down, starting up */
    {"08", 503},    /* the connection */
    {"53", 503},    /* disk full, out of memory, too many connections */
    {"40", 503},    /* gave way to another transaction, twice */
    {"22021", 422}, /* bytes that are no text */
    {"22P05", 422}, /* a character that cannot be stored */
    {"22P02", 422}, /* not of the type it should be */
    {"22003", 422}, /* a number out of range */
    {"22007", 422}, /* not a time */
    {"22008", 422}, /* a time out of range */
};

void outcome_init(struct outcome *outcome)
{
    outcome->status = 0;
    buf_init(&outcome->body, 0);
}

void outcome_free(struct outcome *outcome)
{
    buf_free(&outcome->body);
}

void outcome_clear(struct outcome *outcome)
{
    outcome->status = 0;
    buf_clear(&outcome->body);
}

void outcome_problem(struct outcome *outcome, int status, const char *code, const char *title, const char *more)
{
    outcome_clear(outcome);
    outcome->status = status;
    problem_add(&outcome->body, status, code, title, more);
}

void outcome_wrong_method(struct outcome *outcome, const char *allow)
{
    struct buf more = {0};
    buf_printf(&more, "{\"allow\":\"%s\"}", allow);
    outcome_problem(outcome, 405, "method_not_allowed", "This address does not know that method.", buf_text(&more));
    buf_free(&more);
}

void outcome_add_member(struct outcome *outcome, const char *name, const char *text)
{
    struct buf quoted;
    buf_init(&quoted, 0);
    quote_add(&quoted, span_of(text));
    outcome_add_json(outcome, name, buf_span(&quoted));
    buf_free(&quoted);
}

/* In front: what the object ends with is not looked at. */
void outcome_add_json(struct outcome *outcome, const char *name, struct span json)
{
    struct buf with;
    if (!outcome->body.length || outcome->body.bytes[0] != '{')
        return;
    buf_init(&with, 0);
    buf_add_byte(&with, '{');
    quote_add_name(&with, span_of(name));
    buf_add_span(&with, json);
    buf_add_byte(&with, ',');
    buf_add(&with, outcome->body.bytes + 1, outcome->body.length - 1);
    buf_free(&outcome->body);
    outcome->body = with;
}

void outcome_add_detail(struct outcome *outcome)
{
    json_t *problem = json_loadb(outcome->body.bytes, outcome->body.length, 0, NULL);
    const char *code = json_string_value(json_object_get(problem, "code"));
    outcome_add_member(outcome, "detail", problem_detail(outcome->status, code ? code : ""));
    json_decref(problem);
}

long outcome_retry_after(const struct outcome *outcome)
{
    json_t *problem = json_loadb(outcome->body.bytes, outcome->body.length, 0, NULL);
    json_int_t seconds = json_integer_value(json_object_get(problem, "retry_after"));
    json_decref(problem);
    return seconds > 0 ? (long)seconds : 1;
}

void outcome_unavailable(struct outcome *outcome)
{
    outcome_problem(outcome, 503, "unavailable", "The server cannot do this right now. Try again in a moment.", "");
}

void outcome_internal(struct outcome *outcome)
{
    outcome_problem(outcome, 500, "internal", "Something went wrong on the server. It was logged.", "");
}

static bool begins_with(const char *text, const char *beginning)
{
    return strncmp(text, beginning, strlen(beginning)) == 0;
}

static int status_of(const char *sqlstate)
{
    for (size_t i = 0; i < sizeof meanings / sizeof *meanings; i++)
        if (begins_with(sqlstate, meanings[i].sqlstate))
            return meanings[i].status;
    return 500;
}

/* CH403: the status is in the SQLSTATE, the title in the message, the code in the detail, further members in the hint. */
static bool refuse(struct outcome *outcome, const struct conn_error *error)
{
    int status = begins_with(error->sqlstate, "CH") ? atoi(error->sqlstate + 2) : 0;
    if (status < 400 || status > 599)
        return false;
    outcome_problem(outcome, status, error->detail, error->message, error->hint);
    return true;
}

void outcome_of_error(struct outcome *outcome, const struct conn_error *error, const char *what)
{
    if (refuse(outcome, error))
        return;
    int status = status_of(error->sqlstate);
    if (status == 422) {
        outcome_problem(outcome, 422, "invalid", "Some of what this request says cannot be stored.", "{\"fields\":{}}");
        return;
    }
    log_line(status == 503 ? LOG_WARN : LOG_ERROR, "database refused",
             (const struct log_field[]){log_text("call", what), log_text("sqlstate", error->sqlstate),
                                        log_text("error", error->message), {0}});
    if (status == 503)
        outcome_unavailable(outcome);
    else
        outcome_internal(outcome);
}

bool outcome_is_worth_repeating(const struct conn_error *error)
{
    return begins_with(error->sqlstate, "40");
}
