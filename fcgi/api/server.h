/* What all request threads share. Each part does its own locking; of the struct itself only settings_due_ms changes after the start. */
#pragma once
#include "api/committer.h"
#include "api/guard.h"
#include "api/known.h"
#include "api/limit.h"
#include "api/metrics.h"
#include "api/pool.h"
#include "api/route.h"
#include "api/turns.h"

struct server_plan {
    const char *database;         /* libpq string or URI */
    const char *database_read;    /* for searches and exports; "" for the same */
    long connections, queue;      /* for reads; calls waiting for the committer */
    bool has_limits, has_images;
};

struct server {
    struct pool *reads, *searches, *exports, *judges;
    struct committer *committer;
    struct conn *writer;          /* the committer's */
    struct limits *limits;        /* NULL: off */
    struct known *known;
    struct guard *guard;
    struct turns *turns;          /* at being judged */
    struct metrics *metrics;
    char **statements;            /* by the number of the route */
    char *hello, *password_of, *my_password, *state, *judge, *check_rule, *ask_guard, *use_session;
    _Atomic int64_t settings_due_ms; /* when to look at the settings again */
};

/*
 * How long a request waits for its turn. Who gets none hears of it after that; whose turn came while the database does not answer hears of
 * it when the time-out of server.c has passed as well: within some three seconds for a write, some six for a read.
 */
enum { SERVER_PATIENCE_MS = 1000 };

struct server *server_start(const struct server_plan *plan);
void server_stop(struct server *server); /* after the last request; runs what is queued */

/* Sees to it that a changed setting is known within a second. Asks the database now and then, for the one thread that comes first. */
void server_keep_settings(struct server *server);
void server_keep_guard(struct server *server); /* the same, within a second */
void server_ask_guard(struct server *server);  /* now: something has changed */

/* Whose session this is; the database is asked once an hour. Nobody: the outcome says why not. */
struct known_person server_person(struct server *server, const char *session, struct outcome *outcome);

/* So that it need not be asked for what has just been said: `answer` is what the database says of whoever signs in. */
void server_note_signed_in(struct server *server, const char *session, struct span answer);

size_t server_route_number(const struct route *route);
void server_write_metrics(struct server *server, struct buf *out);
