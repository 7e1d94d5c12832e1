#include "stream/door.h"

#include "base/listening.h"
#include "base/log.h"
#include "base/mem.h"
#include "stream/answer.h"
#include "stream/hub.h"
#include "stream/socket.h"
#include "wire/handshake.h"
#include "wire/site.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    NEWCOMERS_MAX = 1024,
    ACCEPTS_A_TURN = 256,
    SILENCE_MS = 5000,  /* nginx sends the whole head at once */
};

struct newcomer {
    struct watch watch;  /* first: what epoll gives back */
    struct list link;
    int descriptor;
    int64_t came_at;
    struct buf head;
};

struct door {
    struct watch watch;
    int listening;
    bool is_watched;
    struct list newcomers;  /* oldest first */
    struct list gone;
    size_t count;
};

struct door *door_open(struct hub *hub, int listening)
{
    struct door *door = mem_zeroed(sizeof *door);
    door->watch.kind = WATCH_DOOR;
    door->listening = listening;
    list_init(&door->newcomers);
    list_init(&door->gone);
    if (listening != LISTENING_NONE) {
        fcntl(listening, F_SETFL, fcntl(listening, F_GETFL) | O_NONBLOCK);
        hub_watch(hub, &door->watch, listening, EPOLLIN);
        door->is_watched = true;
    }
    return door;
}

static void watch_door(struct hub *hub, bool is_watched)
{
    struct door *door = hub->door;
    struct epoll_event event = {.events = is_watched ? EPOLLIN : 0, .data.ptr = &door->watch};
    if (door->listening == LISTENING_NONE || door->is_watched == is_watched)
        return;
    door->is_watched = is_watched;
    epoll_ctl(hub->epoll, EPOLL_CTL_MOD, door->listening, &event);
}

static void forget(struct door *door, struct newcomer *newcomer)
{
    list_remove(&newcomer->link);
    list_append(&door->gone, &newcomer->link);
    door->count--;
    newcomer->watch.kind = WATCH_NOBODY;
}

void door_free_gone(struct hub *hub)
{
    struct list *link;
    while ((link = list_take(&hub->door->gone))) {
        struct newcomer *newcomer = LIST_OWNER(link, struct newcomer, link);
        buf_free(&newcomer->head);
        mem_free(newcomer);
    }
}

static void turn_out(struct door *door, struct newcomer *newcomer)
{
    close(newcomer->descriptor);
    forget(door, newcomer);
}

static void take_in(struct hub *hub, int descriptor)
{
    struct newcomer *newcomer = mem_zeroed(sizeof *newcomer);
    newcomer->watch.kind = WATCH_NEWCOMER;
    newcomer->descriptor = descriptor;
    newcomer->came_at = hub->now;
    buf_init(&newcomer->head, HANDSHAKE_HEAD_MAX);
    list_append(&hub->door->newcomers, &newcomer->link);
    hub->door->count++;
    hub_watch(hub, &newcomer->watch, descriptor, EPOLLIN | EPOLLRDHUP);
}

/* Too many at a time, or no descriptor left: the rest waits in the socket's backlog until the next tick. */
void door_accept(struct hub *hub)
{
    for (int i = 0; i < ACCEPTS_A_TURN; i++) {
        int descriptor;
        if (hub->door->count >= NEWCOMERS_MAX) {
            watch_door(hub, false);
            return;
        }
        descriptor = accept4(hub->door->listening, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (descriptor >= 0) {
            take_in(hub, descriptor);
        } else if (errno == EMFILE || errno == ENFILE) {
            log_error("no socket can be accepted", log_int("errno", errno));
            watch_door(hub, false);
            return;
        } else if (errno == EAGAIN) {
            return;
        }
    }
}

/* Why this one may not come in at all; nothing when it may. */
static void write_refusal(struct buf *out, enum handshake_result result, const struct handshake *said, bool has_token)
{
    if (result == HANDSHAKE_BAD)
        answer_problem(out, 400, "Bad Request", "", "bad_request", "This is not the handshake of a WebSocket.", "");
    else if (result == HANDSHAKE_NO_GET)
        answer_problem(out, 405, "Method Not Allowed", "Allow: GET\r\n", "method_not_allowed", "A WebSocket is opened with GET.",
                       "{\"allow\":\"GET\"}");
    else if (result == HANDSHAKE_NO_UPGRADE)
        answer_problem(out, 426, "Upgrade Required", "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n", "upgrade_required",
                       "This address speaks WebSocket, version 13; the same as plain HTTP is /api/events.", "");
    else if (site_is_foreign(said->origin, said->fetch_site, said->host))
        answer_problem(out, 403, "Forbidden", "", "cross_site", "This came from a page of another site.", "");
    else if (!has_token)
        answer_no_session(out);
}

static void look_for_refusal(struct hub *hub, struct reader *reader, enum handshake_result result, const struct handshake *said, bool has_token)
{
    struct buf out;
    buf_init(&out, 0);
    write_refusal(&out, result, said, has_token);
    if (out.length > 0) {
        reader_answer(hub, reader, out.bytes, out.length);
        hub->metrics.streams_refused++;
    }
    buf_free(&out);
}

static void admit(struct hub *hub, struct newcomer *newcomer, enum handshake_result result, const struct handshake *said)
{
    const struct asked asked = {
        .authorization = said->authorization, .cookie = said->cookie, .query = said->query, .last_event_id = said->last_event_id,
        .address = said->address,
    };
    struct arrival arrival = {.descriptor = newcomer->descriptor, .request = OUTBOX_PLAIN, .kind = ARRIVAL_STREAM};
    struct span token = arrival_read(hub->arrivals, &arrival, &asked);
    struct span rest = {newcomer->head.bytes + said->length, newcomer->head.length - said->length};
    struct reader *reader;
    arrival.is_once = false;
    arrival.socket = socket_new(said, token, rest);
    epoll_ctl(hub->epoll, EPOLL_CTL_DEL, newcomer->descriptor, NULL);
    reader = hub_receive(hub, &arrival);
    if (reader->state == READER_PARKED)
        look_for_refusal(hub, reader, result, said, token.length > 0);
    forget(hub->door, newcomer);
}

void door_read(struct hub *hub, struct watch *watch)
{
    struct newcomer *newcomer = (struct newcomer *)(void *)watch;
    char bytes[4096];
    ssize_t got = recv(newcomer->descriptor, bytes, sizeof bytes, 0);
    struct handshake said;
    enum handshake_result result;
    if (got < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (got > 0)
        buf_add(&newcomer->head, bytes, (size_t)got);
    if (got <= 0 || newcomer->head.failed) {
        turn_out(hub->door, newcomer);
        return;
    }
    result = handshake_read(&said, buf_span(&newcomer->head));
    if (result != HANDSHAKE_MORE)
        admit(hub, newcomer, result, &said);
}

void door_tick(struct hub *hub)
{
    struct door *door = hub->door;
    while (!list_is_empty(&door->newcomers)) {
        struct newcomer *oldest = LIST_OWNER(door->newcomers.next, struct newcomer, link);
        if (hub->now - oldest->came_at < SILENCE_MS)
            break;
        turn_out(door, oldest);
    }
    watch_door(hub, !hub->is_stopping && door->count < NEWCOMERS_MAX);
}

void door_stop(struct hub *hub)
{
    watch_door(hub, false);
    while (!list_is_empty(&hub->door->newcomers))
        turn_out(hub->door, LIST_OWNER(hub->door->newcomers.next, struct newcomer, link));
}

void door_free(struct hub *hub)
{
    door_stop(hub);
    door_free_gone(hub);
    mem_free(hub->door);
}
