/*
 * One event of the log, as the hub needs it: what it is, whom it is for, and its frames. Frames come in a few variants,
 * each encoded when first needed and then shared. An event knows nothing of readers and of where it came from.
 * It owns its strings and one reference to each of its frames.
 */
#pragma once

#include "stream/framing.h"
#include "wire/cursor.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum event_kind {
    EVENT_OTHER,  /* nothing that the hub itself acts upon */
    EVENT_MESSAGE_POSTED,
    EVENT_MESSAGE_EDITED,
    EVENT_MESSAGE_DELETED,
    EVENT_ROOM_CREATED,
    EVENT_ROOM_CHANGED,
    EVENT_MEMBER_JOINED,
    EVENT_MEMBER_LEFT,
    EVENT_MEMBER_CHANGED,
    EVENT_USER_CHANGED,
    EVENT_USER_HIDDEN,
    EVENT_USER_SHOWN,
    EVENT_BLOCK_CHANGED,
    EVENT_SESSION_ENDED,
};

enum event_audience {
    AUDIENCE_ROOM,
    AUDIENCE_MODERATORS,  /* those who moderate the room */
    AUDIENCE_PERSON,
    AUDIENCE_SESSION,
    AUDIENCE_SHARED,      /* all who share a room with the person */
    AUDIENCE_RANK,        /* everyone from a server rank up */
    AUDIENCE_NOBODY,      /* one that this hub does not know: better silent than told to the wrong ones */
};

enum event_variant {
    VARIANT_PLAIN,
    VARIANT_AUTHOR_BLOCKED,
    VARIANT_QUOTED_BLOCKED,
    VARIANT_OWN,          /* for the person concerned */
    VARIANT_COUNT,
};

struct event {
    struct cursor cursor;
    enum event_kind kind;
    enum event_audience audience;
    int64_t audience_id;
    int64_t person_id, room_id, message_id, author_id, quoted_id;  /* 0: none */
    int room_role, rank;                                           /* -1: none */
    double at;               /* when its transaction began, seconds since 1970 */
    char *name;              /* the kind as clients see it */
    char *data, *data_own;   /* JSON; data_own may be null. data null: nothing left to show */
    int64_t *rooms;          /* of AUDIENCE_SHARED: where the person is */
    size_t room_count;
    int64_t answers;         /* the message that this one answers, 0 none, -1 not looked up yet: event_answers() */
    struct frame *frames[VARIANT_COUNT][TRANSPORT_COUNT];
};

enum event_kind event_kind_of(const char *name);
enum event_audience event_audience_of(const char *name);

void event_reset(struct event *event);  /* frees what it owns, leaves zeroes */

/* The frame of a variant for a transport; borrowed. Null when there is nothing to show. */
struct frame *event_frame(struct event *event, enum event_variant variant, enum transport transport);

/* Is there a text in it that somebody wrote? */
bool event_has_text(const struct event *event);

/* Did somebody come into a room, or leave it, that is so large that only those who moderate it are told? */
bool event_is_of_large_room(const struct event *event);

/* The message that this event's message answers, or 0. */
int64_t event_answers(struct event *event);

/* Of user.changed, user.hidden and user.shown: whom it is about. Told to those who share a room with them, or to everybody. */
int64_t event_user(const struct event *event);

/* Can this event make others out of date? */
bool event_outdates(const struct event *event);

/* Does `later` make what this event says out of date, so that it must be read again before it is shown once more? */
bool event_is_outdated_by(struct event *event, const struct event *later);

/* About the memory that it and its frames take. */
size_t event_weight(const struct event *event);

/* Takes over what a fresh reading of the same event says, which is left empty. Frames are made anew. */
void event_refresh(struct event *event, struct event *fresh);
