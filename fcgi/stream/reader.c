#include "stream/reader.h"

#include "base/mem.h"
#include "stream/answer.h"
#include "stream/frame.h"
#include "stream/hub.h"
#include "stream/presence.h"
#include "stream/resume.h"
#include "stream/setting.h"
#include "stream/socket.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    LIMITED_RETRY_MS = 15000,
    READS_AT_END = 20,  /* of a WebSocket that is gone: its largest message */
};

static void count_address(struct hub *hub, uint64_t address)
{
    struct visitors *visitors = map_get(&hub->addresses, address);
    if (!visitors) {
        visitors = mem_zeroed(sizeof *visitors);
        map_put(&hub->addresses, address, visitors);
    }
    visitors->streams++;
}

static void discount_address(struct hub *hub, uint64_t address)
{
    struct visitors *visitors = map_get(&hub->addresses, address);
    if (--visitors->streams > 0)
        return;
    map_remove(&hub->addresses, address);
    mem_free(visitors);
}

/* nginx never sends FCGI_ABORT_REQUEST: a client that left shows as a connection closed by nginx. */
void reader_watch(struct hub *hub, struct reader *reader)
{
    struct epoll_event event = {.events = EPOLLRDHUP, .data.ptr = &reader->watch};
    if (reader->is_watching_write)
        event.events |= EPOLLOUT;
    if (reader->socket && reader->is_started && socket_wants_read(reader))
        event.events |= EPOLLIN;
    if (event.events == reader->watched)
        return;
    if (epoll_ctl(hub->epoll, reader->watched == 0 ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, reader->descriptor, &event) != 0)
        abort();  /* the descriptor is ours and the set has no limit but memory */
    reader->watched = event.events;
}

struct reader *reader_new(struct hub *hub, const struct arrival *arrival)
{
    struct reader *reader = mem_zeroed(sizeof *reader);
    *reader = (struct reader){
        .watch.kind = WATCH_READER, .descriptor = arrival->descriptor, .state = READER_PARKED, .cursor = arrival->cursor,
        .opened_at = hub->now, .queued_at = hub->now, .wrote_at = hub->now, .from = arrival->from, .address = arrival->address,
        .has_cursor = arrival->has_cursor, .is_cursor_valid = arrival->is_cursor_valid, .is_once = arrival->is_once,
        .socket = arrival->socket,
    };
    memcpy(reader->token_hash, arrival->token_hash, sizeof reader->token_hash);
    outbox_init(&reader->outbox, arrival->request);
    list_init(&reader->of_state);
    list_init(&reader->of_person);
    list_init(&reader->of_session);
    list_init(&reader->dirty);
    list_init(&reader->timer);
    list_append(&hub->readers[READER_PARKED], &reader->of_state);
    hub->reader_counts[READER_PARKED]++;
    count_address(hub, reader->address);
    reader_watch(hub, reader);
    return reader;
}

void reader_move(struct hub *hub, struct reader *reader, enum reader_state state)
{
    assert(reader->state != READER_GONE);
    list_remove(&reader->of_state);
    hub->reader_counts[reader->state]--;
    reader->state = state;
    list_append(&hub->readers[state], &reader->of_state);
    hub->reader_counts[state]++;
}

void reader_attach(struct hub *hub, struct reader *reader, struct session *session)
{
    assert(!reader->session);
    reader->session = session;
    reader->person = session->person;
    reader->person->reader_count++;
    list_append(&session->readers, &reader->of_session);
    list_append(&session->person->readers, &reader->of_person);
    presence_settle(hub, session);
}

void reader_detach(struct hub *hub, struct reader *reader)
{
    struct session *session = reader->session;
    if (!session)
        return;
    reader->person->reader_count--;
    list_remove(&reader->of_session);
    list_remove(&reader->of_person);
    reader->session = NULL;
    reader->person = NULL;
    presence_settle(hub, session);
}

static void make_dirty(struct hub *hub, struct reader *reader)
{
    if (!list_is_linked(&reader->dirty))
        list_append(&hub->dirty, &reader->dirty);
}

void reader_queue_passing(struct hub *hub, struct reader *reader, struct frame *frame)
{
    if (reader->state == READER_ENDING || reader->state == READER_GONE)
        return;
    outbox_put(&reader->outbox, frame);
    make_dirty(hub, reader);
}

void reader_queue(struct hub *hub, struct reader *reader, struct frame *frame)
{
    reader_queue_passing(hub, reader, frame);
    reader->queued_at = hub->now;
}

void reader_queue_bytes(struct hub *hub, struct reader *reader, const char *bytes, size_t size)
{
    struct frame *frame = frame_new(bytes, size);
    reader_queue(hub, reader, frame);
    frame_drop(frame);
}

void reader_queue_own(struct hub *hub, struct reader *reader, const char *bytes, size_t size)
{
    struct frame *frame;
    if (reader->state == READER_GONE || reader->outbox.is_ending)
        return;
    frame = frame_new(bytes, size);
    outbox_put(&reader->outbox, frame);
    frame_drop(frame);
    make_dirty(hub, reader);
}

void reader_end(struct hub *hub, struct reader *reader)
{
    if (reader->state == READER_GONE || reader->outbox.is_ending)
        return;
    outbox_end(&reader->outbox);
    if (reader->state != READER_ENDING)
        reader_move(hub, reader, READER_ENDING);
    make_dirty(hub, reader);
}

void reader_drop(struct hub *hub, struct reader *reader)
{
    if (reader->state != READER_GONE)
        reader_move(hub, reader, READER_GONE);
}

static void set_timer(struct hub *hub, struct reader *reader, int64_t due)
{
    wheel_set(&hub->timers, &reader->timer, due);
}

static void look_at_close(struct hub *hub, struct reader *reader)
{
    int64_t due = socket_look_at_close(hub, reader);
    if (due > 0)
        set_timer(hub, reader, due);
    else
        reader_drop(hub, reader);  /* the other side does not close: then we do */
}

void reader_close(struct hub *hub, struct reader *reader, enum websocket_close code, const char *reason)
{
    if (reader->state == READER_ENDING || reader->state == READER_GONE)
        return;
    if (!reader->socket || !reader->is_started) {
        reader_end(hub, reader);
        return;
    }
    reader_move(hub, reader, READER_ENDING);
    socket_close(hub, reader, code, reason);
    look_at_close(hub, reader);
}

static void queue_http(struct hub *hub, struct reader *reader, struct span answer)
{
    struct buf out;
    buf_init(&out, 0);
    answer_as_http(&out, answer);
    reader_queue_bytes(hub, reader, out.bytes, out.length);
    buf_free(&out);
}

void reader_answer(struct hub *hub, struct reader *reader, const char *bytes, size_t size)
{
    assert(!reader->is_started);
    if (reader->socket)
        queue_http(hub, reader, (struct span){bytes, size});
    else
        reader_queue_bytes(hub, reader, bytes, size);
    reader_end(hub, reader);
}

void reader_start(struct hub *hub, struct reader *reader)
{
    struct buf out;
    buf_init(&out, 0);
    if (reader->socket)
        socket_open(reader, &out);
    else
        answer_stream_head(&out, answer_spread(setting.retry_ms, (uintptr_t)reader));
    answer_ready(&out, reader_transport(reader), &reader->cursor, reader->person);
    reader_queue_bytes(hub, reader, out.bytes, out.length);
    buf_free(&out);
    reader->is_started = true;
    reader->opened_at = hub->now;
    hub->metrics.streams_opened++;
    set_timer(hub, reader, hub->now + (reader->is_once ? setting.once_ms : setting.ping_ms));
    hub->metrics.sockets_opened += reader->socket != NULL;
}

bool reader_is_full(const struct reader *reader)
{
    return reader->outbox.bytes > (uint32_t)setting.queue_bytes;
}

void reader_look_at_queue(struct hub *hub, struct reader *reader, const struct cursor *cursor)
{
    if (reader->state != READER_LIVE || !reader_is_full(reader))
        return;
    if (!reader->is_watching_write)
        reader_write(hub, reader);  /* it may only be this turn that brings so much */
    if (reader->state != READER_LIVE || !reader_is_full(reader))
        return;
    reader->cursor = *cursor;
    reader->is_lagging = true;
    reader_move(hub, reader, READER_CATCHING_UP);
    set_timer(hub, reader, hub->now + setting.lag_ms);
    hub->metrics.lagged++;
}

void reader_cut_off(struct hub *hub, struct reader *reader)
{
    hub->metrics.cut_off++;
    if (!reader->socket || !reader->is_started || reader->state == READER_ENDING) {
        reader_drop(hub, reader);
        return;
    }
    outbox_forget(&reader->outbox);
    reader_close(hub, reader, WEBSOCKET_SLOW, "too slow");
}

void reader_reset(struct hub *hub, struct reader *reader, const char *reason)
{
    struct buf out;
    buf_init(&out, 0);
    answer_reset(&out, reader_transport(reader), &reader->cursor, reason);
    reader_queue_bytes(hub, reader, out.bytes, out.length);
    buf_free(&out);
    reader->told++;
    hub->metrics.resets++;
}

static void refuse(struct hub *hub, struct reader *reader, void (*answer)(struct buf *out))
{
    struct buf out;
    buf_init(&out, 0);
    answer(&out);
    reader_answer(hub, reader, out.bytes, out.length);
    buf_free(&out);
    hub->metrics.streams_refused++;
}

void reader_shut_out(struct hub *hub, struct reader *reader)
{
    refuse(hub, reader, answer_shut_out);
}

void reader_end_session(struct hub *hub, struct reader *reader, struct notice *ended, enum websocket_close code)
{
    if (!reader->is_started) {
        refuse(hub, reader, answer_no_session);
        return;
    }
    reader_queue(hub, reader, notice_frame(ended, reader_transport(reader)));
    reader_close(hub, reader, code, "session ended");
}

static void come_back(struct hub *hub, struct reader *reader, long retry_ms)
{
    struct buf out;
    buf_init(&out, 0);
    if (reader->socket)
        answer_problem(&out, 503, "Service Unavailable", "Retry-After: 3\r\n", "unavailable", "No stream can begin at the moment: please try again.",
                       "{\"retry_after\":3}");
    else
        answer_come_back(&out, answer_spread(retry_ms, (uintptr_t)reader));
    reader_answer(hub, reader, out.bytes, out.length);
    buf_free(&out);
}

void reader_put_off(struct hub *hub, struct reader *reader)
{
    come_back(hub, reader, setting.retry_ms);
    hub->metrics.streams_put_off++;
}

void reader_limit(struct hub *hub, struct reader *reader)
{
    come_back(hub, reader, LIMITED_RETRY_MS);
    hub->metrics.streams_limited++;
}

static const struct cursor *position_of(const struct hub *hub, const struct reader *reader)
{
    return reader->state == READER_LIVE ? &hub->ring.head : &reader->cursor;
}

static void ping(struct hub *hub, struct reader *reader)
{
    struct buf out;
    buf_init(&out, 0);
    answer_ping(&out, reader_transport(reader), position_of(hub, reader));
    if (reader->socket)
        socket_ping(reader, &out);
    reader_queue_bytes(hub, reader, out.bytes, out.length);
    buf_free(&out);
}

/* A queue that does not move: no ping on top of it, and after some time the end; sooner when there is much in it. */
static void look_at_stuck(struct hub *hub, struct reader *reader)
{
    bool is_heavy = reader->is_lagging || (reader->socket && reader_is_full(reader));
    int64_t patience = is_heavy ? setting.lag_ms : setting.stuck_ms;
    if (hub->now - reader->wrote_at < patience)
        set_timer(hub, reader, hub->now + (patience < setting.ping_ms ? patience : setting.ping_ms));
    else
        reader_cut_off(hub, reader);
}

static void look_at_once(struct hub *hub, struct reader *reader)
{
    int64_t due = reader->opened_at + setting.once_ms;
    if (hub->now < due) {
        set_timer(hub, reader, due);
        return;
    }
    ping(hub, reader);  /* its id is the next cursor */
    reader_end(hub, reader);
}

void reader_on_timer(struct hub *hub, struct reader *reader)
{
    int64_t due = reader->queued_at + setting.ping_ms;
    if (reader->state == READER_GONE)
        return;
    if (reader->socket && reader->state == READER_ENDING) {
        look_at_close(hub, reader);
    } else if (reader->socket && socket_is_stalled(hub, reader)) {
        reader_close(hub, reader, WEBSOCKET_POLICY, "a message was begun and not finished");
    } else if (reader->is_watching_write) {  /* what this turn has queued is only written at its end, and is not stuck */
        look_at_stuck(hub, reader);
    } else if (reader->socket && socket_is_silent(reader)) {
        reader_close(hub, reader, WEBSOCKET_GOING_AWAY, "no answer to pings");
    } else if (reader->is_once) {
        look_at_once(hub, reader);
    } else if (hub->now < due) {
        set_timer(hub, reader, due);
    } else {
        ping(hub, reader);
        set_timer(hub, reader, hub->now + setting.ping_ms);
    }
}

void reader_handle(struct hub *hub, struct reader *reader, uint32_t events)
{
    int reads = events & EPOLLRDHUP ? READS_AT_END : 1;
    for (int i = 0; i < reads && (events & EPOLLIN) && reader->socket && reader->state != READER_GONE; i++)
        socket_read(hub, reader);  /* before the end: what was sent counts */
    if (events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR))
        reader_drop(hub, reader);
    else if (events & EPOLLOUT)
        make_dirty(hub, reader);
}

static void watch_write(struct hub *hub, struct reader *reader, bool is_watching)
{
    if (reader->is_watching_write == is_watching)
        return;
    reader->is_watching_write = is_watching;
    hub->blocked_count += is_watching ? 1 : -1;
    reader_watch(hub, reader);
}

/* Everything is written. */
static void on_drained(struct hub *hub, struct reader *reader)
{
    watch_write(hub, reader, false);
    if (reader->outbox.is_ended && (!reader->socket || !socket_awaits_close(reader)))
        reader_drop(hub, reader);
    else if (reader->state == READER_CATCHING_UP)
        resume_go_on(hub, reader);
    if (reader->socket && reader->is_started && reader->state != READER_GONE)
        socket_go_on(hub, reader);
}

void reader_write(struct hub *hub, struct reader *reader)
{
    uint32_t before = reader->outbox.bytes;
    enum outbox_result result;
    if (reader->state == READER_GONE)
        return;
    result = outbox_write(&reader->outbox, reader->descriptor);
    hub->metrics.writes++;
    if (reader->outbox.bytes < before) {
        hub->metrics.bytes_written += before - reader->outbox.bytes;
        reader->wrote_at = hub->now;
    }
    if (result == OUTBOX_EMPTY)
        on_drained(hub, reader);
    else if (result == OUTBOX_BLOCKED)
        watch_write(hub, reader, true);
    else
        reader_drop(hub, reader);
}

/* What nginx sent and nobody read (a body, the empty STDIN) must go first: a unix socket that is closed with bytes unread
 * resets its peer, which would lose the end of the answer there. */
static void close_descriptor(int descriptor)
{
    char waste[4096];
    for (int i = 0; i < 64 && recv(descriptor, waste, sizeof waste, MSG_DONTWAIT) > 0; i++)
        ;
    close(descriptor);
}

void reader_free(struct hub *hub, struct reader *reader)
{
    assert(reader->state == READER_GONE);
    reader_detach(hub, reader);
    list_remove(&reader->of_state);
    list_remove(&reader->dirty);
    list_remove(&reader->timer);
    hub->reader_counts[READER_GONE]--;
    hub->blocked_count -= reader->is_watching_write;
    discount_address(hub, reader->address);
    outbox_reset(&reader->outbox);
    if (reader->socket)
        socket_free(hub, reader->socket);
    close_descriptor(reader->descriptor);
    mem_free(reader);
    hub->metrics.streams_ended++;
}
