/*
 * A hub whose database is a script: the test sees each question and gives the answer, so that what happens in between is chosen and
 * not left to chance. In place of db/listen, the accept threads and the maintenance stand doubles; all else is the real thing. A stream
 * is one end of a pair of sockets; what came to it is kept without the records around it.
 */
#pragma once

#include "base/clock.h"

#include <sys/epoll.h>

static int64_t now_ms = 1000000; /* the clock: it stands still until a test moves it, and nobody waits */
#define clock_ms() now_ms
#define epoll_wait(set, events, size, timeout) epoll_wait(set, events, size, 0 * (timeout))

#include "stream/hub.c" /* its turn and its start are nobody else's business */

#include "base/listening.h"
#include "db/listen.h"
#include "stream/statement.h"
#include "wire/record.h"

#include <inttypes.h>
#include <libpq-fe.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <cmocka.h>

#pragma GCC diagnostic ignored "-Wunused-function" /* no test needs all of these */

enum { VALUES_MAX = 3, TURNS = 4 };

/* --- the database --- */

struct listen {
    const struct listen_hooks *hooks;
    void *owner;
    bool is_up, is_idle;
    enum statement asked;
    char values[VALUES_MAX][8192];
};

static struct listen *feed_db, *loader_db;

struct listen *listen_new(const struct listen_plan *plan, const struct listen_hooks *hooks, void *owner)
{
    struct listen *listen = mem_zeroed(sizeof *listen);
    listen->hooks = hooks;
    listen->owner = owner;
    if (plan->channel_count > 0)
        feed_db = listen;
    else
        loader_db = listen;
    return listen;
}

void listen_free(struct listen *listen) { mem_free(listen); }
int listen_socket(const struct listen *listen) { (void)listen; return -1; }
bool listen_wants_write(const struct listen *listen) { (void)listen; return false; }
bool listen_is_up(const struct listen *listen) { return listen->is_up; }
bool listen_is_idle(const struct listen *listen) { return listen->is_idle; }
int64_t listen_reconnects(const struct listen *listen) { (void)listen; return 0; }
void listen_handle(struct listen *listen, int64_t now) { (void)listen; (void)now; }
void listen_tick(struct listen *listen, int64_t now) { (void)listen; (void)now; }

void listen_ask(struct listen *listen, size_t statement, const char *const *values, int count)
{
    assert_true(listen->is_idle && count <= VALUES_MAX);
    listen->is_idle = false;
    listen->asked = (enum statement)statement;
    for (int i = 0; i < count; i++)
        snprintf(listen->values[i], sizeof listen->values[i], "%s", values[i]);
}

static void connect_db(struct listen *listen)
{
    listen->is_up = listen->is_idle = true;
    listen->hooks->on_ready(listen->owner);
}

static void lose_db(struct listen *listen)
{
    listen->is_up = listen->is_idle = false;
    listen->hooks->on_lost(listen->owner, "test");
}

static void refuse_question(struct listen *listen)
{
    listen->is_idle = true;
    listen->hooks->on_refused(listen->owner, "XX000", "test");
}

static void ring_bell(void)
{
    feed_db->hooks->on_notification(feed_db->owner, "parley_log", "");
}

static void assert_asked(const struct listen *listen, enum statement statement)
{
    assert_false(listen->is_idle);
    assert_int_equal(listen->asked, statement);
}

/* Rows under construction; null values are NULL. */
static PGresult *make_rows(const char *const *columns, int count)
{
    PGresult *rows = PQmakeEmptyPGresult(NULL, PGRES_TUPLES_OK);
    PGresAttDesc attributes[20] = {0};

    for (int i = 0; i < count; i++)
        attributes[i].name = (char *)(uintptr_t)columns[i];
    assert_true(PQsetResultAttrs(rows, count, attributes));
    return rows;
}

static void add_row(PGresult *rows, const char *const *values)
{
    int row = PQntuples(rows);
    for (int i = 0; i < PQnfields(rows); i++)
        assert_true(PQsetvalue(rows, row, i, (char *)(uintptr_t)values[i], values[i] ? (int)strlen(values[i]) : -1));
}

/* Answers the open question; the rows are freed. */
static void answer_rows(struct listen *listen, PGresult *rows)
{
    assert_false(listen->is_idle);
    listen->is_idle = true;
    listen->hooks->on_rows(listen->owner, (const struct rows *)rows);
    PQclear(rows);
}

static void answer_head(int64_t id, const char *tag)
{
    char number[24];
    PGresult *rows = make_rows((const char *const[]){"id", "tag"}, 2);
    assert_asked(feed_db, STATEMENT_LOG_HEAD);
    snprintf(number, sizeof number, "%" PRId64, id);
    add_row(rows, (const char *const[]){number, tag});
    answer_rows(feed_db, rows);
}

static void answer_lease(void)
{
    PGresult *rows = make_rows((const char *const[]){"take_lease"}, 1);
    assert_asked(feed_db, STATEMENT_TAKE_LEASE);
    add_row(rows, (const char *const[]){"7"});
    answer_rows(feed_db, rows);
}

static const char *const event_columns[] = {"k", "id", "tag", "kind", "audience", "audience_id", "person_id", "room_id", "message_id", "author_id",
                                            "quoted_id", "room_role", "rank", "data", "data_own", "at"};

static PGresult *make_events(void)
{
    return make_rows(event_columns, sizeof event_columns / sizeof event_columns[0]);
}

/* An event of now, of a room (or another audience); its tag is "t". `person` may be null. */
static void add_event(PGresult *rows, int k, int64_t id, const char *kind, const char *audience, const char *audience_id, const char *person, const char *data)
{
    char number[24], ticket[12], at[24];
    bool is_of_room = strcmp(audience, "room") == 0 || strcmp(audience, "moderators") == 0;
    snprintf(number, sizeof number, "%" PRId64, id);
    snprintf(ticket, sizeof ticket, "%d", k);
    snprintf(at, sizeof at, "%ld", (long)time(NULL));
    add_row(rows, (const char *const[]){ticket, number, "t", kind, audience, audience_id, person, is_of_room ? audience_id : NULL, number, "9",
                                        NULL, NULL, NULL, data, NULL, at});
}

static void add_posted(PGresult *rows, int64_t id, const char *text)
{
    char data[256];
    snprintf(data, sizeof data, "{\"id\":%" PRId64 ",\"text\":\"%s\"}", id, text);
    add_event(rows, 0, id, "message.posted", "room", "1", NULL, data);
}

static const char *const loaded_columns[] = {"k", "head_id", "head_tag", "status", "cursor_known", "session_id", "person_id", "rank", "name", "expires_at",
                                             "rooms", "blocks"};

/* What api.load_readers says of the reader with ticket 0: session and person `id`, in room 1 since the event 1. */
struct loaded_reader {
    int64_t head;
    bool is_refused, has_unknown_cursor;
    const char *id;         /* "5" when not given */
    const char *expires_at; /* "9e9" when not given */
};

static void answer_loaded(struct loaded_reader loaded)
{
    PGresult *rows = make_rows(loaded_columns, sizeof loaded_columns / sizeof loaded_columns[0]);
    const char *id = loaded.id ? loaded.id : "5";
    char head[24];
    assert_asked(loader_db, STATEMENT_LOAD_READERS);
    snprintf(head, sizeof head, "%" PRId64, loaded.head);
    add_row(rows, (const char *const[]){"0", head, "t", loaded.is_refused ? "401" : "200", loaded.has_unknown_cursor ? "f" : "t", loaded.is_refused ? NULL : id,
                                        loaded.is_refused ? NULL : id, "0", "ana", loaded.expires_at ? loaded.expires_at : "9e9", "[[1,1,0,0]]", "[]"});
    answer_rows(loader_db, rows);
}

/* --- who comes --- */

static struct arrival *arrived;
static int arrival_wake = -1;

struct arrivals *arrivals_start(int listening, int threads)
{
    (void)listening;
    (void)threads;
    arrival_wake = eventfd(0, EFD_NONBLOCK);
    return NULL;
}

struct span arrival_read(const struct arrivals *arrivals, struct arrival *arrival, const struct asked *asked)
{
    (void)arrivals;
    (void)arrival;
    (void)asked;
    return (struct span){0};
}

struct arrival *arrivals_take(struct arrivals *arrivals)
{
    struct arrival *all = arrived;
    eventfd_t ignored;
    (void)arrivals;
    (void)eventfd_read(arrival_wake, &ignored);
    arrived = NULL;
    return all;
}

int arrivals_descriptor(const struct arrivals *arrivals) { (void)arrivals; return arrival_wake; }

static void (*while_accept_threads_end)(void); /* what a test looks at then, or null */

void arrivals_stop(struct arrivals *arrivals)
{
    (void)arrivals;
    if (while_accept_threads_end)
        while_accept_threads_end();
}

void arrivals_free(struct arrivals *arrivals) { (void)arrivals; close(arrival_wake); }
void maintenance_start(void) {}
void maintenance_note(int64_t position) { (void)position; }

/* --- streams --- */

struct stream {
    int descriptor;
    char text[1 << 20];  /* all that came */
    size_t length;
    size_t record_left;
    unsigned char header[RECORD_HEADER_SIZE];
    size_t header_length;
    bool is_closed;
};

static struct stream *come(struct arrival arrival)
{
    struct stream *stream = mem_zeroed(sizeof *stream);
    struct arrival *made = mem_alloc(sizeof *made);
    int ends[2];
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    arrival.descriptor = ends[0];
    arrival.request = arrival.socket ? OUTBOX_PLAIN : 1;
    *made = arrival;
    arrived = made;
    stream->descriptor = ends[1];
    eventfd_write(arrival_wake, 1);
    return stream;
}

static struct stream *come_back(int64_t cursor)
{
    return come((struct arrival){.has_cursor = true, .is_cursor_valid = true, .cursor = {.id = cursor, .tag = "t"}});
}

static void take_byte(struct stream *stream, unsigned char byte)
{
    if (stream->record_left > 0) {
        stream->record_left--;
        if (stream->header[1] == RECORD_STDOUT && stream->length < sizeof stream->text - 1)
            stream->text[stream->length++] = (char)byte;
        return;
    }
    stream->header[stream->header_length++] = byte;
    if (stream->header_length == RECORD_HEADER_SIZE) {
        stream->header_length = 0;
        stream->record_left = (size_t)(stream->header[4] << 8 | stream->header[5]) + stream->header[6];
    }
}

/* All that came so far. */
static const char *heard(struct stream *stream)
{
    unsigned char bytes[4096];
    ssize_t got;
    while ((got = recv(stream->descriptor, bytes, sizeof bytes, MSG_DONTWAIT)) > 0) {
        for (ssize_t i = 0; i < got; i++)
            take_byte(stream, bytes[i]);
    }
    stream->is_closed |= got == 0;
    stream->text[stream->length] = '\0';
    return stream->text;
}

static bool has_heard(struct stream *stream, const char *what)
{
    return strstr(heard(stream), what);
}

/* How often this came. */
static size_t count_heard(struct stream *stream, const char *what)
{
    size_t count = 0;
    for (const char *at = heard(stream); (at = strstr(at, what)); at++)
        count++;
    return count;
}

static void leave(struct stream *stream)
{
    if (stream)
        close(stream->descriptor);
    mem_free(stream);
}

/* --- the hub --- */

static void settle(struct hub *hub)
{
    for (int i = 0; i < TURNS; i++)
        turn(hub);
}

static void pass_time(struct hub *hub, int64_t ms)
{
    now_ms += ms;
    settle(hub);
}

/* A hub with both connections, at the question where the log ends. */
static struct hub *begin_hub_at_head(long ring)
{
    struct hub *hub = mem_zeroed(sizeof *hub);
    setting = (struct setting){
        .database = "", .api = "", .listening_for_sockets = LISTENING_NONE, .ring = ring, .ring_bytes = 16 << 20, .queue_bytes = 65536, .lag_ms = 1000,
        .ping_ms = 1600, .once_ms = 25000, .retry_ms = 1000, .stuck_ms = 60000, .presence_ms = 1000, .grace_ms = 30000, .missed_limit = 100, .limits = true,
        .streams_a_person = 2, .streams_an_address = 100, .streams = 1000, .log_level = LOG_ERROR,
    };
    start(hub);
    connect_db(feed_db);
    connect_db(loader_db);
    return hub;
}

/* A hub that is at the event 100 of the log, idle. */
static struct hub *begin_hub(void)
{
    struct hub *hub = begin_hub_at_head(64);
    answer_head(100, "t");
    answer_lease();
    assert_asked(feed_db, STATEMENT_READ_LOG);
    PGresult *events = make_events();
    for (int64_t id = 37; id <= 100; id++)
        add_posted(events, id, "old");
    answer_rows(feed_db, events);
    return hub;
}

static void end_hub(struct hub *hub)
{
    finish(hub);
    mem_free(hub);
}

/* The log has these, and the doorbell rings: the hub reads them. */
static void publish_rows(struct hub *hub, PGresult *events)
{
    ring_bell();
    settle(hub);
    assert_asked(feed_db, STATEMENT_READ_LOG);
    answer_rows(feed_db, events);
    settle(hub);
}

/* Presence and the like ask, too: whatever it is is answered with nothing, until this is asked. */
static void answer_others(struct hub *hub, enum statement wanted)
{
    for (int i = 0; i < 10 && !(loader_db->asked == wanted && !loader_db->is_idle); i++) {
        if (!loader_db->is_idle)
            answer_rows(loader_db, make_rows((const char *const[]){"x"}, 1));
        settle(hub);
    }
    assert_asked(loader_db, wanted);
}

/* A stream that was let in. */
static struct stream *follow_from(struct hub *hub, struct stream *stream, struct loaded_reader loaded)
{
    settle(hub);
    answer_others(hub, STATEMENT_LOAD_READERS);
    answer_loaded(loaded);
    settle(hub);
    return stream;
}

/* Live, of the person and session `id`. */
static struct stream *follow_as(struct hub *hub, const char *id)
{
    struct stream *stream = follow_from(hub, come((struct arrival){0}), (struct loaded_reader){.head = hub->ring.head.id, .id = id});
    assert_true(has_heard(stream, "event: ready\n"));
    return stream;
}

static void publish_posted(struct hub *hub, int64_t id, const char *text)
{
    PGresult *events = make_events();
    add_posted(events, id, text);
    publish_rows(hub, events);
}

/* Fills a reader's socket, and its queue with more than it may have. */
static int64_t overfill(struct hub *hub, int64_t id)
{
    static char text[20001];
    memset(text, 'x', sizeof text - 1);
    for (int i = 0; i < 40; i++) {
        PGresult *events = make_events();
        char data[20100];
        now_ms += 250;  /* the hub waits a little for a machine whose readers are all slow */
        snprintf(data, sizeof data, "{\"text\":\"%s\"}", text);
        add_event(events, 0, ++id, "message.posted", "room", "1", NULL, data);
        publish_rows(hub, events);
    }
    return id;
}
