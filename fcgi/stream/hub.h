/*
 * The hub: everything that the epoll thread has, and the turn of its loop. All of it is confined to that thread; the accept
 * threads reach it by their queue only. Modules take the hub and touch their own part of it.
 */
#pragma once

#include "base/list.h"
#include "base/map.h"
#include "stream/metrics.h"
#include "stream/reader.h"
#include "stream/ring.h"
#include "stream/rooms.h"
#include "stream/wheel.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct arrivals;
struct door;
struct feed;
struct loader;
struct presence;

struct hub {
    int epoll, signals;
    int64_t now;                            /* of this turn, milliseconds of the monotonic clock */
    double wall;                            /* the same in seconds since 1970 */

    struct rooms rooms;
    struct ring ring;
    struct list readers[READER_STATES];
    size_t reader_counts[READER_STATES];
    ssize_t blocked_count;                  /* readers whose socket takes no more for now */
    struct cursor replay_upto;              /* of the pages that are being read from the log */
    struct list dirty;                      /* readers to write to at the end of the turn */
    struct wheel timers;                    /* of readers: pings, the end of ?once=1, of a close, of patience */
    struct map addresses;                   /* what counts of an address, as reader.address has it → struct visitors */
    size_t streams_max;                     /* more are told to come back later */

    struct map typing;                      /* room and person → when it was last told, in the pointer */

    struct feed *feed;                      /* the connection that follows the log */
    struct loader *loader;                  /* the one for everything else */
    struct presence *presence;
    struct arrivals *arrivals;
    struct door *door;                      /* where WebSockets come in */
    struct list calls;                      /* that clients made on them and parley-api is working on, oldest first */
    struct list gone_calls;                 /* freed at the end of the turn */
    struct watch arrivals_watch, signals_watch, feed_watch, loader_watch;

    struct metrics metrics;
    double next_expiry;                     /* no session ends before */
    int64_t tick_at, touch_at;              /* when timers are next looked at; sessions touched */
    bool is_stopping;
    int64_t stop_at;                        /* the latest end after SIGTERM */
};

/* Runs until SIGTERM and the end of all streams, at most some seconds later. Gives the exit status. */
int hub_run(void);

/* Somebody has come: a stream to be, or a question about the hub itself. */
struct reader *hub_receive(struct hub *hub, const struct arrival *arrival);

/* Adds a descriptor to the set; what it says is brought to the owner of the watch. */
void hub_watch(struct hub *hub, struct watch *watch, int descriptor, uint32_t events);

/* An event of the log has come: changes the replica, tells everybody whom it is for. Takes the event over. */
void hub_publish(struct hub *hub, struct event *event);

/*
 * Do most streams wait for their sockets, though they do take bytes? Then it is not a reader that is slow but the machine, and
 * to read the log faster than it can be written would only turn everybody into a laggard.
 */
bool hub_is_overloaded(const struct hub *hub);

/* All events that were read are published: those who waited for one of them go on. */
void hub_advanced(struct hub *hub);

/* The ring was cleared, so the replica is of another time, or another log: everybody is looked up again; who has a stream starts afresh. */
void hub_start_over(struct hub *hub);

/* A passing event for one person's live streams, but those that wait for one event of the log. */
void hub_tell(struct hub *hub, struct person *person, struct notice *notice);
