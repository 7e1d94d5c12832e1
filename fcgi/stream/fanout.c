#include "stream/fanout.h"

#include "stream/rooms.h"

enum { SERVER_MODERATOR = 2 };

/* One event on its way to everybody. */
struct round {
    struct rooms *rooms;
    const struct event *event;
    fanout_give *give;
    void *owner;
    uint64_t stamp;
    bool may_be_blocked;  /* somebody here blocks the author or the quoted author: look at each person's blocks */
};

static bool may_be_blocked(const struct rooms *rooms, const struct event *event)
{
    return event_has_text(event)
        && (rooms_is_blocked_by_anyone(rooms, event->author_id) || rooms_is_blocked_by_anyone(rooms, event->quoted_id));
}

static enum event_variant variant_for(const struct person *person, const struct event *event)
{
    if (rooms_blocks(person, event->author_id))
        return VARIANT_AUTHOR_BLOCKED;
    if (event->quoted_id != 0 && rooms_blocks(person, event->quoted_id))
        return VARIANT_QUOTED_BLOCKED;
    return VARIANT_PLAIN;
}

static void give_once(const struct round *round, struct person *person)
{
    if (person->stamp == round->stamp)
        return;
    person->stamp = round->stamp;
    round->give(round->owner, person, round->may_be_blocked ? variant_for(person, round->event) : VARIANT_PLAIN);
}

static bool moderates(const struct person *person, const struct member *member)
{
    return member->role > 0 || person->rank >= SERVER_MODERATOR;
}

static void give_room(const struct round *round, int64_t id, bool only_moderators)
{
    const struct room *room = rooms_room(round->rooms, id);
    if (!room)
        return;
    for (uint32_t i = 0; i < room->count; i++) {
        if (!only_moderators || moderates(room->seats[i].person, room->seats[i].member))
            give_once(round, room->seats[i].person);
    }
}

static void give_person(const struct round *round, int64_t id)
{
    struct person *person = rooms_person(round->rooms, id);
    if (person)
        give_once(round, person);
}

static void give_shared(const struct round *round)
{
    give_person(round, round->event->audience_id);
    for (size_t i = 0; i < round->event->room_count; i++)
        give_room(round, round->event->rooms[i], false);
}

static void give_rank(const struct round *round)
{
    int64_t lowest = round->event->audience_id < 0 ? 0 : round->event->audience_id;
    for (int64_t rank = lowest; rank < RANK_COUNT; rank++) {
        LIST_EACH(&round->rooms->ranks[rank], link)
            give_once(round, LIST_OWNER(link, struct person, by_rank));
    }
}

static void give_concerned(const struct round *round)
{
    struct person *person = round->event->person_id != 0 ? rooms_person(round->rooms, round->event->person_id) : NULL;
    if (person) {
        person->stamp = round->stamp;
        round->give(round->owner, person, VARIANT_OWN);
    }
}

void fanout_event(struct rooms *rooms, const struct event *event, fanout_give *give, void *owner)
{
    struct round round = {
        .rooms = rooms, .event = event, .give = give, .owner = owner,
        .stamp = rooms_new_round(rooms), .may_be_blocked = may_be_blocked(rooms, event),
    };
    give_concerned(&round);
    switch (event->audience) {
    case AUDIENCE_ROOM:
        give_room(&round, event->audience_id, false);
        break;
    case AUDIENCE_MODERATORS:
        give_room(&round, event->audience_id, true);
        break;
    case AUDIENCE_PERSON:
        give_person(&round, event->audience_id);
        break;
    case AUDIENCE_SHARED:
        give_shared(&round);
        break;
    case AUDIENCE_RANK:
        give_rank(&round);
        break;
    case AUDIENCE_SESSION:  /* session.ended: the hub closes streams, nobody is told by fan-out */
    case AUDIENCE_NOBODY:
        break;
    }
}

static bool is_in_audience(const struct person *person, const struct event *event, int64_t room, bool only_moderators)
{
    const struct member *member = rooms_member(person, room);
    return member && event->cursor.id >= member->joined && (!only_moderators || moderates(person, member));
}

static bool is_for_who_shares(const struct person *person, const struct event *event)
{
    if (event->audience_id == person->id)
        return true;
    for (size_t i = 0; i < event->room_count; i++) {
        if (rooms_member(person, event->rooms[i]))
            return true;
    }
    return false;
}

static bool is_for_audience(const struct person *person, const struct event *event)
{
    switch (event->audience) {
    case AUDIENCE_ROOM:
        return is_in_audience(person, event, event->audience_id, false);
    case AUDIENCE_MODERATORS:
        return is_in_audience(person, event, event->audience_id, true);
    case AUDIENCE_PERSON:
        return event->audience_id == person->id;
    case AUDIENCE_SHARED:
        return is_for_who_shares(person, event);
    case AUDIENCE_RANK:
        return person->rank >= event->audience_id;
    case AUDIENCE_SESSION:
    case AUDIENCE_NOBODY:
        break;
    }
    return false;
}

enum event_variant fanout_variant(const struct rooms *rooms, const struct person *person, const struct event *event)
{
    if (event->person_id == person->id)
        return VARIANT_OWN;
    return may_be_blocked(rooms, event) ? variant_for(person, event) : VARIANT_PLAIN;
}

bool fanout_is_for(const struct rooms *rooms, const struct person *person, const struct event *event, enum event_variant *variant)
{
    *variant = fanout_variant(rooms, person, event);
    if (event->person_id == person->id)
        return event->kind == EVENT_MEMBER_LEFT || event->room_id == 0 || is_in_audience(person, event, event->room_id, false);
    return is_for_audience(person, event);
}
