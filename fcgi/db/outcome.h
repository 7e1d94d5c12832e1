/*
 * What became of one call: an HTTP status and a JSON body, which is a finished problem document from 400 up. And how an error of
 * PostgreSQL becomes one: refusals of the rules (class CH) say it themselves, what passes is 503, text that cannot be stored is
 * 422, all else is 500 and stands in the log, never in the answer.
 */
#pragma once
#include "base/buf.h"

struct conn_error;

struct outcome {
    int status;
    struct buf body; /* empty for 204 */
};

void outcome_init(struct outcome *outcome);
void outcome_free(struct outcome *outcome);
void outcome_clear(struct outcome *outcome);

/* `more` as problem_add() has it. */
void outcome_problem(struct outcome *outcome, int status, const char *code, const char *title, const char *more);
void outcome_wrong_method(struct outcome *outcome, const char *allow); /* `allow`: the methods of the address, as the header has them */
void outcome_add_detail(struct outcome *outcome); /* to a problem that the database has written */
/* To a body that is an object with members; `json` is a finished value. */
void outcome_add_member(struct outcome *outcome, const char *name, const char *text);
void outcome_add_json(struct outcome *outcome, const char *name, struct span json);
void outcome_unavailable(struct outcome *outcome);
void outcome_internal(struct outcome *outcome);
long outcome_retry_after(const struct outcome *outcome); /* the seconds that a 429 or 503 says, whoever wrote it; 1 where it says none */

/* Fills the outcome of a question that was refused, and logs what is not the client's doing. `what` names the function. */
void outcome_of_error(struct outcome *outcome, const struct conn_error *error, const char *what);

/* The server gave way to another transaction: the same question may well succeed. */
bool outcome_is_worth_repeating(const struct conn_error *error);
