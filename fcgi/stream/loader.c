#include "stream/loader.h"

#include "base/log.h"
#include "base/mem.h"
#include "db/listen.h"
#include "stream/hub.h"
#include "stream/presence.h"
#include "stream/resume.h"
#include "stream/sessions.h"
#include "stream/setting.h"

#include <assert.h>

enum { REFUSED_PAUSE_MS = 500 };

typedef bool asker(struct hub *hub);

static asker *const askers[] = {
    resume_ask_load, resume_ask_missed, resume_ask_replay, presence_ask, sessions_ask_touch,
};

enum { ASKER_COUNT = sizeof askers / sizeof askers[0] };

struct loader {
    struct listen_plan plan;
    struct listen *listen;
    loader_on_rows *on_rows;         /* of the open question */
    loader_on_failure *on_failure;
    size_t next_asker;
    int64_t pause_until;             /* after a refusal: not the same again at once */
    bool was_up;
};

static void on_ready(void *owner)
{
    struct hub *hub = owner;
    hub->loader->was_up = true;
    log_info("database is there", log_text("connection", "loader"));
}

static void on_rows(void *owner, const struct rows *rows)
{
    struct hub *hub = owner;
    hub->loader->on_failure = NULL;
    hub->loader->on_rows(hub, rows);
}

static void fail(struct hub *hub)
{
    loader_on_failure *on_failure = hub->loader->on_failure;
    hub->loader->on_failure = NULL;
    if (on_failure)
        on_failure(hub);
}

static void on_refused(void *owner, const char *sqlstate, const char *message)
{
    struct hub *hub = owner;
    log_error("a question was refused", log_text("connection", "loader"), log_text("sqlstate", sqlstate), log_text("why", message));
    hub->metrics.database_errors++;
    hub->loader->pause_until = hub->now + REFUSED_PAUSE_MS;
    fail(hub);
}

static void on_lost(void *owner, const char *why)
{
    struct hub *hub = owner;
    if (hub->loader->was_up)
        log_warn("database went away", log_text("connection", "loader"), log_text("why", why));
    hub->loader->was_up = false;
    hub->metrics.database_losses++;
    fail(hub);
}

static void on_notification(void *owner, const char *channel, const char *payload)
{
    (void)owner;
    (void)channel;
    (void)payload;
}

static const struct listen_hooks hooks = {
    .on_ready = on_ready, .on_rows = on_rows, .on_refused = on_refused, .on_notification = on_notification, .on_lost = on_lost,
};

struct loader *loader_new(struct hub *hub)
{
    struct loader *loader = mem_zeroed(sizeof *loader);
    loader->plan = (struct listen_plan){
        .conninfo = setting.database, .name = "parley-stream loader", .statements = statements, .statement_count = STATEMENT_COUNT,
    };
    loader->listen = listen_new(&loader->plan, &hooks, hub);
    return loader;
}

void loader_free(struct loader *loader)
{
    listen_free(loader->listen);
    mem_free(loader);
}

bool loader_is_up(const struct loader *loader)
{
    return listen_is_up(loader->listen);
}

int64_t loader_reconnects(const struct loader *loader)
{
    return listen_reconnects(loader->listen);
}

int loader_socket(const struct loader *loader)
{
    return listen_socket(loader->listen);
}

bool loader_wants_write(const struct loader *loader)
{
    return listen_wants_write(loader->listen);
}

void loader_handle(struct hub *hub)
{
    listen_handle(hub->loader->listen, hub->now);
}

void loader_tick(struct hub *hub)
{
    listen_tick(hub->loader->listen, hub->now);
}

void loader_turn(struct hub *hub)
{
    struct loader *loader = hub->loader;
    if (!listen_is_idle(loader->listen) || hub->now < loader->pause_until)
        return;
    for (size_t i = 0; i < ASKER_COUNT; i++) {
        asker *ask = askers[loader->next_asker];
        loader->next_asker = (loader->next_asker + 1) % ASKER_COUNT;
        if (ask(hub))
            return;
    }
}

void loader_ask(struct hub *hub, enum statement statement, const char *const *values, int count,
                loader_on_rows *on_rows_of_it, loader_on_failure *on_failure)
{
    struct loader *loader = hub->loader;
    assert(!loader->on_failure);
    loader->on_rows = on_rows_of_it;
    loader->on_failure = on_failure;
    listen_ask(loader->listen, statement, values, count);
}
