/*
 * The hub's replica of membership: the people who read here, in which rooms they are and since when, their ranks and blocks.
 * It is loaded once a person and from then on changed by events only, so permission at delivery is exact. Indexed both ways:
 * a room knows its people, a person knows their rooms, so the cost of an event follows its deliveries.
 *
 * Rooms own their seats, people own their memberships, sessions and blocks. A session lives from rooms_add_session() to
 * rooms_drop_session(); a person goes with their last session, a room with its last person.
 */
#pragma once

#include "base/list.h"
#include "base/map.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct event;
struct person_news;

enum { RANK_COUNT = 5 };

struct seat {
    struct person *person;
    struct member *member;
};

struct room {
    int64_t id;
    struct seat *seats;  /* in no order */
    uint32_t count, size;
    int64_t told_online; /* of a large room: how many were last said to be here; of others 0 */
    int64_t typing_at;   /* nobody's typing is told before */
};

struct member {
    struct room *room;
    int64_t joined;      /* the event of the joining: earlier ones of the room are not for this person */
    uint32_t seat;       /* where in room->seats */
    uint8_t role;        /* 0 member, 1 moderator, 2 owner */
};

struct person {
    int64_t id;
    struct list readers;       /* links reader.of_person */
    uint64_t stamp;            /* of the last round that reached this person: see rooms_new_round() */
    struct member **members;   /* ascending by room id */
    uint32_t member_count, member_size;
    uint32_t reader_count;
    int64_t *blocks;
    uint32_t block_count;
    int rank;
    int64_t as_of;             /* what is known is as of this event: earlier ones change nothing */
    struct list by_rank;       /* on rooms.ranks[rank] */
    struct list sessions;      /* links session.of_person */
    struct person_news *news;  /* of presence: what is gathered for this person in this moment, else null */
    char *name;
};

struct session {
    int64_t id;
    struct person *person;
    struct list of_person;
    struct list readers;       /* links reader.of_session */
    double expires_at;         /* wall clock, seconds since 1970 */
    int64_t touched_at;        /* milliseconds of the monotonic clock */
    int64_t calls_paid_at;     /* a pace: of the calls on its sockets */
    struct list presence;      /* on one of presence's lists */
    int64_t left_at;           /* when its last reader left */
    bool is_reported, is_being_reported, is_over;  /* presence: known to the database; on the way there; without grace */
};

struct rooms {
    struct map rooms, people, sessions;
    struct map blocked;        /* person id → how many people here block them, as a number in the pointer */
    struct list ranks[RANK_COUNT];
    uint64_t round;
};

void rooms_init(struct rooms *rooms);
void rooms_free(struct rooms *rooms);  /* nobody may have readers any more */

struct person *rooms_person(const struct rooms *rooms, int64_t id);
struct room *rooms_room(const struct rooms *rooms, int64_t id);
struct session *rooms_session(const struct rooms *rooms, int64_t id);

struct person *rooms_add_person(struct rooms *rooms, int64_t id, int rank, const char *name, int64_t as_of);
void rooms_rename(struct person *person, const char *name);
struct session *rooms_add_session(struct rooms *rooms, struct person *person, int64_t id);
void rooms_drop_session(struct rooms *rooms, struct session *session);

void rooms_join(struct rooms *rooms, struct person *person, int64_t room, int64_t joined, int role);
void rooms_leave(struct rooms *rooms, struct person *person, int64_t room);
void rooms_block(struct rooms *rooms, struct person *person, int64_t other, bool is_blocked);

/* The membership, or null. */
struct member *rooms_member(const struct person *person, int64_t room);
bool rooms_blocks(const struct person *person, int64_t other);
bool rooms_is_blocked_by_anyone(const struct rooms *rooms, int64_t person);

/* What an event changes: before its delivery (a joining, roles, ranks, blocks) and after it (a leaving). */
void rooms_apply_before(struct rooms *rooms, const struct event *event);
void rooms_apply_after(struct rooms *rooms, const struct event *event);

/* The person whose state an event changes, or 0. */
int64_t rooms_subject(const struct event *event);

/* A number that no person is stamped with: to reach each person once in a round. */
uint64_t rooms_new_round(struct rooms *rooms);
