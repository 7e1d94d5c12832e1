#include "stream/feed.h"

#include "base/buf.h"
#include "base/log.h"
#include "base/mem.h"
#include "db/listen.h"
#include "db/rows.h"
#include "stream/hub.h"
#include "stream/passing.h"
#include "stream/presence.h"
#include "stream/row.h"
#include "stream/setting.h"
#include "stream/statement.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

enum {
    BATCH = 1000,              /* events in one read */
    POLL_MS = 1000,            /* the safety net under the doorbell, while somebody reads */
    IDLE_POLL_MS = 10000,
    PRELOAD_MS = 1000,         /* filling the ring at the start must not keep readers waiting: after this a shorter piece will do */
    PRELOAD_SHORTER = 8,
    OVERLOAD_PAUSE_MS = 200,   /* the longest that the next read waits for sockets */
    REFUSED_PAUSE_MS = 500,
};

static const char *const channels[] = {"parley_log", "parley_now"};

enum question {
    ASKED_NOTHING,
    ASKED_POSITION,  /* does my position still name an event? */
    ASKED_HEAD,      /* where to begin */
    ASKED_LEASE,
    ASKED_LOG,
    ASKED_STALE,     /* events of the ring that the batch makes out of date */
    ASKED_ROOMS,     /* where the people are whose events go to all who share a room with them */
};

struct feed {
    struct listen_plan plan;
    struct listen *listen;
    enum question asked;
    int64_t rung_at;           /* when the doorbell first rang since the last read was asked for; 0: it did not */
    int64_t behind_since;      /* since when there may be log that was not read; 0: there is none */
    bool was_up;
    bool is_settled;           /* on this connection: the position was found in the log, and the lease taken */
    int64_t poll_at, pause_until;
    int64_t published_at;
    int64_t preload;           /* how far before the head to begin */
    int64_t preload_until;     /* 0: the head was reached */

    struct event batch[BATCH]; /* read, not yet published */
    size_t batch_count;
    int64_t *stale;            /* numbers of events in the ring, ascending */
    size_t stale_count, stale_size;
};

static void ask(struct feed *feed, enum question question, enum statement statement, const char *const *values, int count)
{
    feed->asked = question;
    listen_ask(feed->listen, statement, values, count);
}

/* There may be something to read. */
static void ring(struct hub *hub)
{
    struct feed *feed = hub->feed;
    if (feed->rung_at == 0)
        feed->rung_at = hub->now;
    if (feed->behind_since == 0)
        feed->behind_since = hub->now;
}

static void ask_log(struct hub *hub)
{
    struct feed *feed = hub->feed;
    char after[24], limit[24];
    ring(hub);  /* nobody knows what there is before it is answered */
    feed->rung_at = 0;
    hub->metrics.feed_reads++;
    snprintf(after, sizeof after, "%" PRId64, hub->ring.head.id);
    snprintf(limit, sizeof limit, "%d", BATCH);
    ask(feed, ASKED_LOG, STATEMENT_READ_LOG, (const char *[]){after, limit}, 2);
}

static void ask_head(struct hub *hub)
{
    ask(hub->feed, ASKED_HEAD, STATEMENT_LOG_HEAD, NULL, 0);
}

static void ask_position(struct hub *hub)
{
    char ids[32];
    snprintf(ids, sizeof ids, "{%" PRId64 "}", hub->ring.head.id);
    ask(hub->feed, ASKED_POSITION, STATEMENT_READ_EVENTS, (const char *[]){ids}, 1);
}

static void drop_batch(struct feed *feed)
{
    for (size_t i = 0; i < feed->batch_count; i++)
        event_reset(&feed->batch[i]);
    feed->batch_count = 0;
}

/* --- a batch, from reading to publishing --- */

static void begin_nearer(struct hub *hub)
{
    log_info("the log is slow to read: the ring starts shorter", log_int("events", hub->feed->preload / PRELOAD_SHORTER));
    hub->feed->preload /= PRELOAD_SHORTER;
    hub->feed->preload_until = hub->now + PRELOAD_MS;
    ask_head(hub);
}

/*
 * All that rang before the question is read. Not so when the batch was full: then there is more, younger than the last that was
 * read. (By two clocks, but only ever to seem less behind than since the first ring.)
 */
static void note_read(struct hub *hub, bool was_full)
{
    struct feed *feed = hub->feed;
    if (was_full) {
        int64_t last_at = hub->now - (int64_t)((hub->wall - ring_at(&hub->ring, hub->ring.count - 1)->at) * 1000);
        feed->behind_since = last_at > feed->behind_since && last_at < hub->now ? last_at : feed->behind_since;
        ring(hub);
    } else {
        feed->behind_since = feed->rung_at;
    }
}

static void publish(struct hub *hub)
{
    struct feed *feed = hub->feed;
    bool was_full = feed->batch_count == BATCH;
    for (size_t i = 0; i < feed->batch_count; i++)
        hub_publish(hub, &feed->batch[i]);
    hub->metrics.events_read += feed->batch_count;
    feed->batch_count = 0;
    hub_advanced(hub);
    note_read(hub, was_full);
    feed->poll_at = hub->now + POLL_MS;
    feed->published_at = hub->now;
    if (!was_full)
        feed->preload_until = 0;
    if (feed->preload_until != 0 && hub->now > feed->preload_until)
        begin_nearer(hub);
}

/* Appends the people whose whereabouts decide who gets an event of the batch; gives their number. */
static size_t list_shared(const struct feed *feed, struct buf *out)
{
    size_t count = 0;
    buf_add_byte(out, '{');
    for (size_t i = 0; i < feed->batch_count; i++) {
        if (feed->batch[i].audience == AUDIENCE_SHARED)
            buf_printf(out, "%s%" PRId64, count++ > 0 ? "," : "", feed->batch[i].audience_id);
    }
    buf_add_byte(out, '}');
    return count;
}

static void ask_rooms_or_publish(struct hub *hub)
{
    struct buf list;
    buf_init(&list, 0);
    if (list_shared(hub->feed, &list) > 0)
        ask(hub->feed, ASKED_ROOMS, STATEMENT_ROOMS_OF, (const char *[]){buf_text(&list)}, 1);
    else
        publish(hub);
    buf_free(&list);
}

static void set_rooms(struct event *event, const char *text)
{
    json_t *rooms = json_loads(text, 0, NULL);
    json_t *room;
    size_t i;
    mem_free(event->rooms);
    event->rooms = mem_alloc(json_array_size(rooms) * sizeof *event->rooms);
    event->room_count = json_array_size(rooms);
    json_array_foreach(rooms, i, room)
        event->rooms[i] = json_integer_value(json_array_get(room, 0));
    json_decref(rooms);
}

static void on_rooms(struct hub *hub, const struct rows *rows)
{
    struct feed *feed = hub->feed;
    int person_column = rows_column(rows, "person_id"), rooms_column = rows_column(rows, "rooms");
    for (int row = 0; row < rows_count(rows); row++) {
        int64_t person = rows_integer(rows, row, person_column, 0);
        for (size_t i = 0; i < feed->batch_count; i++) {
            if (feed->batch[i].audience == AUDIENCE_SHARED && feed->batch[i].audience_id == person)
                set_rooms(&feed->batch[i], rows_text(rows, row, rooms_column));
        }
    }
    publish(hub);
}

/* Those of the batch that can make others out of date: few, as a rule none. */
static size_t find_outdating(const struct feed *feed, const struct event **outdating)
{
    size_t count = 0;
    for (size_t i = 0; i < feed->batch_count; i++) {
        if (event_outdates(&feed->batch[i]))
            outdating[count++] = &feed->batch[i];
    }
    return count;
}

static bool is_outdated(struct event *event, const struct event *const *outdating, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (event_is_outdated_by(event, outdating[i]))
            return true;
    }
    return false;
}

static void note_stale(struct feed *feed, int64_t id)
{
    if (feed->stale_count == feed->stale_size) {
        feed->stale_size = feed->stale_size == 0 ? 64 : feed->stale_size * 2;
        feed->stale = mem_grow(feed->stale, feed->stale_size * sizeof *feed->stale);
    }
    feed->stale[feed->stale_count++] = id;
}

static void find_stale(struct hub *hub)
{
    const struct event *outdating[BATCH];
    size_t count = find_outdating(hub->feed, outdating);
    hub->feed->stale_count = 0;
    for (size_t i = 0; count > 0 && i < hub->ring.count; i++) {
        struct event *event = ring_at(&hub->ring, i);
        if (event->data && is_outdated(event, outdating, count))
            note_stale(hub->feed, event->cursor.id);
    }
}

static void ask_stale_or_go_on(struct hub *hub)
{
    struct feed *feed = hub->feed;
    struct buf list;
    find_stale(hub);
    if (feed->stale_count == 0) {
        ask_rooms_or_publish(hub);
        return;
    }
    buf_init(&list, 0);
    for (size_t i = 0; i < feed->stale_count; i++)
        buf_printf(&list, "%c%" PRId64, i == 0 ? '{' : ',', feed->stale[i]);
    buf_add_byte(&list, '}');
    ask(feed, ASKED_STALE, STATEMENT_READ_EVENTS, (const char *[]){buf_text(&list)}, 1);
    buf_free(&list);
}

/* Both are in the order of the numbers. What the log has no more, nobody is shown any more. What was old has left the ring meanwhile. */
static void on_stale(struct hub *hub, const struct rows *rows)
{
    struct feed *feed = hub->feed;
    struct row_columns columns;
    int row = 0;
    row_find_columns(&columns, rows);
    for (size_t i = 0; i < feed->stale_count; i++) {
        struct event *event = ring_find(&hub->ring, feed->stale[i]);
        struct event fresh = {0};
        if (row < rows_count(rows) && rows_integer(rows, row, columns.id, 0) == feed->stale[i])
            row_to_event(rows, row++, &columns, &fresh);
        if (event)
            ring_refresh(&hub->ring, event, &fresh);
        else
            event_reset(&fresh);
    }
    ask_rooms_or_publish(hub);
}

static void on_log(struct hub *hub, const struct rows *rows)
{
    struct feed *feed = hub->feed;
    struct row_columns columns;
    row_find_columns(&columns, rows);
    for (int row = 0; row < rows_count(rows) && feed->batch_count < BATCH; row++)
        row_to_event(rows, row, &columns, &feed->batch[feed->batch_count++]);
    ask_stale_or_go_on(hub);
}

/* --- beginning, and beginning again --- */

static void on_lease(struct hub *hub, const struct rows *rows)
{
    presence_on_lease(hub, (int)rows_integer(rows, 0, 0, 0));
    hub->feed->is_settled = true;
    ask_log(hub);
}

static void ask_lease(struct hub *hub)
{
    ask(hub->feed, ASKED_LEASE, STATEMENT_TAKE_LEASE, NULL, 0);
}

/*
 * Begins so far back that the ring is full when the head is reached: those who come back after a restart find it filled. In the
 * same moment everybody is taken back: whoever was let in between would be shown again what the hub reads on its way.
 */
static void on_head(struct hub *hub, const struct rows *rows)
{
    int64_t head = rows_integer(rows, 0, rows_column(rows, "id"), 0);
    struct cursor start = {.id = head > hub->feed->preload ? head - hub->feed->preload : 0};
    ring_clear(&hub->ring, &start);
    hub_start_over(hub);
    ask_lease(hub);
}

static void begin(struct hub *hub)
{
    hub->feed->preload = setting.ring;
    hub->feed->preload_until = hub->now + PRELOAD_MS;
    ask_head(hub);
}

static void on_position(struct hub *hub, const struct rows *rows)
{
    if (rows_count(rows) == 1 && strcmp(rows_text(rows, 0, rows_column(rows, "tag")), hub->ring.head.tag) == 0) {
        ask_lease(hub);
    } else {
        log_warn("this is another log than before: all readers start afresh", log_int("position", hub->ring.head.id));
        hub->metrics.rewinds++;
        begin(hub);
    }
}

/* What comes before the first reading on a connection. */
static void settle(struct hub *hub)
{
    if (hub->ring.head.tag[0] == '\0')
        begin(hub);
    else
        ask_position(hub);
}

static void on_ready(void *owner)
{
    struct hub *hub = owner;
    log_info("database is there", log_text("connection", "feed"));
    hub->feed->was_up = true;
    hub->feed->is_settled = false;
    ring(hub);
    settle(hub);
}

static void on_rows(void *owner, const struct rows *rows)
{
    struct hub *hub = owner;
    enum question asked = hub->feed->asked;
    hub->feed->asked = ASKED_NOTHING;
    switch (asked) {
    case ASKED_POSITION: on_position(hub, rows); break;
    case ASKED_HEAD:     on_head(hub, rows);     break;
    case ASKED_LEASE:    on_lease(hub, rows);    break;
    case ASKED_LOG:      on_log(hub, rows);      break;
    case ASKED_STALE:    on_stale(hub, rows);    break;
    case ASKED_ROOMS:    on_rooms(hub, rows);    break;
    case ASKED_NOTHING:  break;
    }
}

/*
 * Whatever was asked, the position has not moved: after a pause the log is read again from there, but on a connection that was not
 * settled only after all that comes before.
 */
static void on_refused(void *owner, const char *sqlstate, const char *message)
{
    struct hub *hub = owner;
    log_error("a question was refused", log_text("connection", "feed"), log_text("sqlstate", sqlstate), log_text("why", message));
    hub->metrics.database_errors++;
    hub->feed->asked = ASKED_NOTHING;
    hub->feed->pause_until = hub->now + REFUSED_PAUSE_MS;
    ring(hub);
    drop_batch(hub->feed);
}

static void on_lost(void *owner, const char *why)
{
    struct hub *hub = owner;
    if (hub->feed->was_up)
        log_warn("database went away", log_text("connection", "feed"), log_text("why", why));
    hub->feed->was_up = false;
    hub->metrics.database_losses++;
    hub->feed->asked = ASKED_NOTHING;
    drop_batch(hub->feed);
    presence_on_lost(hub);
}

static void on_notification(void *owner, const char *channel, const char *payload)
{
    struct hub *hub = owner;
    if (strcmp(channel, channels[0]) == 0)
        ring(hub);
    else
        passing_take(hub, payload);
}

static const struct listen_hooks hooks = {
    .on_ready = on_ready, .on_rows = on_rows, .on_refused = on_refused, .on_notification = on_notification, .on_lost = on_lost,
};

struct feed *feed_new(struct hub *hub)
{
    struct feed *feed = mem_zeroed(sizeof *feed);
    feed->plan = (struct listen_plan){
        .conninfo = setting.database, .name = "parley-stream feed", .channels = channels, .channel_count = 2,
        .statements = statements, .statement_count = STATEMENT_COUNT,
    };
    feed->listen = listen_new(&feed->plan, &hooks, hub);
    return feed;
}

void feed_free(struct feed *feed)
{
    drop_batch(feed);
    listen_free(feed->listen);
    mem_free(feed->stale);
    mem_free(feed);
}

bool feed_is_up(const struct feed *feed)
{
    return listen_is_up(feed->listen);
}

double feed_seconds_behind(const struct hub *hub)
{
    return hub->feed->behind_since == 0 ? 0 : (double)(hub->now - hub->feed->behind_since) / 1000;
}

int64_t feed_reconnects(const struct feed *feed)
{
    return listen_reconnects(feed->listen);
}

int feed_socket(const struct feed *feed)
{
    return listen_socket(feed->listen);
}

bool feed_wants_write(const struct feed *feed)
{
    return listen_wants_write(feed->listen);
}

void feed_turn(struct hub *hub)
{
    struct feed *feed = hub->feed;
    if (!listen_is_idle(feed->listen) || hub->now < feed->pause_until)
        return;
    if (!feed->is_settled) {
        settle(hub);
        return;
    }
    if (hub_is_overloaded(hub) && hub->now - feed->published_at < OVERLOAD_PAUSE_MS)
        return;
    if (feed->rung_at != 0 || hub->now >= feed->poll_at) {
        feed->poll_at = hub->now + (map_is_empty(&hub->rooms.sessions) ? IDLE_POLL_MS : POLL_MS);
        ask_log(hub);
    }
}

void feed_handle(struct hub *hub)
{
    listen_handle(hub->feed->listen, hub->now);
}

void feed_tick(struct hub *hub)
{
    listen_tick(hub->feed->listen, hub->now);
}
