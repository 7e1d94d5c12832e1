#include "api/judge.h"

#include "base/clock.h"
#include "base/log.h"

#include <time.h>

static const struct timespec breath = {.tv_nsec = 20 * 1000000L}; /* so that nobody asks in a tight loop while PostgreSQL is away */

struct verdict {
    int64_t rule, slow; /* 0: none */
};

/* False when the outcome is the answer: a refusal, or that nobody could judge. */
static bool ask(struct exchange *exchange, struct verdict *verdict, int64_t deadline_ms)
{
    struct outcome *outcome = &exchange->outcome;
    pool_call(exchange->server->judges, exchange->server->judge, exchange_token(exchange), args_json(&exchange->args), deadline_ms, outcome);
    if (outcome->status != 200)
        return false;
    json_t *answer = json_loadb(outcome->body.bytes, outcome->body.length, 0, NULL);
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

/*
 * A time-out that no rule is to blame for (a connection that is new, a machine that is busy) is asked again, while there is patience.
 * A rule that is to blame once may be the machine's victim, too; twice in a row it is switched off.
 */
bool judge_pass(struct exchange *exchange)
{
    int64_t deadline_ms = clock_ms() + SERVER_PATIENCE_MS, slow_before = 0;
    struct verdict verdict;
    if (!guard_judges(exchange->server->guard))
        return true;
    for (;;) {
        if (ask(exchange, &verdict, deadline_ms)) {
            if (verdict.rule)
                args_add_int(&exchange->args, "rule", verdict.rule);
            if (!verdict.slow)
                return true;
            if (verdict.slow == slow_before)
                switch_off(exchange, verdict.slow);
            slow_before = verdict.slow;
        } else if (exchange->outcome.status != 503) {
            return false;
        } else {
            nanosleep(&breath, NULL);
        }
        if (clock_ms() >= deadline_ms)
            return exchange_refuse(exchange, 503, "unavailable", "What you wrote could not be checked against the rules of this server. Try again.");
    }
}
