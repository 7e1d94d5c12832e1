#include "api/judge.h"

#include "base/clock.h"
#include "base/log.h"

#include <stdio.h>
#include <time.h>

static const struct timespec breath = {.tv_nsec = 20 * 1000000L}; /* so that nobody asks in a tight loop while PostgreSQL is busy */

enum { SAME_SIZE = 33 }; /* a hash in hex */

struct verdict {
    int64_t rule, slow; /* 0: none */
    char same[SAME_SIZE]; /* by what the text is known again, where that is counted; else "" */
};

enum { TRIES = 3 }; /* that may end with the time-out without a rule that is to blame */

/* False when the outcome is the answer: a refusal, or that nobody could judge. */
static bool ask(struct exchange *exchange, struct verdict *verdict)
{
    struct outcome *outcome = &exchange->outcome;
    pool_call(exchange->server->judges, exchange->server->judge, exchange_token(exchange), args_json(&exchange->args), SERVER_PATIENCE_MS, outcome);
    if (outcome->status != 200)
        return false;
    json_t *answer = json_loadb(outcome->body.bytes, outcome->body.length, 0, NULL);
    const char *same = json_string_value(json_object_get(answer, "same"));
    snprintf(verdict->same, sizeof verdict->same, "%s", same ? same : "");
    verdict->rule = json_integer_value(json_object_get(answer, "rule"));
    verdict->slow = json_integer_value(json_object_get(answer, "slow"));
    json_decref(answer);
    outcome_clear(outcome);
    return true;
}

static void switch_off(struct exchange *exchange, int64_t rule)
{
    struct args args;
    args_init(&args);
    args_begin(&args);
    args_add_int(&args, "rule", rule);
    log_warn("a rule takes too long and is switched off", log_int("rule", rule));
    exchange_commit(exchange, "switch_off_rule", NULL, args_json(&args), true);
    args_free(&args);
    outcome_clear(&exchange->outcome);
}

/* What the call itself has to do. */
static bool take_verdict(struct exchange *exchange, const struct verdict *verdict)
{
    if (verdict->rule)
        args_add_int(&exchange->args, "rule", verdict->rule);
    if (*verdict->same)
        args_add_text(&exchange->args, "same", span_of(verdict->same));
    return true;
}

/*
 * A rule that is to blame once may be the machine's victim, too; twice in a row it is switched off. When time is over and no single rule
 * is to blame (a connection that is new, a machine that is busy), nobody's words are held back for it: they are posted, and the log says so.
 */
static bool judge(struct exchange *exchange)
{
    int64_t deadline_ms = clock_ms() + SERVER_PATIENCE_MS, slow_before = 0;
    struct verdict verdict;
    for (int failed = 0; failed < TRIES && clock_ms() < deadline_ms;) {
        if (ask(exchange, &verdict)) {
            if (!verdict.slow)
                return take_verdict(exchange, &verdict);
            if (verdict.slow == slow_before)
                switch_off(exchange, verdict.slow);
            slow_before = verdict.slow;
        } else if (exchange->outcome.status != 503) {
            return false;
        } else {
            failed++;
            nanosleep(&breath, NULL);
        }
    }
    outcome_clear(&exchange->outcome);
    log_warn("written without being judged by the rules: there was no time", log_int("person", exchange->person));
    return true;
}

static bool judge_in_turn(struct exchange *exchange)
{
    struct turns *turns = exchange->server->turns;
    if (!turns_take(turns, exchange->person, clock_ms() + SERVER_PATIENCE_MS)) {
        outcome_problem(&exchange->outcome, 429, "slow_down", "That was too much at once. Wait a moment.", "{\"retry_after\":1}");
        return false;
    }
    bool has_passed = judge(exchange);
    turns_give_back(turns, exchange->person);
    return has_passed;
}

/* Those of whom the database could not say who they are are many people, and have no turn in common. */
bool judge_pass(struct exchange *exchange)
{
    if (!guard_judges(exchange->server->guard))
        return true;
    return exchange->person ? judge_in_turn(exchange) : judge(exchange);
}
