#include "stream/resume.h"

#include "base/buf.h"
#include "base/log.h"
#include "base/mem.h"
#include "db/rows.h"
#include "stream/fanout.h"
#include "stream/hub.h"
#include "stream/loader.h"
#include "stream/presence.h"
#include "stream/row.h"
#include "stream/sessions.h"
#include "stream/setting.h"
#include "wire/encode.h"

#include <assert.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

enum {
    LOAD_BATCH = 500,
    COUNT_BATCH = 16,
    REPLAY_BATCH = 32,
    PAGE = 100,                /* events of one reader in one question */
    FILL_BYTES = 64 * 1024,    /* one who catches up gets as much queued at a time */
};

/* One row of api.load_readers. */
struct loaded {
    int status;
    struct cursor head;
    bool cursor_known;
    int64_t session, person;
    int rank;
    const char *name, *rooms, *blocks;
    double expires_at;
};

/* --- tickets: readers in an open question, found again by number when the answer comes, unless they left meanwhile --- */

/* Moves some readers to another state and gives each its number; true when there was one. `add` writes its part of the question. */
static size_t take_tickets(struct hub *hub, enum reader_state from, enum reader_state to, size_t limit, struct buf *question,
                           void (*add)(struct hub *hub, struct buf *out, const struct reader *reader))
{
    uint32_t count = 0;
    buf_add_byte(question, '[');
    while (count < limit && !list_is_empty(&hub->readers[from])) {
        struct reader *reader = LIST_OWNER(hub->readers[from].next, struct reader, of_state);
        if (count > 0)
            buf_add_byte(question, ',');
        reader->ticket = count++;
        add(hub, question, reader);
        reader_move(hub, reader, to);
    }
    buf_add_byte(question, ']');
    return count;
}

static void find_tickets(struct hub *hub, enum reader_state state, struct reader **found, size_t size)
{
    memset(found, 0, size * sizeof *found);
    LIST_EACH(&hub->readers[state], link) {
        struct reader *reader = LIST_OWNER(link, struct reader, of_state);
        if (reader->ticket < size)
            found[reader->ticket] = reader;
    }
}

static void move_all(struct hub *hub, enum reader_state from, enum reader_state to)
{
    LIST_EACH(&hub->readers[from], link)
        reader_move(hub, LIST_OWNER(link, struct reader, of_state), to);
}

/* --- going on --- */

static void become_live(struct hub *hub, struct reader *reader)
{
    reader->is_lagging = false;
    reader_move(hub, reader, READER_LIVE);
    if (reader->is_once && reader->told > 0)
        reader_end(hub, reader);
}

static void queue_event(struct hub *hub, struct reader *reader, struct event *event, enum event_variant variant)
{
    struct frame *frame = event_frame(event, variant, reader_transport(reader));
    if (!frame)
        return;
    reader_queue(hub, reader, frame);
    reader->told++;
    hub->metrics.events_delivered++;
}

/* Queues from the ring until the reader has enough for now, or all. */
static void fill_from_ring(struct hub *hub, struct reader *reader)
{
    for (size_t i = ring_after(&hub->ring, reader->cursor.id); i < hub->ring.count; i++) {
        struct event *event = ring_at(&hub->ring, i);
        enum event_variant variant;
        if (reader->outbox.bytes >= FILL_BYTES)
            return;
        if (event->kind != EVENT_SESSION_ENDED && fanout_is_for(&hub->rooms, reader->person, event, &variant))
            queue_event(hub, reader, event, variant);
        reader->cursor = event->cursor;
    }
    reader->cursor = hub->ring.head;
}

void resume_go_on(struct hub *hub, struct reader *reader)
{
    assert(reader->cursor.id <= hub->ring.head.id);
    if (!ring_covers(&hub->ring, reader->cursor.id)) {
        if (reader->is_lagging)
            reader_cut_off(hub, reader);
        else
            reader_move(hub, reader, READER_BEHIND);
        return;
    }
    fill_from_ring(hub, reader);
    if (reader->state == READER_CATCHING_UP && reader->cursor.id == hub->ring.head.id)
        become_live(hub, reader);
}

static size_t count_in_ring(struct hub *hub, const struct reader *reader)
{
    size_t count = 0;
    enum event_variant variant;
    for (size_t i = ring_after(&hub->ring, reader->cursor.id); i < hub->ring.count; i++)
        count += fanout_is_for(&hub->rooms, reader->person, ring_at(&hub->ring, i), &variant);
    return count;
}

static void start(struct hub *hub, struct reader *reader)
{
    reader_start(hub, reader);
    if (!reader->is_once)
        presence_greet(hub, reader);
}

/* The stream begins, or goes on, at the reader's cursor. */
static void begin(struct hub *hub, struct reader *reader)
{
    if (!reader->is_started)
        start(hub, reader);
    if (reader->reset_reason)
        reader_reset(hub, reader, reader->reset_reason);
    reader->reset_reason = NULL;
    if (reader->state == READER_ENDING || reader->state == READER_GONE)
        return;
    reader_move(hub, reader, READER_CATCHING_UP);
    if (reader->cursor.id < hub->ring.head.id && ring_covers(&hub->ring, reader->cursor.id))
        hub->metrics.resumes_from_ring++;
    resume_go_on(hub, reader);
}

static void start_afresh(struct hub *hub, struct reader *reader, const char *reason)
{
    reader->cursor = hub->ring.head;
    reader->reset_reason = reason;
    begin(hub, reader);
}

/* The hub is as far as the reader's snapshot. How much did the reader miss? */
static void weigh(struct hub *hub, struct reader *reader)
{
    if (hub->ring.head.id - reader->cursor.id <= setting.missed_limit)
        begin(hub, reader);
    else if (!ring_covers(&hub->ring, reader->cursor.id))
        reader_move(hub, reader, READER_FAR);
    else if (count_in_ring(hub, reader) > (size_t)setting.missed_limit)
        start_afresh(hub, reader, "too_far_behind");
    else
        begin(hub, reader);
}

void resume_wake(struct hub *hub)
{
    LIST_EACH(&hub->readers[READER_WAITING], link) {
        struct reader *reader = LIST_OWNER(link, struct reader, of_state);
        if (reader->wait_for <= hub->ring.head.id)
            weigh(hub, reader);
    }
}

void resume_again(struct hub *hub, struct reader *reader)
{
    if (reader->state == READER_ENDING || reader->state == READER_GONE || reader->state == READER_PARKED || reader->state == READER_LOADING)
        return;
    if (reader->state == READER_LIVE)
        reader->cursor = hub->ring.head;
    if (reader->is_started)
        reader->has_cursor = reader->is_cursor_valid = true;
    reader_move(hub, reader, READER_PARKED);
}

/* --- looking up --- */

static void add_load(struct hub *hub, struct buf *out, const struct reader *reader)
{
    char hex[ARRIVAL_TOKEN_HASH * 2 + 1], address[ADDRESS_TEXT_SIZE];
    (void)hub;
    encode_hex(hex, reader->token_hash, sizeof reader->token_hash);
    address_print(&reader->from, address);
    buf_printf(out, "{\"k\":%u,\"token\":\"%s\",\"address\":\"%s\"", reader->ticket, hex, address);
    if (reader->has_cursor && reader->is_cursor_valid)
        buf_printf(out, ",\"cursor_id\":%" PRId64 ",\"cursor_tag\":\"%s\"", reader->cursor.id, reader->cursor.tag);
    buf_add_byte(out, '}');
}

static void join_rooms(struct hub *hub, struct person *person, const char *text)
{
    json_t *rooms = json_loads(text, 0, NULL);
    json_t *room;
    size_t i;
    json_array_foreach(rooms, i, room) {
        rooms_join(&hub->rooms, person, json_integer_value(json_array_get(room, 0)), json_integer_value(json_array_get(room, 1)),
                   (int)json_integer_value(json_array_get(room, 2)));
    }
    json_decref(rooms);
}

static void add_blocks(struct hub *hub, struct person *person, const char *text)
{
    json_t *blocks = json_loads(text, 0, NULL);
    json_t *block;
    size_t i;
    json_array_foreach(blocks, i, block)
        rooms_block(&hub->rooms, person, json_integer_value(block), true);
    json_decref(blocks);
}

/* What was loaded is as of the snapshot; what the hub read since then comes on top. */
static struct person *add_person(struct hub *hub, const struct loaded *loaded)
{
    struct person *person = rooms_add_person(&hub->rooms, loaded->person, loaded->rank, loaded->name, loaded->head.id);
    join_rooms(hub, person, loaded->rooms);
    add_blocks(hub, person, loaded->blocks);
    for (size_t i = ring_after(&hub->ring, loaded->head.id); i < hub->ring.count; i++) {
        const struct event *event = ring_at(&hub->ring, i);
        if (rooms_subject(event) == person->id) {
            rooms_apply_before(&hub->rooms, event);
            rooms_apply_after(&hub->rooms, event);
        }
    }
    return person;
}

static struct session *find_or_add_session(struct hub *hub, const struct loaded *loaded)
{
    struct session *session = rooms_session(&hub->rooms, loaded->session);
    struct person *person;
    if (!session) {
        person = rooms_person(&hub->rooms, loaded->person);
        if (!person)
            person = add_person(hub, loaded);
        session = rooms_add_session(&hub->rooms, person, loaded->session);
        session->touched_at = INT64_MIN / 2;
    }
    rooms_rename(session->person, loaded->name);
    sessions_set_expiry(hub, session, loaded->expires_at);
    return session;
}

/* Did the log that the hub has read since the snapshot end this session? */
static bool has_ended_since(const struct hub *hub, const struct loaded *loaded)
{
    for (size_t i = ring_after(&hub->ring, loaded->head.id); i < hub->ring.count; i++) {
        const struct event *event = ring_at(&hub->ring, i);
        if (event->kind == EVENT_SESSION_ENDED && event->audience_id == loaded->session)
            return true;
    }
    return false;
}

static void refuse(struct hub *hub, struct reader *reader, const char *data, enum websocket_close code)
{
    struct notice ended;
    notice_init_text(&ended, "session.ended", data);
    reader_end_session(hub, reader, &ended, code);
    notice_free(&ended);
}

static void expire(struct hub *hub, struct reader *reader)
{
    if (reader->session)
        reader->session->is_over = true;
    refuse(hub, reader, "{\"reason\":\"expired\"}", WEBSOCKET_EXPIRED);
}

static void shut_out(struct hub *hub, struct reader *reader)
{
    if (reader->is_started)
        refuse(hub, reader, "{\"reason\":\"banned\"}", WEBSOCKET_REVOKED);
    else
        reader_shut_out(hub, reader);
}

/* Who is to be told that the cursor is unknown, and was looked up again before that, has none of their own any more. */
static void place_cursor(struct reader *reader, const struct loaded *loaded)
{
    bool is_known = reader->is_cursor_valid && loaded->cursor_known && loaded->head.id >= reader->cursor.id;
    bool is_usable = reader->has_cursor && is_known && !reader->reset_reason;
    if (reader->has_cursor && !is_usable && !reader->reset_reason)
        reader->reset_reason = "unknown_cursor";
    if (!is_usable)
        reader->cursor = loaded->head;
}

static bool is_over_limit(const struct hub *hub, const struct loaded *loaded)
{
    const struct person *person = rooms_person(&hub->rooms, loaded->person);
    return setting.limits && person && person->reader_count >= (uint32_t)setting.streams_a_person;
}

static void admit(struct hub *hub, struct reader *reader, const struct loaded *loaded)
{
    bool is_ahead = loaded->head.id > hub->ring.head.id;
    if (!is_ahead && !ring_covers(&hub->ring, loaded->head.id)) {
        reader_move(hub, reader, READER_PARKED);  /* a snapshot so old that it cannot be brought up to date: another one */
    } else if (loaded->status == 403) {
        shut_out(hub, reader);
    } else if (loaded->status != 200 || has_ended_since(hub, loaded)) {
        expire(hub, reader);
    } else if (!reader->session && is_over_limit(hub, loaded)) {
        reader_limit(hub, reader);
    } else {
        struct session *session = find_or_add_session(hub, loaded);
        if (!reader->session)
            reader_attach(hub, reader, session);
        place_cursor(reader, loaded);
        reader->wait_for = loaded->head.id;
        if (is_ahead)
            reader_move(hub, reader, READER_WAITING);
        else
            weigh(hub, reader);
    }
}

static void read_loaded(const struct rows *rows, int row, struct loaded *loaded)
{
    *loaded = (struct loaded){
        .status = (int)rows_integer(rows, row, rows_column(rows, "status"), 0),
        .head.id = rows_integer(rows, row, rows_column(rows, "head_id"), 0),
        .cursor_known = rows_bool(rows, row, rows_column(rows, "cursor_known")),
        .session = rows_integer(rows, row, rows_column(rows, "session_id"), 0),
        .person = rows_integer(rows, row, rows_column(rows, "person_id"), 0),
        .rank = (int)rows_integer(rows, row, rows_column(rows, "rank"), 0),
        .name = rows_text(rows, row, rows_column(rows, "name")),
        .rooms = rows_text(rows, row, rows_column(rows, "rooms")),
        .blocks = rows_text(rows, row, rows_column(rows, "blocks")),
        .expires_at = rows_real(rows, row, rows_column(rows, "expires_at"), 0),
    };
    snprintf(loaded->head.tag, sizeof loaded->head.tag, "%s", rows_text(rows, row, rows_column(rows, "head_tag")));
}

static void on_loaded(struct hub *hub, const struct rows *rows)
{
    struct reader *readers[LOAD_BATCH];
    struct loaded loaded;
    find_tickets(hub, READER_LOADING, readers, LOAD_BATCH);
    for (int row = 0; row < rows_count(rows); row++) {
        int64_t k = rows_integer(rows, row, rows_column(rows, "k"), -1);
        if (k < 0 || k >= LOAD_BATCH || !readers[k])
            continue;
        read_loaded(rows, row, &loaded);
        admit(hub, readers[k], &loaded);
    }
    move_all(hub, READER_LOADING, READER_PARKED);
}

static void on_not_loaded(struct hub *hub)
{
    move_all(hub, READER_LOADING, READER_PARKED);
}

bool resume_ask_load(struct hub *hub)
{
    struct buf question;
    if (list_is_empty(&hub->readers[READER_PARKED]))
        return false;
    buf_init(&question, 0);
    take_tickets(hub, READER_PARKED, READER_LOADING, LOAD_BATCH, &question, add_load);
    loader_ask(hub, STATEMENT_LOAD_READERS, (const char *[]){buf_text(&question)}, 1, on_loaded, on_not_loaded);
    buf_free(&question);
    return true;
}

/* --- what was missed, from the log --- */

static void add_missed(struct hub *hub, struct buf *out, const struct reader *reader, long limit)
{
    buf_printf(out, "{\"k\":%u,\"person\":%" PRId64 ",\"after\":%" PRId64 ",\"upto\":%" PRId64 ",\"limit\":%ld}",
               reader->ticket, reader->person->id, reader->cursor.id, hub->ring.head.id, limit);
}

static void add_count(struct hub *hub, struct buf *out, const struct reader *reader)
{
    add_missed(hub, out, reader, setting.missed_limit + 1);
}

static void add_page(struct hub *hub, struct buf *out, const struct reader *reader)
{
    add_missed(hub, out, reader, PAGE);
}

static void on_counted(struct hub *hub, const struct rows *rows)
{
    struct reader *readers[COUNT_BATCH];
    find_tickets(hub, READER_COUNTING, readers, COUNT_BATCH);
    for (int row = 0; row < rows_count(rows); row++) {
        int64_t k = rows_integer(rows, row, rows_column(rows, "k"), -1);
        if (k < 0 || k >= COUNT_BATCH || !readers[k])
            continue;
        if (rows_integer(rows, row, rows_column(rows, "missed"), 0) > setting.missed_limit)
            start_afresh(hub, readers[k], "too_far_behind");
        else
            begin(hub, readers[k]);
    }
    move_all(hub, READER_COUNTING, READER_FAR);
}

static void on_not_counted(struct hub *hub)
{
    move_all(hub, READER_COUNTING, READER_FAR);
}

bool resume_ask_missed(struct hub *hub)
{
    struct buf question;
    if (list_is_empty(&hub->readers[READER_FAR]))
        return false;
    buf_init(&question, 0);
    take_tickets(hub, READER_FAR, READER_COUNTING, COUNT_BATCH, &question, add_count);
    loader_ask(hub, STATEMENT_COUNT_MISSED, (const char *[]){buf_text(&question)}, 1, on_counted, on_not_counted);
    buf_free(&question);
    return true;
}

/* The event of a row; readers of the same room share it and its frames while one answer is worked through. */
static struct event *take_event(struct map *seen, const struct rows *rows, int row, const struct row_columns *columns)
{
    uint64_t id = (uint64_t)rows_integer(rows, row, columns->id, 0);
    struct event *event = map_get(seen, id);
    if (!event) {
        event = mem_alloc(sizeof *event);
        row_to_event(rows, row, columns, event);
        map_put(seen, id, event);
    }
    return event;
}

static void free_events(struct map *seen)
{
    size_t position = 0;
    struct event *event;
    while ((event = map_next(seen, &position))) {
        event_reset(event);
        mem_free(event);
    }
    map_free(seen);
}

/* Of a page with very long events a reader gets only as much as one who catches up; the rest is asked for again. */
static void queue_of_page(struct hub *hub, struct reader *reader, struct event *event, uint32_t *count)
{
    if (*count == PAGE)
        return;
    if (event->kind != EVENT_SESSION_ENDED)
        queue_event(hub, reader, event, fanout_variant(&hub->rooms, reader->person, event));
    reader->cursor = event->cursor;
    *count = reader->outbox.bytes < FILL_BYTES ? *count + 1 : PAGE;
}

/* A page that is not full was the last one. The next goes out when this one is written: resume_go_on(). */
static void finish_pages(struct hub *hub, struct reader **readers, const uint32_t *counts)
{
    for (size_t k = 0; k < REPLAY_BATCH; k++) {
        struct reader *reader = readers[k];
        if (!reader || reader->state != READER_REPLAYING)
            continue;
        if (counts[k] < PAGE)
            reader->cursor = hub->replay_upto;
        hub->metrics.resumes_from_log++;
        reader_move(hub, reader, READER_CATCHING_UP);
        if (!outbox_has_work(&reader->outbox))
            resume_go_on(hub, reader);
    }
}

static void on_replayed(struct hub *hub, const struct rows *rows)
{
    struct reader *readers[REPLAY_BATCH];
    uint32_t counts[REPLAY_BATCH] = {0};
    struct row_columns columns;
    struct map seen = {0};
    int k_column = rows_column(rows, "k");
    row_find_columns(&columns, rows);
    find_tickets(hub, READER_REPLAYING, readers, REPLAY_BATCH);
    for (int row = 0; row < rows_count(rows); row++) {
        int64_t k = rows_integer(rows, row, k_column, -1);
        struct event *event;
        if (k < 0 || k >= REPLAY_BATCH || !readers[k])
            continue;
        event = take_event(&seen, rows, row, &columns);
        queue_of_page(hub, readers[k], event, &counts[k]);
    }
    free_events(&seen);
    finish_pages(hub, readers, counts);
}

static void on_not_replayed(struct hub *hub)
{
    move_all(hub, READER_REPLAYING, READER_BEHIND);
}

bool resume_ask_replay(struct hub *hub)
{
    struct buf question;
    if (list_is_empty(&hub->readers[READER_BEHIND]))
        return false;
    buf_init(&question, 0);
    hub->replay_upto = hub->ring.head;
    take_tickets(hub, READER_BEHIND, READER_REPLAYING, REPLAY_BATCH, &question, add_page);
    loader_ask(hub, STATEMENT_REPLAY, (const char *[]){buf_text(&question)}, 1, on_replayed, on_not_replayed);
    buf_free(&question);
    return true;
}
