/*
 * One stream: a descriptor, what is still to be written to it, and where it stands between its arrival and its end. A reader is
 * on exactly one list, that of its state. Nothing is freed in the middle of a turn: who leaves goes to READER_GONE, and is freed
 * when the turn ends (hub.c).
 */
#pragma once

#include "base/list.h"
#include "stream/arrivals.h"
#include "stream/framing.h"
#include "stream/outbox.h"
#include "stream/watch.h"
#include "wire/cursor.h"
#include "wire/websocket.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct frame;
struct hub;
struct notice;
struct person;
struct session;
struct socket;

enum reader_state {
    READER_PARKED,       /* its session is to be looked up */
    READER_LOADING,      /* is being looked up */
    READER_WAITING,      /* known, but as of an event that the hub has not read yet: wait_for */
    READER_FAR,          /* missed so much that it has to be counted */
    READER_COUNTING,     /* is being counted */
    READER_CATCHING_UP,  /* gets what it missed from the ring, as fast as it takes it */
    READER_BEHIND,       /* what it missed is older than the ring */
    READER_REPLAYING,    /* a page of it is being read from the log */
    READER_LIVE,         /* gets every event as it comes */
    READER_ENDING,       /* gets what is queued, a socket the answers that it waits for, then the end */
    READER_GONE,         /* freed at the end of the turn */
    READER_STATES,
};

/* Those who come from one address: in hub.addresses. */
struct visitors {
    size_t streams;
    int64_t calls_paid_at;        /* a pace: of all their calls */
};

struct reader {
    struct watch watch;           /* first: what epoll gives back */
    int descriptor;
    enum reader_state state;
    struct list of_state, of_person, of_session, dirty, timer;
    struct person *person;        /* null until known */
    struct session *session;
    struct socket *socket;        /* of a WebSocket, owned; null of an event stream */
    struct outbox outbox;
    struct cursor cursor;         /* all up to here was queued; of a live one it is the hub's head instead */
    int64_t wait_for;
    int64_t opened_at, queued_at, wrote_at;  /* milliseconds; queued_at: of what bears a cursor */
    struct address from;
    uint64_t address;
    const char *reset_reason;     /* told as soon as the stream goes on; a constant, or null */
    uint32_t ticket;              /* its number in an open question */
    uint32_t told;                /* events of the log that it got, as far as somebody asks: 0, 1, more */
    uint32_t watched;             /* what epoll was asked for */
    bool has_cursor, is_cursor_valid, is_once, is_started, is_watching_write;
    bool is_lagging;              /* was live, and too slow for it: catches up from the ring, and is cut off when that is gone */
    unsigned char token_hash[ARRIVAL_TOKEN_HASH];
};

static inline enum transport reader_transport(const struct reader *reader)
{
    return reader->socket ? TRANSPORT_WEBSOCKET : TRANSPORT_EVENTS;
}

/* A reader for an arrival, parked; counts on its descriptor from now on, and owns its socket. */
struct reader *reader_new(struct hub *hub, const struct arrival *arrival);

void reader_move(struct hub *hub, struct reader *reader, enum reader_state state);
void reader_attach(struct hub *hub, struct reader *reader, struct session *session);
void reader_detach(struct hub *hub, struct reader *reader);

/* Queues a frame; it is written at the end of the turn. One without a cursor puts no ping off, or the client's cursor could age. */
void reader_queue(struct hub *hub, struct reader *reader, struct frame *frame);
void reader_queue_passing(struct hub *hub, struct reader *reader, struct frame *frame);
void reader_queue_bytes(struct hub *hub, struct reader *reader, const char *bytes, size_t size);

/* What a socket says besides events: pongs, answers, the close frame. It may follow the last event, but not the end. */
void reader_queue_own(struct hub *hub, struct reader *reader, const char *bytes, size_t size);

/*
 * A live one was given all up to `cursor`. When too much is queued for it, it lags from here on: it gets the rest from the ring
 * as it takes it, so a burst harms nobody, and who is slow for long costs no more memory than the others.
 */
void reader_look_at_queue(struct hub *hub, struct reader *reader, const struct cursor *cursor);
bool reader_is_full(const struct reader *reader);

void reader_cut_off(struct hub *hub, struct reader *reader);  /* too slow: it comes back by its cursor */

void reader_end(struct hub *hub, struct reader *reader);   /* what is queued, and the proper end of the answer */
void reader_close(struct hub *hub, struct reader *reader, enum websocket_close code, const char *reason);  /* the same; a socket gets its answers, and learns why */
void reader_drop(struct hub *hub, struct reader *reader);  /* at once */

/* An answer other than a stream, to a reader that was not started: finished head and body. Then the end. */
void reader_answer(struct hub *hub, struct reader *reader, const char *bytes, size_t size);

/* The first bytes of a stream: head, retry and `ready`. */
void reader_start(struct hub *hub, struct reader *reader);

/* Tells that the client has to start afresh, from the reader's cursor. */
void reader_reset(struct hub *hub, struct reader *reader, const char *reason);

/* `session.ended` and the end, a socket's with this code; of a stream that has not begun a 401. */
void reader_end_session(struct hub *hub, struct reader *reader, struct notice *ended, enum websocket_close code);

/* To one that was not started: 403, since nothing is answered to the network that it comes from. */
void reader_shut_out(struct hub *hub, struct reader *reader);

/* To one that was not started: a stream that ends at once, with the time to come back; a socket is refused for now. */
void reader_put_off(struct hub *hub, struct reader *reader);  /* it cannot be served at the moment */
void reader_limit(struct hub *hub, struct reader *reader);    /* it is one too many */

/* What the loop calls. */
void reader_handle(struct hub *hub, struct reader *reader, uint32_t events);  /* what epoll says */
void reader_on_timer(struct hub *hub, struct reader *reader);                 /* its time on the wheel came up */
void reader_write(struct hub *hub, struct reader *reader);
void reader_watch(struct hub *hub, struct reader *reader);                    /* after what it waits for has changed */
void reader_free(struct hub *hub, struct reader *reader);                     /* only of READER_GONE, only at the end of a turn */
