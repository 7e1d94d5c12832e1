#include "stream/passing.h"

#include "base/log.h"
#include "stream/framing.h"
#include "stream/hub.h"
#include "stream/presence.h"
#include "stream/resume.h"
#include "wire/network.h"

#include <jansson.h>
#include <string.h>

enum {
    TYPING_PAUSE_MS = 2000,  /* shown for 5 s, so more often tells nothing */
    TYPING_TOLD_A_MS = 5,    /* so many people of a room: in a crowd typing must not cost more than what is written */
};

static int64_t number(const json_t *object, const char *key)
{
    return json_integer_value(json_object_get(object, key));
}

/* One map for all who type: who says it again within the pause is not told again. */
static bool is_said_again(struct hub *hub, int64_t room, int64_t person)
{
    uint64_t key = map_mix((uint64_t)room) ^ (uint64_t)person;
    int64_t last = (int64_t)(intptr_t)map_get(&hub->typing, key);
    if (last != 0 && hub->now - last < TYPING_PAUSE_MS)
        return true;
    if (hub->typing.count > 10000)
        map_free(&hub->typing);
    map_put(&hub->typing, key, (void *)(intptr_t)hub->now);
    return false;
}

/* Everybody may send notifications who may log in to the database: what is not as we send it is not told. */
static void tell_typing(struct hub *hub, const json_t *said)
{
    json_t *user = json_object_get(said, "user");
    struct room *room = rooms_room(&hub->rooms, number(said, "room"));
    int64_t person = number(user, "id");
    struct notice typing;
    json_t *data;
    if (!room || person == 0 || hub->now < room->typing_at || is_said_again(hub, room->id, person))
        return;
    room->typing_at = hub->now + room->count / TYPING_TOLD_A_MS;
    data = json_pack("{s:I, s:O}", "room_id", (json_int_t)room->id, "user", user);
    notice_init(&typing, "typing", data);
    json_decref(data);
    for (uint32_t i = 0; i < room->count; i++) {
        struct person *other = room->seats[i].person;
        if (other->id != person && !rooms_blocks(other, person))
            hub_tell(hub, other, &typing);
    }
    notice_free(&typing);
}

static void tell_read(struct hub *hub, const json_t *said)
{
    struct person *person = rooms_person(&hub->rooms, number(said, "person"));
    json_t *data = json_object_get(said, "data");
    struct notice moved;
    if (!person || !json_is_object(data))
        return;
    notice_init(&moved, "read.moved", data);
    hub_tell(hub, person, &moved);
    notice_free(&moved);
}

/*
 * A network was shut out: whoever reads from there is looked up again, wherever their session was opened. What is decided is decided
 * there. Who is being looked up may have been before it was shut out: they are asked for once more.
 */
static void look_up_network(struct hub *hub, const json_t *said)
{
    const char *text = json_string_value(json_object_get(said, "network"));
    struct network network;
    if (!text || !network_parse(&network, span_of(text)))
        return;
    for (enum reader_state state = READER_LOADING; state < READER_ENDING; state++) {
        LIST_EACH(&hub->readers[state], link) {
            struct reader *reader = LIST_OWNER(link, struct reader, of_state);
            if (!network_holds(&network, &reader->from))
                continue;
            if (state == READER_LOADING)
                reader_move(hub, reader, READER_PARKED);
            else
                resume_again(hub, reader);
        }
    }
}

void passing_take(struct hub *hub, const char *payload)
{
    json_t *said = json_loads(payload, 0, NULL);
    const char *type = json_string_value(json_object_get(said, "type"));
    if (!type)
        log_warn("a notification that says nothing");
    else if (strcmp(type, "typing") == 0)
        tell_typing(hub, said);
    else if (strcmp(type, "read") == 0)
        tell_read(hub, said);
    else if (strcmp(type, "presence") == 0)
        presence_take(hub, said);
    else if (strcmp(type, "network") == 0)
        look_up_network(hub, said);
    json_decref(said);
}
