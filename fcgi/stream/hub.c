#include "stream/hub.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/notify.h"
#include "stream/answer.h"
#include "stream/call.h"
#include "stream/door.h"
#include "stream/fanout.h"
#include "stream/feed.h"
#include "stream/health.h"
#include "stream/loader.h"
#include "stream/maintenance.h"
#include "stream/presence.h"
#include "stream/resume.h"
#include "stream/sessions.h"
#include "stream/setting.h"

#include <assert.h>
#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

enum {
    EVENTS_A_TURN = 512,
    TICK_MS = 250,
    PATIENCE_MS = 5000,       /* a stream that could not begin by then is told to come back */
    AWAY_PATIENCE_MS = 1000,  /* the same while the database is away */
    RING_SECONDS = 23 * 3600, /* retention may take a message after a day, and what it took must not come out of memory */
    STOP_MS = 4000,
    PROGRESS_MS = 500,        /* who took something within this time is slow, but not deaf */
    RESERVED_DESCRIPTORS = 64,
};

/* --- publishing --- */

struct delivery {
    struct hub *hub;
    struct event *event;
};

static void give_to_reader(struct hub *hub, struct reader *reader, struct frame *frame, const struct cursor *cursor)
{
    reader_queue(hub, reader, frame);
    reader->told++;
    hub->metrics.events_delivered++;
    if (reader->is_once)
        reader_end(hub, reader);
    reader_look_at_queue(hub, reader, cursor);
}

static void give(void *owner, struct person *person, enum event_variant variant)
{
    const struct delivery *delivery = owner;
    LIST_EACH(&person->readers, link) {
        struct reader *reader = LIST_OWNER(link, struct reader, of_person);
        struct frame *frame = reader->state == READER_LIVE ? event_frame(delivery->event, variant, reader_transport(reader)) : NULL;
        if (frame)
            give_to_reader(delivery->hub, reader, frame, &delivery->event->cursor);
    }
}

/* Who is not live yet gets the event from the ring, where it is now. */
void hub_publish(struct hub *hub, struct event *event)
{
    struct delivery delivery = {.hub = hub};
    rooms_apply_before(&hub->rooms, event);
    delivery.event = ring_push(&hub->ring, event);
    if (delivery.event->kind == EVENT_SESSION_ENDED)
        sessions_end(hub, delivery.event->audience_id, delivery.event->data);
    else
        fanout_event(&hub->rooms, delivery.event, give, &delivery);
    rooms_apply_after(&hub->rooms, delivery.event);
    if (event_is_of_large_room(delivery.event))
        presence_recount(hub, delivery.event->room_id);
}

void hub_advanced(struct hub *hub)
{
    maintenance_note(hub->ring.head.id);
    resume_wake(hub);
}

static size_t count_slow(const struct hub *hub, enum reader_state state)
{
    size_t count = 0;
    LIST_EACH(&hub->readers[state], link) {
        const struct reader *reader = LIST_OWNER(link, struct reader, of_state);
        count += reader->is_watching_write && hub->now - reader->wrote_at < PROGRESS_MS;
    }
    return count;
}

bool hub_is_overloaded(const struct hub *hub)
{
    size_t streams = hub->reader_counts[READER_LIVE] + hub->reader_counts[READER_CATCHING_UP];
    if ((size_t)hub->blocked_count * 2 <= streams)
        return false;
    return (count_slow(hub, READER_LIVE) + count_slow(hub, READER_CATCHING_UP)) * 2 > streams;
}

void hub_tell(struct hub *hub, struct person *person, struct notice *notice)
{
    LIST_EACH(&person->readers, link) {
        struct reader *reader = LIST_OWNER(link, struct reader, of_person);
        if (reader->state != READER_LIVE || reader->is_once || reader_is_full(reader))
            continue;
        reader_queue_passing(hub, reader, notice_frame(notice, reader_transport(reader)));
        hub->metrics.passing_delivered++;
    }
}

/* Whoever is still to be told that the cursor is unknown stays so: the one that was put in its place is known. */
static void start_over(struct hub *hub, struct reader *reader)
{
    reader_detach(hub, reader);
    if (reader->state == READER_ENDING || reader->state == READER_GONE)
        return;
    if (reader->is_started)
        reader->reset_reason = "log_rewound";
    reader->has_cursor = reader->has_cursor && !reader->is_started;
    if (reader->state != READER_PARKED)
        reader_move(hub, reader, READER_PARKED);
}

void hub_start_over(struct hub *hub)
{
    presence_on_lost(hub);
    for (enum reader_state state = READER_PARKED; state <= READER_GONE; state++) {
        LIST_EACH(&hub->readers[state], link)
            start_over(hub, LIST_OWNER(link, struct reader, of_state));
    }
    presence_forget(hub);
    assert(map_is_empty(&hub->rooms.people));
}

/* --- a turn --- */

static bool is_over_address_limit(const struct hub *hub, const struct reader *reader)
{
    const struct visitors *visitors = map_get(&hub->addresses, reader->address);
    return setting.limits && visitors->streams > (size_t)setting.streams_an_address;
}

static size_t count_readers(const struct hub *hub)
{
    size_t count = 0;
    for (size_t i = 0; i < READER_STATES; i++)
        count += hub->reader_counts[i];
    return count;
}

static void receive_stream(struct hub *hub, struct reader *reader)
{
    if (hub->is_stopping)
        reader_put_off(hub, reader);
    else if (is_over_address_limit(hub, reader) || count_readers(hub) > hub->streams_max)
        reader_limit(hub, reader);
}

static void answer_about_itself(struct hub *hub, enum arrival_kind kind, struct buf *out)
{
    switch (kind) {
    case ARRIVAL_HEALTH:  health_answer(hub, out);         break;
    case ARRIVAL_CHECK:   health_answer_check(hub, out);   break;
    case ARRIVAL_METRICS: health_answer_metrics(hub, out); break;
    case ARRIVAL_STREAM:                                   break;
    }
}

struct reader *hub_receive(struct hub *hub, const struct arrival *arrival)
{
    struct reader *reader;
    struct buf out;
    buf_init(&out, 0);
    answer_about_itself(hub, arrival->kind, &out);  /* first, or it would count itself */
    reader = reader_new(hub, arrival);
    if (arrival->kind == ARRIVAL_STREAM)
        receive_stream(hub, reader);
    else
        reader_answer(hub, reader, out.bytes, out.length);
    buf_free(&out);
    return reader;
}

static void take_arrivals(struct hub *hub)
{
    struct arrival *arrival = arrivals_take(hub->arrivals);
    while (arrival) {
        struct arrival *next = arrival->next;
        hub_receive(hub, arrival);
        mem_free(arrival);
        arrival = next;
    }
}

static void look_at_timers(struct hub *hub)
{
    struct list due;
    struct list *link;
    list_init(&due);
    wheel_take(&hub->timers, hub->now, &due);
    while ((link = list_take(&due)))
        reader_on_timer(hub, LIST_OWNER(link, struct reader, timer));
}

/* What cannot begin, because the database is away or slow, ends as a stream that says when to come back. */
static void turn_away(struct hub *hub, enum reader_state state)
{
    bool is_up = loader_is_up(hub->loader) && feed_is_up(hub->feed);
    int64_t patience = is_up ? PATIENCE_MS : AWAY_PATIENCE_MS;
    LIST_EACH(&hub->readers[state], link) {
        struct reader *reader = LIST_OWNER(link, struct reader, of_state);
        if (!reader->is_started && hub->now - reader->opened_at > patience)
            reader_put_off(hub, reader);
    }
}

/* While we stop nothing waits for the next slot of the wheel. */
static void hurry(struct hub *hub)
{
    if (!hub->is_stopping)
        return;
    LIST_EACH(&hub->readers[READER_ENDING], link) {
        struct reader *reader = LIST_OWNER(link, struct reader, of_state);
        if (reader->socket && reader->is_started)
            reader_on_timer(hub, reader);
    }
}

static void tick(struct hub *hub)
{
    if (hub->now < hub->tick_at)
        return;
    hub->tick_at = hub->now + TICK_MS;
    notify_alive(hub->now);
    turn_away(hub, READER_PARKED);
    turn_away(hub, READER_LOADING);
    turn_away(hub, READER_WAITING);
    turn_away(hub, READER_FAR);
    turn_away(hub, READER_COUNTING);
    sessions_tick(hub);
    presence_tick(hub);
    feed_tick(hub);
    loader_tick(hub);
    door_tick(hub);
    call_tick(hub);
    hurry(hub);
}

static void write_dirty(struct hub *hub)
{
    struct list dirty;
    struct list *link;
    list_init(&dirty);
    list_move_all(&hub->dirty, &dirty);
    while ((link = list_take(&dirty)))
        reader_write(hub, LIST_OWNER(link, struct reader, dirty));
}

static void free_gone(struct hub *hub)
{
    while (!list_is_empty(&hub->readers[READER_GONE]))
        reader_free(hub, LIST_OWNER(hub->readers[READER_GONE].next, struct reader, of_state));
    door_free_gone(hub);
    call_free_gone(hub);
}

/* From the commit to the last write, of what was published in this turn while somebody was live. */
static void note_lag(struct hub *hub, int64_t before)
{
    if (before == hub->ring.head.id || hub->reader_counts[READER_LIVE] == 0)
        return;
    for (size_t i = ring_after(&hub->ring, before); i < hub->ring.count; i++)
        metrics_note_lag(&hub->metrics, hub->wall - ring_at(&hub->ring, i)->at);
}

static void read_clocks(struct hub *hub)
{
    struct timespec wall;
    clock_gettime(CLOCK_REALTIME, &wall);
    hub->wall = (double)wall.tv_sec + (double)wall.tv_nsec / 1e9;
    hub->now = clock_ms();
}

/* --- what epoll gives --- */

void hub_watch(struct hub *hub, struct watch *watch, int descriptor, uint32_t events)
{
    struct epoll_event event = {.events = events, .data.ptr = watch};
    if (epoll_ctl(hub->epoll, EPOLL_CTL_ADD, descriptor, &event) != 0)
        abort();
}

/* libpq may change its socket at any step of connecting, also to one with the same number: so it is always set anew. */
static void watch_database(struct hub *hub, struct watch *watch, int descriptor, bool wants_write)
{
    struct epoll_event event = {.events = wants_write ? EPOLLIN | EPOLLOUT : EPOLLIN, .data.ptr = watch};
    if (descriptor < 0)
        return;
    if (epoll_ctl(hub->epoll, EPOLL_CTL_MOD, descriptor, &event) != 0 && errno == ENOENT)
        epoll_ctl(hub->epoll, EPOLL_CTL_ADD, descriptor, &event);
}

static void watch_databases(struct hub *hub)
{
    watch_database(hub, &hub->feed_watch, feed_socket(hub->feed), feed_wants_write(hub->feed));
    watch_database(hub, &hub->loader_watch, loader_socket(hub->loader), loader_wants_write(hub->loader));
}

static void say_bye(struct hub *hub, struct reader *reader)
{
    unsigned retry_ms = answer_spread(setting.retry_ms, (uintptr_t)reader ^ (uint64_t)hub->now);
    struct buf out;
    if (!reader->is_started) {
        reader_put_off(hub, reader);
        return;
    }
    buf_init(&out, 0);
    answer_bye(&out, reader_transport(reader), retry_ms, "restart");
    reader_queue_bytes(hub, reader, out.bytes, out.length);
    buf_free(&out);
    reader_close(hub, reader, WEBSOCKET_RESTART, "restart");
}

static void say_bye_to_all(struct hub *hub)
{
    for (enum reader_state state = READER_PARKED; state < READER_ENDING; state++) {
        LIST_EACH(&hub->readers[state], link)
            say_bye(hub, LIST_OWNER(link, struct reader, of_state));
    }
}

/*
 * The accept threads end at once, but for one in the middle of a request that does not come: for that we wait here, up to
 * some seconds, so everybody is told before. Who was accepted meanwhile is told when they are taken over.
 */
static void stop(struct hub *hub)
{
    struct signalfd_siginfo ignored;
    (void)!read(hub->signals, &ignored, sizeof ignored);
    if (hub->is_stopping)
        return;
    notify_stopping();
    log_info("stopping", log_int("streams", (int64_t)hub->reader_counts[READER_LIVE]));
    hub->is_stopping = true;
    hub->stop_at = hub->now + STOP_MS;
    door_stop(hub);
    say_bye_to_all(hub);
    write_dirty(hub);
    arrivals_stop(hub->arrivals);
    take_arrivals(hub);
}

static void handle(struct hub *hub, enum watch_kind kind, const struct epoll_event *events, int count)
{
    for (int i = 0; i < count; i++) {
        struct watch *watch = events[i].data.ptr;
        if (watch->kind != kind)
            continue;
        switch (kind) {
        case WATCH_ARRIVALS: take_arrivals(hub);                                         break;
        case WATCH_FEED:     feed_handle(hub);                                           break;
        case WATCH_LOADER:   loader_handle(hub);                                         break;
        case WATCH_READER:   reader_handle(hub, (struct reader *)watch, events[i].events); break;
        case WATCH_SIGNALS:  stop(hub);                                                  break;
        case WATCH_DOOR:     door_accept(hub);                                           break;
        case WATCH_NEWCOMER: door_read(hub, watch);                                      break;
        case WATCH_CALL:     call_handle(hub, watch);                                    break;
        case WATCH_NOBODY:                                                               break;
        }
    }
}

static int time_to_wait(const struct hub *hub)
{
    int64_t left = hub->tick_at - hub->now;
    if (!list_is_empty(&hub->dirty))
        return 0;
    left = left < hub->timers.slot_ms ? left : hub->timers.slot_ms;
    return left < 0 ? 0 : (int)left;
}

/*
 * The order matters: who came is there before news arrives; the database before readers, so that what it says goes out in this
 * turn; what readers' sockets say before the timers judge them; one write a reader, when all that they get is known; the dead
 * are freed last, when no pointer to them is left.
 */
static void turn(struct hub *hub)
{
    struct epoll_event events[EVENTS_A_TURN];
    int64_t position = hub->ring.head.id;
    int count;
    watch_databases(hub);
    count = epoll_wait(hub->epoll, events, EVENTS_A_TURN, time_to_wait(hub));
    read_clocks(hub);
    ring_drop_before(&hub->ring, hub->wall - RING_SECONDS);
    handle(hub, WATCH_SIGNALS, events, count);
    handle(hub, WATCH_ARRIVALS, events, count);
    handle(hub, WATCH_DOOR, events, count);
    handle(hub, WATCH_NEWCOMER, events, count);
    handle(hub, WATCH_FEED, events, count);
    handle(hub, WATCH_LOADER, events, count);
    handle(hub, WATCH_READER, events, count);
    handle(hub, WATCH_CALL, events, count);
    look_at_timers(hub);
    tick(hub);
    feed_turn(hub);
    loader_turn(hub);
    write_dirty(hub);
    free_gone(hub);
    read_clocks(hub);
    note_lag(hub, position);
}

/* --- from start to end --- */

static int open_signals(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigprocmask(SIG_BLOCK, &set, NULL);
    return signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
}

/* As many streams as there are descriptors for, but for what the program itself needs: to get back to the database, above all. */
static size_t most_streams(void)
{
    struct rlimit limit;
    if (setting.streams > 0)
        return (size_t)setting.streams;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY)
        return SIZE_MAX;
    return limit.rlim_cur > 2 * RESERVED_DESCRIPTORS ? limit.rlim_cur - RESERVED_DESCRIPTORS : RESERVED_DESCRIPTORS;
}

static void start(struct hub *hub)
{
    read_clocks(hub);
    rooms_init(&hub->rooms);
    hub->streams_max = most_streams();
    ring_init(&hub->ring, (size_t)setting.ring, (size_t)setting.ring_bytes);
    for (size_t i = 0; i < READER_STATES; i++)
        list_init(&hub->readers[i]);
    list_init(&hub->dirty);
    wheel_init(&hub->timers, setting.ping_ms / 16, hub->now);
    hub->next_expiry = INFINITY;
    hub->epoll = epoll_create1(EPOLL_CLOEXEC);
    hub->signals = open_signals();
    hub->presence = presence_new(hub);
    hub->feed = feed_new(hub);
    hub->loader = loader_new(hub);
    maintenance_start();
    list_init(&hub->calls);
    list_init(&hub->gone_calls);
    hub->arrivals = arrivals_start(setting.listening, (int)setting.accept_threads);
    hub->door = door_open(hub, setting.listening_for_sockets);
    hub->arrivals_watch.kind = WATCH_ARRIVALS;
    hub->signals_watch.kind = WATCH_SIGNALS;
    hub->feed_watch.kind = WATCH_FEED;
    hub->loader_watch.kind = WATCH_LOADER;
    hub_watch(hub, &hub->arrivals_watch, arrivals_descriptor(hub->arrivals), EPOLLIN);
    hub_watch(hub, &hub->signals_watch, hub->signals, EPOLLIN);
    feed_tick(hub);
    loader_tick(hub);
}

static void finish(struct hub *hub)
{
    for (enum reader_state state = READER_PARKED; state < READER_GONE; state++) {
        LIST_EACH(&hub->readers[state], link)
            reader_drop(hub, LIST_OWNER(link, struct reader, of_state));
    }
    free_gone(hub);
    door_free(hub);
    arrivals_free(hub->arrivals);
    loader_free(hub->loader);
    feed_free(hub->feed);
    rooms_free(&hub->rooms);
    presence_free(hub->presence);
    ring_free(&hub->ring);
    map_free(&hub->addresses);
    map_free(&hub->typing);
    close(hub->signals);
    close(hub->epoll);
}

int hub_run(void)
{
    struct hub *hub = mem_zeroed(sizeof *hub);
    start(hub);
    notify_ready();
    while (!hub->is_stopping || (count_readers(hub) > 0 && hub->now < hub->stop_at))
        turn(hub);
    finish(hub);
    mem_free(hub);
    return EXIT_SUCCESS;
}
