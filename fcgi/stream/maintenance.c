#include "stream/maintenance.h"

#include "base/clock.h"
#include "base/log.h"
#include "db/conn.h"
#include "db/rows.h"
#include "stream/setting.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <time.h>

enum {
    PAUSE_MS = 1000,       /* between two looks: what is gathered in it is indexed at once */
    MORE_PAUSE_MS = 20,    /* while there is more to do, others get their turn */
    BUSY_PER_S = 100,      /* so many events in a second are a busy server: */
    BUSY_SHARE = 20,       /* then tidying may take a twentieth of the time of one processor, and what is left waits; */
    RUSH_PER_S = 500,      /* so many are a rush, or a raid: */
    RUSH_SHARE = 100,      /* then it is a hundredth, which the slowest posts of a hundred do not show; */
    REST_MAX_MS = 5000,    /* but nothing waits longer than this after a slice */
    SELDOM_MS = 10000,     /* what waits for days may wait for seconds, and looking for it is not free */
    IDLE_MS = 60000,
    STATEMENT_MS = 5000,   /* a slice takes some milliseconds */
    CONNECT_MS = 3000
};

static const char maintain[] = "select api.maintain($1) as done";

/* Each is a transaction of its own. */
static const struct {
    const char *name;
    int every_ms;
} parts[] = {{"search", 0}, {"erase", 0}, {"images", 0}, {"retire", SELDOM_MS}, {"guests", SELDOM_MS}, {"rest", SELDOM_MS}};

enum { PARTS = sizeof parts / sizeof *parts };

static _Atomic int64_t head; /* what the hub has read; the only thing that the two threads share */

void maintenance_note(int64_t position)
{
    atomic_store_explicit(&head, position, memory_order_relaxed);
}

static int64_t log_position(void)
{
    return atomic_load_explicit(&head, memory_order_relaxed);
}

static void pause_for(int ms)
{
    struct timespec time = clock_timespec(ms);
    nanosleep(&time, NULL);
}

/* How many rows were tidied; 0 also when that failed: the next time will come. */
static int64_t tidy(struct conn *conn, const char *part)
{
    switch (conn_ask(conn, maintain, &part, 1, clock_ms() + STATEMENT_MS)) {
    case CONN_ROWS:
        return rows_integer(conn_rows(conn), 0, rows_column(conn_rows(conn), "done"), 0);
    case CONN_REFUSED:
        log_error("could not tidy up", log_text("part", part), log_text("sqlstate", conn_error(conn)->sqlstate), log_text("why", conn_error(conn)->message));
        return 0;
    case CONN_AWAY:
    case CONN_LOST:
        return 0;
    }
    return 0;
}

/* One slice of every part that is due; how many rows that were. */
static int64_t tidy_once(struct conn *conn, int64_t due_at[static PARTS])
{
    int64_t done = 0;
    for (size_t i = 0; i < PARTS; i++) {
        if (clock_ms() < due_at[i])
            continue;
        int64_t rows = tidy(conn, parts[i].name);
        due_at[i] = rows > 0 ? 0 : clock_ms() + parts[i].every_ms;
        done += rows;
    }
    return done;
}

/* How long to rest after what took so long, while so many events came. */
static int rest_after(int64_t took_ms, int64_t events, int64_t within_ms)
{
    int64_t share = events * 1000 > RUSH_PER_S * within_ms ? RUSH_SHARE : events * 1000 > BUSY_PER_S * within_ms ? BUSY_SHARE : 1;
    int64_t rest_ms = took_ms * (share - 1);
    return (int)(rest_ms < REST_MAX_MS ? rest_ms : REST_MAX_MS);
}

/* Until no part has anything left to do. */
static void tidy_all(struct conn *conn, int64_t due_at[static PARTS])
{
    int64_t began = clock_ms(), position = log_position();
    while (tidy_once(conn, due_at) > 0) {
        int64_t took = clock_ms() - began;
        pause_for(MORE_PAUSE_MS);
        pause_for(rest_after(took, log_position() - position, clock_ms() - began));
        began = clock_ms();
        position = log_position();
    }
}

static void *run(void *nothing)
{
    struct conn_plan plan = {.conninfo = setting.database, .name = "parley-stream maintenance",
                             .statement_timeout_ms = STATEMENT_MS, .connect_timeout_ms = CONNECT_MS};
    struct conn *conn = conn_new(&plan);
    int64_t seen = -1, asked_at = 0, due_at[PARTS] = {0};
    (void)nothing;
    for (;;) {
        int64_t position = log_position();
        if (position != seen || clock_ms() - asked_at > IDLE_MS) {
            seen = position;
            asked_at = clock_ms();
            tidy_all(conn, due_at);
        }
        pause_for(PAUSE_MS);
    }
    return NULL;
}

void maintenance_start(void)
{
    pthread_t thread;
    if (pthread_create(&thread, NULL, run, NULL) != 0) {
        log_error("no thread for tidying up");
        return;
    }
    pthread_detach(thread);
}
