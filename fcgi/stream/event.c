#include "stream/event.h"

#include "base/mem.h"
#include "stream/frame.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name;
    enum event_kind kind;
} kinds[] = {
    {"message.posted", EVENT_MESSAGE_POSTED},
    {"message.edited", EVENT_MESSAGE_EDITED},
    {"message.deleted", EVENT_MESSAGE_DELETED},
    {"room.created", EVENT_ROOM_CREATED},
    {"room.changed", EVENT_ROOM_CHANGED},
    {"member.joined", EVENT_MEMBER_JOINED},
    {"member.left", EVENT_MEMBER_LEFT},
    {"member.changed", EVENT_MEMBER_CHANGED},
    {"user.changed", EVENT_USER_CHANGED},
    {"user.hidden", EVENT_USER_HIDDEN},
    {"user.shown", EVENT_USER_SHOWN},
    {"block.changed", EVENT_BLOCK_CHANGED},
    {"session.ended", EVENT_SESSION_ENDED},
};

static const char *const audiences[] = {"room", "moderators", "person", "session", "shared", "rank"};

enum event_kind event_kind_of(const char *name)
{
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (strcmp(kinds[i].name, name) == 0)
            return kinds[i].kind;
    }
    return EVENT_OTHER;
}

enum event_audience event_audience_of(const char *name)
{
    size_t i = 0;
    while (i < AUDIENCE_NOBODY && strcmp(audiences[i], name) != 0)
        i++;
    return (enum event_audience)i;
}

static void drop_frames(struct event *event)
{
    for (size_t i = 0; i < VARIANT_COUNT; i++) {
        for (size_t j = 0; j < TRANSPORT_COUNT; j++) {
            frame_drop(event->frames[i][j]);
            event->frames[i][j] = NULL;
        }
    }
}

void event_reset(struct event *event)
{
    drop_frames(event);
    mem_free(event->name);
    mem_free(event->data);
    mem_free(event->data_own);
    mem_free(event->rooms);
    *event = (struct event){0};
}

/* What the viewer's block leaves of a message: that it is there, and no word of it. The same as rule.show_blocked() makes. */
static void hide_message(json_t *message)
{
    json_object_set_new(message, "text", json_null());
    json_object_set_new(message, "reply_to", json_null());
    json_object_set_new(message, "images", json_array());
    json_object_set_new(message, "reactions", json_array());
    json_object_set_new(message, "mentions", json_array());
    json_object_set_new(message, "mention_all", json_false());
    json_object_set_new(message, "blocked", json_true());
}

static void hide_quoted(json_t *message)
{
    json_t *quoted = json_object_get(message, "reply_to");
    if (json_is_object(quoted)) {
        json_object_set_new(quoted, "text", json_null());
        json_object_set_new(quoted, "blocked", json_true());
    }
}

/* Gives new JSON text, to be freed; null when the data is no object. */
static char *censor(const char *data, enum event_variant variant)
{
    json_t *message = json_loads(data, 0, NULL);
    char *text = NULL;
    if (json_is_object(message)) {
        if (variant == VARIANT_AUTHOR_BLOCKED)
            hide_message(message);
        else
            hide_quoted(message);
        text = json_dumps(message, JSON_COMPACT);
    }
    json_decref(message);
    return text;
}

static struct frame *encode(const struct event *event, enum event_variant variant, enum transport transport)
{
    char *censored = variant == VARIANT_AUTHOR_BLOCKED || variant == VARIANT_QUOTED_BLOCKED ? censor(event->data, variant) : NULL;
    const char *data = variant == VARIANT_PLAIN ? event->data : variant == VARIANT_OWN ? event->data_own : censored;
    struct frame *frame = data ? framing_encode(transport, &event->cursor, event->name, data) : NULL;
    free(censored);
    return frame;
}

struct frame *event_frame(struct event *event, enum event_variant variant, enum transport transport)
{
    struct frame **frame;
    if (!event->data)
        return NULL;
    if (variant == VARIANT_OWN && !event->data_own)
        variant = VARIANT_PLAIN;
    frame = &event->frames[variant][transport];
    if (!*frame)
        *frame = encode(event, variant, transport);
    return *frame;
}

bool event_has_text(const struct event *event)
{
    return event->kind == EVENT_MESSAGE_POSTED || event->kind == EVENT_MESSAGE_EDITED;
}

bool event_is_of_large_room(const struct event *event)
{
    return event->audience == AUDIENCE_MODERATORS && (event->kind == EVENT_MEMBER_JOINED || event->kind == EVENT_MEMBER_LEFT);
}

static int64_t read_answers(const struct event *event)
{
    json_t *message = json_loads(event->data, 0, NULL);
    int64_t id = json_integer_value(json_object_get(json_object_get(message, "reply_to"), "id"));
    json_decref(message);
    return id;
}

int64_t event_answers(struct event *event)
{
    if (event->answers < 0) {
        bool is_answer = event_has_text(event) && event->quoted_id != 0 && event->data;
        event->answers = is_answer ? read_answers(event) : 0;
    }
    return event->answers;
}

/* Does it name this person? */
static bool names(const struct event *event, int64_t person)
{
    return event->author_id == person || event->quoted_id == person || event->person_id == person
        || (event->audience == AUDIENCE_SHARED && event->audience_id == person);
}

/* Does it show the room itself, its name and topic? */
static bool shows_room(const struct event *event, int64_t room)
{
    bool can_show = event->kind == EVENT_ROOM_CREATED || event->kind == EVENT_ROOM_CHANGED
                 || (event->kind == EVENT_MEMBER_JOINED && event->data_own);
    return can_show && event->room_id == room;
}

/* Retention took the messages of a room up to the one that the event names, if it names one. */
static bool is_retired_by(struct event *event, const struct event *later)
{
    return event_has_text(event) && event->room_id == later->room_id
        && (event->message_id <= later->message_id || (event_answers(event) != 0 && event_answers(event) <= later->message_id));
}

int64_t event_user(const struct event *event)
{
    return event->person_id != 0 ? event->person_id : event->audience_id;
}

bool event_outdates(const struct event *event)
{
    switch (event->kind) {
    case EVENT_MESSAGE_EDITED:
    case EVENT_MESSAGE_DELETED:
    case EVENT_ROOM_CHANGED:
    case EVENT_USER_CHANGED:
    case EVENT_USER_HIDDEN:
    case EVENT_USER_SHOWN:
        return true;
    default:
        return false;
    }
}

bool event_is_outdated_by(struct event *event, const struct event *later)
{
    switch (later->kind) {
    case EVENT_MESSAGE_EDITED:
    case EVENT_MESSAGE_DELETED:
        return event->message_id == later->message_id || event_answers(event) == later->message_id;
    case EVENT_ROOM_CHANGED:
        return shows_room(event, later->room_id) || (later->message_id != 0 && is_retired_by(event, later));
    case EVENT_USER_CHANGED:
    case EVENT_USER_HIDDEN:
    case EVENT_USER_SHOWN:
        return names(event, event_user(later));
    default:
        return false;
    }
}

size_t event_weight(const struct event *event)
{
    size_t text = (event->data ? strlen(event->data) : 0) + (event->data_own ? strlen(event->data_own) : 0);
    return sizeof *event + event->room_count * sizeof *event->rooms + 2 * text;  /* the text, and a frame of it */
}

void event_refresh(struct event *event, struct event *fresh)
{
    mem_free(event->data);
    mem_free(event->data_own);
    drop_frames(event);
    event->data = fresh->data;
    event->data_own = fresh->data_own;
    event->answers = -1;
    fresh->data = fresh->data_own = NULL;
    event_reset(fresh);
}
