#include "api/pool.h"

#include "base/clock.h"
#include "base/cond.h"
#include "base/list.h"
#include "base/mem.h"

#include <pthread.h>

struct pool {
    int answer_ms;        /* a call may take this long */
    pthread_mutex_t lock; /* guards all below but what a connection is doing */
    struct list waiters;  /* in the order in which they came: nobody is overtaken by who comes just when a connection is freed */
    struct conn **all;
    struct conn **idle;   /* a stack: the one used last is warm; empty while somebody waits */
    size_t idle_count;
    struct pool_stats stats;
};

/* A thread without a connection, on its own stack. */
struct waiter {
    struct list link;
    pthread_cond_t served;
    struct conn *conn; /* NULL: none yet */
};

struct pool *pool_new(const struct conn_plan *plan, size_t size)
{
    struct pool *pool = mem_zeroed(sizeof *pool);
    pthread_mutex_init(&pool->lock, NULL);
    list_init(&pool->waiters);
    pool->all = mem_zeroed(size * sizeof *pool->all);
    pool->idle = mem_zeroed(size * sizeof *pool->idle);
    pool->stats.size = size;
    pool->answer_ms = conn_answer_ms(plan);
    for (size_t i = 0; i < size; i++)
        pool->all[i] = pool->idle[pool->idle_count++] = conn_new(plan);
    return pool;
}

void pool_free(struct pool *pool)
{
    for (size_t i = 0; i < pool->stats.size; i++)
        conn_free(pool->all[i]);
    mem_free(pool->all);
    mem_free(pool->idle);
    pthread_mutex_destroy(&pool->lock);
    mem_free(pool);
}

/* Under the lock; NULL when none was given back before the deadline. */
static struct conn *wait_for_one(struct pool *pool, int64_t deadline_ms)
{
    struct waiter waiter = {.conn = NULL};
    bool is_time_left = true;
    cond_init(&waiter.served);
    list_init(&waiter.link);
    list_append(&pool->waiters, &waiter.link);
    pool->stats.waiting++;
    while (!waiter.conn && is_time_left)
        is_time_left = cond_wait_until(&waiter.served, &pool->lock, deadline_ms);
    pool->stats.waiting--;
    list_remove(&waiter.link);
    pthread_cond_destroy(&waiter.served);
    return waiter.conn;
}

/* NULL when none became free before the deadline. */
static struct conn *borrow(struct pool *pool, int64_t deadline_ms)
{
    pthread_mutex_lock(&pool->lock);
    struct conn *conn = pool->idle_count ? pool->idle[--pool->idle_count] : wait_for_one(pool, deadline_ms);
    if (!conn)
        pool->stats.starved++;
    pthread_mutex_unlock(&pool->lock);
    return conn;
}

static void give_back(struct pool *pool, struct conn *conn, bool has_failed)
{
    pthread_mutex_lock(&pool->lock);
    pool->stats.errors += has_failed;
    struct list *first = list_take(&pool->waiters);
    if (first) {
        struct waiter *waiter = LIST_OWNER(first, struct waiter, link);
        waiter->conn = conn;
        pthread_cond_signal(&waiter->served);
    } else {
        pool->idle[pool->idle_count++] = conn;
    }
    pthread_mutex_unlock(&pool->lock);
}

void pool_call(struct pool *pool, const char *statement, const char *token, const char *args, int patience_ms,
               struct outcome *outcome)
{
    struct conn *conn = borrow(pool, clock_ms() + patience_ms);
    if (!conn) {
        outcome_unavailable(outcome);
        return;
    }
    enum call_end end = call_function(conn, statement, token, args, clock_ms() + pool->answer_ms, outcome);
    if (end != CALL_ANSWERED)
        outcome_unavailable(outcome);
    give_back(pool, conn, outcome->status >= 500);
}

bool pool_lines(struct pool *pool, const char *statement, const char *token, const char *id,
                conn_taker *taker, void *owner, struct outcome *outcome)
{
    struct conn *conn = borrow(pool, clock_ms());
    if (!conn) {
        outcome_problem(outcome, 429, "slow_down", "Other exports are running already. Try again in half a minute.", "{\"retry_after\":30}");
        return false;
    }
    conn_freshen(conn);
    enum call_end end = call_lines(conn, statement, token, id, clock_ms() + pool->answer_ms, taker, owner, outcome);
    if (end == CALL_AWAY || end == CALL_LOST)
        outcome_unavailable(outcome);
    give_back(pool, conn, end != CALL_ANSWERED);
    return end == CALL_ANSWERED;
}

struct pool_stats pool_stats(struct pool *pool)
{
    pthread_mutex_lock(&pool->lock);
    struct pool_stats stats = pool->stats;
    stats.busy = stats.size - pool->idle_count;
    pthread_mutex_unlock(&pool->lock);
    for (size_t i = 0; i < stats.size; i++)
        stats.reconnects += (uint64_t)conn_reconnects(pool->all[i]);
    return stats;
}
