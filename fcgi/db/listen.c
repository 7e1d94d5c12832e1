#include "db/listen.h"

#include "base/mem.h"
#include "db/connect.h"

#include <assert.h>
#include <libpq-fe.h>
#include <stdio.h>

enum {
    CONNECT_PATIENCE_MS = 5000,
    ANSWER_PATIENCE_MS = 10000, /* a half-open connection is found by the next question */
    FIRST_BACK_OFF_MS = 50,
    LAST_BACK_OFF_MS = 1000,
};

enum state {
    AWAY,        /* no connection; the next try at retry_at */
    CONNECTING,
    PREPARING,   /* connected; step counts the channels, then the statements */
    IDLE,
    ASKING,      /* an answer is awaited */
};

struct listen {
    const struct listen_plan *plan;
    const struct listen_hooks *hooks;
    void *owner;

    enum state state;
    PGconn *pg;               /* null while AWAY */
    PGresult *answer;         /* of the open question, until its end is seen */
    size_t step;
    bool wants_write;
    int64_t now, since;        /* time of this call; since when this state lasts */
    int64_t retry_at, back_off; /* milliseconds, as the caller's clock has them */
    int64_t connects;
};

static void change_state(struct listen *listen, enum state state)
{
    listen->state = state;
    listen->since = listen->now;
}

static void drop_answer(struct listen *listen)
{
    PQclear(listen->answer);
    listen->answer = NULL;
}

static void lose(struct listen *listen, const char *why)
{
    char text[256];
    snprintf(text, sizeof text, "%s", why);
    drop_answer(listen);
    PQfinish(listen->pg);
    listen->pg = NULL;
    listen->wants_write = false;
    listen->retry_at = listen->now + listen->back_off;
    listen->back_off = listen->back_off * 2 < LAST_BACK_OFF_MS ? listen->back_off * 2 : LAST_BACK_OFF_MS;
    change_state(listen, AWAY);
    listen->hooks->on_lost(listen->owner, text);
}

static void lose_by_libpq(struct listen *listen)
{
    lose(listen, PQerrorMessage(listen->pg));
}

static void flush(struct listen *listen)
{
    int left = PQflush(listen->pg);
    if (left < 0)
        lose_by_libpq(listen);
    else
        listen->wants_write = left > 0;
}

static int send_step(struct listen *listen)
{
    const struct listen_plan *plan = listen->plan;
    char text[128];
    if (listen->step < plan->channel_count) {
        snprintf(text, sizeof text, "listen %s", plan->channels[listen->step]);
        return PQsendQuery(listen->pg, text);
    }
    snprintf(text, sizeof text, "s%zu", listen->step - plan->channel_count);
    return PQsendPrepare(listen->pg, text, plan->statements[listen->step - plan->channel_count], 0, NULL);
}

static void next_step(struct listen *listen)
{
    if (listen->step == listen->plan->channel_count + listen->plan->statement_count) {
        listen->back_off = FIRST_BACK_OFF_MS;
        listen->connects++;
        change_state(listen, IDLE);
        listen->hooks->on_ready(listen->owner);
    } else if (send_step(listen) == 0) {
        lose_by_libpq(listen);
    } else {
        flush(listen);
    }
}

static void hand_over_answer(struct listen *listen)
{
    PGresult *answer = listen->answer;
    listen->answer = NULL;
    change_state(listen, IDLE);
    if (PQresultStatus(answer) == PGRES_TUPLES_OK) {
        listen->hooks->on_rows(listen->owner, (const struct rows *)answer);
    } else {
        const char *sqlstate = PQresultErrorField(answer, PG_DIAG_SQLSTATE);
        listen->hooks->on_refused(listen->owner, sqlstate ? sqlstate : "", PQresultErrorMessage(answer));
    }
    PQclear(answer);
}

static void finish_question(struct listen *listen)
{
    if (!listen->answer) {
        lose_by_libpq(listen);
    } else if (listen->state == ASKING) {
        hand_over_answer(listen);
    } else if (PQresultStatus(listen->answer) == PGRES_COMMAND_OK) {
        drop_answer(listen);
        listen->step++;
        next_step(listen);
    } else {
        lose(listen, PQresultErrorMessage(listen->answer));
    }
}

static void take_results(struct listen *listen)
{
    while ((listen->state == PREPARING || listen->state == ASKING) && !PQisBusy(listen->pg)) {
        PGresult *result = PQgetResult(listen->pg);
        if (!result) {
            finish_question(listen);
        } else {
            drop_answer(listen);
            listen->answer = result;
        }
    }
}

static void take_notifications(struct listen *listen)
{
    PGnotify *notification;

    while (listen->pg && (notification = PQnotifies(listen->pg))) {
        listen->hooks->on_notification(listen->owner, notification->relname, notification->extra);
        PQfreemem(notification);
    }
}

static void connect_anew(struct listen *listen)
{
    listen->pg = connect_start(listen->plan->conninfo, listen->plan->name, NULL);
    change_state(listen, CONNECTING);
    if (!listen->pg || PQstatus(listen->pg) == CONNECTION_BAD) {
        lose(listen, listen->pg ? PQerrorMessage(listen->pg) : "out of memory");
        return;
    }
    listen->wants_write = true;
}

static void go_on_connecting(struct listen *listen)
{
    switch (PQconnectPoll(listen->pg)) {
    case PGRES_POLLING_OK:
        if (PQsetnonblocking(listen->pg, 1) != 0) {
            lose_by_libpq(listen);
            return;
        }
        listen->step = 0;
        listen->wants_write = false;
        change_state(listen, PREPARING);
        next_step(listen);
        break;
    case PGRES_POLLING_READING:
        listen->wants_write = false;
        break;
    case PGRES_POLLING_WRITING:
        listen->wants_write = true;
        break;
    default:
        lose_by_libpq(listen);
    }
}

struct listen *listen_new(const struct listen_plan *plan, const struct listen_hooks *hooks, void *owner)
{
    struct listen *listen = mem_zeroed(sizeof *listen);
    listen->plan = plan;
    listen->hooks = hooks;
    listen->owner = owner;
    listen->state = AWAY;
    listen->back_off = FIRST_BACK_OFF_MS;
    return listen;
}

void listen_free(struct listen *listen)
{
    PQclear(listen->answer);
    PQfinish(listen->pg);
    mem_free(listen);
}

int listen_socket(const struct listen *listen)
{
    return listen->pg ? PQsocket(listen->pg) : -1;
}

bool listen_wants_write(const struct listen *listen)
{
    return listen->wants_write;
}

bool listen_is_up(const struct listen *listen)
{
    return listen->state == IDLE || listen->state == ASKING;
}

bool listen_is_idle(const struct listen *listen)
{
    return listen->state == IDLE;
}

int64_t listen_reconnects(const struct listen *listen)
{
    return listen->connects > 0 ? listen->connects - 1 : 0;
}

void listen_handle(struct listen *listen, int64_t now)
{
    listen->now = now;
    if (listen->state == AWAY)
        return;
    if (listen->state == CONNECTING) {
        go_on_connecting(listen);
        return;
    }
    if (PQconsumeInput(listen->pg) == 0) {
        lose_by_libpq(listen);
        return;
    }
    if (listen->wants_write)
        flush(listen);
    take_results(listen);
    take_notifications(listen);
}

void listen_tick(struct listen *listen, int64_t now)
{
    listen->now = now;
    if (listen->state == AWAY && now >= listen->retry_at)
        connect_anew(listen);
    else if (listen->state == CONNECTING && now - listen->since > CONNECT_PATIENCE_MS)
        lose(listen, "no connection in time");
    else if ((listen->state == PREPARING || listen->state == ASKING) && now - listen->since > ANSWER_PATIENCE_MS)
        lose(listen, "no answer in time");
}

void listen_ask(struct listen *listen, size_t statement, const char *const *values, int count)
{
    char name[32];
    assert(listen->state == IDLE && statement < listen->plan->statement_count);
    snprintf(name, sizeof name, "s%zu", statement);
    change_state(listen, ASKING);
    if (PQsendQueryPrepared(listen->pg, name, count, values, NULL, NULL, 0) == 0)
        lose_by_libpq(listen);
    else
        flush(listen);
}
