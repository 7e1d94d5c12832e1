#include "stream/sessions.h"

#include "base/buf.h"
#include "base/mem.h"
#include "db/rows.h"
#include "stream/framing.h"
#include "stream/hub.h"
#include "stream/loader.h"
#include "stream/presence.h"
#include "stream/resume.h"

#include <inttypes.h>
#include <math.h>

enum {
    TOUCH_EVERY_MS = 3600 * 1000,
    LOOK_EVERY_MS = 60 * 1000,
    TOUCH_BATCH = 1000,
};

void sessions_set_expiry(struct hub *hub, struct session *session, double expires_at)
{
    session->expires_at = expires_at;
    if (expires_at < hub->next_expiry)
        hub->next_expiry = expires_at;
}

void sessions_end(struct hub *hub, int64_t id, const char *data)
{
    struct session *session = rooms_session(&hub->rooms, id);
    struct notice ended;
    if (!session)
        return;
    notice_init_text(&ended, "session.ended", data);
    session->is_over = true;
    LIST_EACH(&session->readers, link)
        reader_end_session(hub, LIST_OWNER(link, struct reader, of_session), &ended, WEBSOCKET_REVOKED);
    notice_free(&ended);
    presence_settle(hub, session);
}

static void look_up_again(struct hub *hub, struct session *session)
{
    LIST_EACH(&session->readers, link)
        resume_again(hub, LIST_OWNER(link, struct reader, of_session));
}

void sessions_tick(struct hub *hub)
{
    size_t position = 0;
    struct session *session;
    if (hub->wall < hub->next_expiry)
        return;
    hub->next_expiry = INFINITY;
    while ((session = map_next(&hub->rooms.sessions, &position))) {
        if (session->expires_at <= hub->wall) {
            look_up_again(hub, session);
            session->expires_at = hub->wall + 1;  /* until the answer says better, once a second is enough */
        }
        hub->next_expiry = fmin(hub->next_expiry, session->expires_at);
    }
}

static void on_touched(struct hub *hub, const struct rows *rows)
{
    (void)hub;
    (void)rows;
}

static void on_not_touched(struct hub *hub)
{
    hub->touch_at = hub->now + LOOK_EVERY_MS;  /* they were marked as touched; the next hour is soon enough */
}

static bool needs_touch(const struct hub *hub, const struct session *session)
{
    return !list_is_empty(&session->readers) && hub->now - session->touched_at >= TOUCH_EVERY_MS;
}

/* Appends the numbers of some sessions that were not touched for an hour. */
static size_t collect(struct hub *hub, struct buf *out)
{
    size_t position = 0, count = 0;
    struct session *session;
    while (count < TOUCH_BATCH && (session = map_next(&hub->rooms.sessions, &position))) {
        if (needs_touch(hub, session)) {
            session->touched_at = hub->now;
            buf_printf(out, "%s%" PRId64, count > 0 ? "," : "{", session->id);
            count++;
        }
    }
    buf_add_byte(out, '}');
    return count;
}

bool sessions_ask_touch(struct hub *hub)
{
    struct buf list;
    size_t count;
    if (hub->now < hub->touch_at)
        return false;
    buf_init(&list, 0);
    count = collect(hub, &list);
    if (count < TOUCH_BATCH)
        hub->touch_at = hub->now + LOOK_EVERY_MS;
    if (count > 0)
        loader_ask(hub, STATEMENT_TOUCH_SESSIONS, (const char *[]){buf_text(&list)}, 1, on_touched, on_not_touched);
    buf_free(&list);
    return count > 0;
}
