#include "stream/rooms.h"

#include "base/mem.h"
#include "stream/event.h"

#include <assert.h>
#include <string.h>

void rooms_init(struct rooms *rooms)
{
    *rooms = (struct rooms){.round = 1};
    for (size_t i = 0; i < RANK_COUNT; i++)
        list_init(&rooms->ranks[i]);
}

void rooms_free(struct rooms *rooms)
{
    for (;;) {
        size_t position = 0;
        struct session *session = map_next(&rooms->sessions, &position);
        if (!session)
            break;
        rooms_drop_session(rooms, session);
    }
    map_free(&rooms->rooms);
    map_free(&rooms->people);
    map_free(&rooms->sessions);
    map_free(&rooms->blocked);
}

struct person *rooms_person(const struct rooms *rooms, int64_t id)
{
    return map_get(&rooms->people, (uint64_t)id);
}

struct room *rooms_room(const struct rooms *rooms, int64_t id)
{
    return map_get(&rooms->rooms, (uint64_t)id);
}

struct session *rooms_session(const struct rooms *rooms, int64_t id)
{
    return map_get(&rooms->sessions, (uint64_t)id);
}

static int fitting_rank(int rank)
{
    return rank < 0 ? 0 : rank >= RANK_COUNT ? RANK_COUNT - 1 : rank;
}

struct person *rooms_add_person(struct rooms *rooms, int64_t id, int rank, const char *name, int64_t as_of)
{
    struct person *person = mem_zeroed(sizeof *person);
    assert(!rooms_person(rooms, id));
    person->id = id;
    person->rank = fitting_rank(rank);
    person->as_of = as_of;
    person->name = mem_copy_text(name);
    list_init(&person->readers);
    list_init(&person->sessions);
    list_init(&person->by_rank);
    list_append(&rooms->ranks[person->rank], &person->by_rank);
    map_put(&rooms->people, (uint64_t)id, person);
    return person;
}

static void drop_person(struct rooms *rooms, struct person *person)
{
    assert(list_is_empty(&person->readers) && !person->news);
    while (person->member_count > 0)
        rooms_leave(rooms, person, person->members[person->member_count - 1]->room->id);
    while (person->block_count > 0)
        rooms_block(rooms, person, person->blocks[person->block_count - 1], false);
    list_remove(&person->by_rank);
    map_remove(&rooms->people, (uint64_t)person->id);
    mem_free(person->members);
    mem_free(person->blocks);
    mem_free(person->name);
    mem_free(person);
}

void rooms_rename(struct person *person, const char *name)
{
    if (strcmp(person->name, name) == 0)
        return;
    mem_free(person->name);
    person->name = mem_copy_text(name);
}

struct session *rooms_add_session(struct rooms *rooms, struct person *person, int64_t id)
{
    struct session *session = mem_zeroed(sizeof *session);
    assert(!rooms_session(rooms, id));
    session->id = id;
    session->person = person;
    list_init(&session->readers);
    list_init(&session->presence);
    list_init(&session->of_person);
    list_append(&person->sessions, &session->of_person);
    map_put(&rooms->sessions, (uint64_t)id, session);
    return session;
}

void rooms_drop_session(struct rooms *rooms, struct session *session)
{
    struct person *person = session->person;
    assert(list_is_empty(&session->readers));
    list_remove(&session->of_person);
    list_remove(&session->presence);
    map_remove(&rooms->sessions, (uint64_t)session->id);
    mem_free(session);
    if (list_is_empty(&person->sessions))
        drop_person(rooms, person);
}

static struct room *find_or_add_room(struct rooms *rooms, int64_t id)
{
    struct room *room = rooms_room(rooms, id);
    if (!room) {
        room = mem_zeroed(sizeof *room);
        room->id = id;
        map_put(&rooms->rooms, (uint64_t)id, room);
    }
    return room;
}

static void take_seat(struct room *room, struct person *person, struct member *member)
{
    if (room->count == room->size) {
        room->size = room->size == 0 ? 4 : room->size * 2;
        room->seats = mem_grow(room->seats, room->size * sizeof *room->seats);
    }
    member->room = room;
    member->seat = room->count;
    room->seats[room->count++] = (struct seat){.person = person, .member = member};
}

static void leave_seat(struct rooms *rooms, struct member *member)
{
    struct room *room = member->room;
    struct seat *last = &room->seats[--room->count];
    last->member->seat = member->seat;
    room->seats[member->seat] = *last;
    if (room->count == 0) {
        map_remove(&rooms->rooms, (uint64_t)room->id);
        mem_free(room->seats);
        mem_free(room);
    }
}

/* The place of the first membership in a room with this number or a greater one. */
static uint32_t member_place(const struct person *person, int64_t room)
{
    uint32_t low = 0, high = person->member_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (person->members[middle]->room->id < room)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

struct member *rooms_member(const struct person *person, int64_t room)
{
    uint32_t place = member_place(person, room);
    if (place == person->member_count || person->members[place]->room->id != room)
        return NULL;
    return person->members[place];
}

static void insert_member(struct person *person, uint32_t place, struct member *member)
{
    if (person->member_count == person->member_size) {
        person->member_size = person->member_size == 0 ? 4 : person->member_size * 2;
        person->members = mem_grow(person->members, person->member_size * sizeof *person->members);
    }
    memmove(&person->members[place + 1], &person->members[place], (person->member_count - place) * sizeof *person->members);
    person->members[place] = member;
    person->member_count++;
}

void rooms_join(struct rooms *rooms, struct person *person, int64_t room, int64_t joined, int role)
{
    struct member *member = rooms_member(person, room);
    if (!member) {
        member = mem_zeroed(sizeof *member);
        insert_member(person, member_place(person, room), member);
        take_seat(find_or_add_room(rooms, room), person, member);
    }
    member->joined = joined;
    member->role = (uint8_t)(role < 0 ? 0 : role);
}

void rooms_leave(struct rooms *rooms, struct person *person, int64_t room)
{
    uint32_t place = member_place(person, room);
    struct member *member = rooms_member(person, room);
    if (!member)
        return;
    leave_seat(rooms, member);
    person->member_count--;
    memmove(&person->members[place], &person->members[place + 1], (person->member_count - place) * sizeof *person->members);
    mem_free(member);
}

bool rooms_blocks(const struct person *person, int64_t other)
{
    for (uint32_t i = 0; i < person->block_count; i++) {
        if (person->blocks[i] == other)
            return true;
    }
    return false;
}

bool rooms_is_blocked_by_anyone(const struct rooms *rooms, int64_t person)
{
    return map_get(&rooms->blocked, (uint64_t)person);
}

static void count_block(struct rooms *rooms, int64_t other, int change)
{
    uintptr_t count = (uintptr_t)map_get(&rooms->blocked, (uint64_t)other) + (uintptr_t)change;
    if (count == 0)
        map_remove(&rooms->blocked, (uint64_t)other);
    else
        map_put(&rooms->blocked, (uint64_t)other, (void *)count);
}

static void remove_block(struct person *person, int64_t other)
{
    for (uint32_t i = 0; i < person->block_count; i++) {
        if (person->blocks[i] == other) {
            person->blocks[i] = person->blocks[--person->block_count];
            return;
        }
    }
}

void rooms_block(struct rooms *rooms, struct person *person, int64_t other, bool is_blocked)
{
    if (rooms_blocks(person, other) == is_blocked)
        return;
    if (is_blocked) {
        person->blocks = mem_grow(person->blocks, (person->block_count + 1) * sizeof *person->blocks);
        person->blocks[person->block_count++] = other;
    } else {
        remove_block(person, other);
    }
    count_block(rooms, other, is_blocked ? 1 : -1);
}

static void set_rank(struct rooms *rooms, struct person *person, int rank)
{
    person->rank = fitting_rank(rank);
    list_remove(&person->by_rank);
    list_append(&rooms->ranks[person->rank], &person->by_rank);
}

static void set_role(struct person *person, int64_t room, int role)
{
    struct member *member = rooms_member(person, room);
    if (member && role >= 0)
        member->role = (uint8_t)role;
}

int64_t rooms_subject(const struct event *event)
{
    switch (event->kind) {
    case EVENT_MEMBER_JOINED:
    case EVENT_MEMBER_LEFT:
    case EVENT_MEMBER_CHANGED:
        return event->person_id;
    case EVENT_USER_CHANGED:
        return event_user(event);
    case EVENT_BLOCK_CHANGED:
        return event->audience_id;
    default:
        return 0;
    }
}

/* The person whom an event changes, when we know them and the event is news. */
static struct person *find_subject(const struct rooms *rooms, const struct event *event)
{
    int64_t id = rooms_subject(event);
    struct person *person = id != 0 ? rooms_person(rooms, id) : NULL;
    return person && event->cursor.id > person->as_of ? person : NULL;
}

void rooms_apply_before(struct rooms *rooms, const struct event *event)
{
    struct person *person = find_subject(rooms, event);
    if (!person)
        return;
    if (event->kind == EVENT_MEMBER_JOINED)
        rooms_join(rooms, person, event->room_id, event->cursor.id, event->room_role);
    else if (event->kind == EVENT_MEMBER_CHANGED)
        set_role(person, event->room_id, event->room_role);
    else if (event->kind == EVENT_USER_CHANGED && event->rank >= 0)
        set_rank(rooms, person, event->rank);
    else if (event->kind == EVENT_BLOCK_CHANGED)
        rooms_block(rooms, person, event->author_id, event->rank == 1);
}

void rooms_apply_after(struct rooms *rooms, const struct event *event)
{
    struct person *person = event->kind == EVENT_MEMBER_LEFT ? find_subject(rooms, event) : NULL;
    if (person)
        rooms_leave(rooms, person, event->room_id);
}

uint64_t rooms_new_round(struct rooms *rooms)
{
    return ++rooms->round;
}
