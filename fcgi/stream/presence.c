#include "stream/presence.h"

#include "base/buf.h"
#include "base/log.h"
#include "base/mem.h"
#include "db/rows.h"
#include "stream/framing.h"
#include "stream/hub.h"
#include "stream/loader.h"
#include "stream/setting.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum {
    REPORT_BATCH = 1000,
    TELL_BATCH = 500,
    COUNT_BATCH = 100,
    DEAD_MAX = 16,
    LOOK_MS = 10000,     /* for dead hubs; one that was dead at two looks is reaped: within 30 s in all */
};

enum state { OFFLINE = 1, IDLE, ONLINE, STATE_COUNT };  /* never 0: they stand in pointers */

static const char *const state_names[STATE_COUNT] = {[OFFLINE] = "offline", [IDLE] = "idle", [ONLINE] = "online"};

/* Somebody changed: who, and to what. */
struct change {
    int64_t person;
    enum state state;
};

/* What one reader's person is told in this round: places in `told`. */
struct person_news {
    uint32_t *changes;
    uint32_t count, size;
};

struct dead_hubs {
    int numbers[DEAD_MAX];
    size_t count;
};

struct presence {
    int lease;                   /* 0: none */
    int report_lease;            /* under which the open report was made */
    struct list arrived, leaving, gone, reporting;  /* sessions: to report; in their grace, oldest first; to report; in the open report */
    int64_t report_at, tell_at, count_at, look_at;  /* not before */
    struct map changes;          /* person → state: not yet told */
    struct change told[TELL_BATCH];
    size_t told_count;
    struct map told_places;      /* person → place in `told` + 1, while a round goes on */
    struct person **listeners;   /* people with news in this round */
    size_t listener_count, listener_size;
    struct map large;            /* rooms to count */
    struct dead_hubs suspects, condemned;
};

struct presence *presence_new(struct hub *hub)
{
    struct presence *presence = mem_zeroed(sizeof *presence);
    list_init(&presence->arrived);
    list_init(&presence->leaving);
    list_init(&presence->gone);
    list_init(&presence->reporting);
    presence->look_at = hub->now;
    return presence;
}

void presence_free(struct presence *presence)
{
    map_free(&presence->changes);
    map_free(&presence->told_places);
    map_free(&presence->large);
    mem_free(presence->listeners);
    mem_free(presence);
}

/* --- what this hub reports --- */

void presence_settle(struct hub *hub, struct session *session)
{
    struct presence *presence = hub->presence;
    bool is_here = !list_is_empty(&session->readers);
    if (session->is_being_reported)
        return;  /* settled again when the answer is there */
    list_remove(&session->presence);
    if (is_here && !session->is_reported) {
        list_append(&presence->arrived, &session->presence);
    } else if (!is_here && session->is_reported) {
        session->left_at = hub->now;
        list_append(session->is_over ? &presence->gone : &presence->leaving, &session->presence);
    } else if (!is_here) {
        rooms_drop_session(&hub->rooms, session);
    }
}

/* Settles all sessions of a list, as not reported. */
static void forget_list(struct hub *hub, struct list *list)
{
    struct list *link;
    while ((link = list_take(list))) {
        struct session *session = LIST_OWNER(link, struct session, presence);
        session->is_reported = session->is_being_reported = false;
        presence_settle(hub, session);
    }
}

void presence_forget(struct hub *hub)
{
    forget_list(hub, &hub->presence->reporting);
    forget_list(hub, &hub->presence->leaving);
    forget_list(hub, &hub->presence->gone);
}

void presence_on_lease(struct hub *hub, int lease)
{
    struct presence *presence = hub->presence;
    size_t position = 0;
    struct session *session;
    presence->lease = lease;
    forget_list(hub, &presence->leaving);
    forget_list(hub, &presence->gone);
    while ((session = map_next(&hub->rooms.sessions, &position))) {
        session->is_reported = false;
        if (!session->is_being_reported && !list_is_linked(&session->presence))
            list_append(&presence->arrived, &session->presence);
    }
}

void presence_on_lost(struct hub *hub)
{
    hub->presence->lease = 0;
}

static void end_report(struct hub *hub, bool is_done)
{
    struct presence *presence = hub->presence;
    struct list settled;
    struct list *link;
    list_init(&settled);
    list_move_all(&presence->reporting, &settled);
    while ((link = list_take(&settled))) {
        struct session *session = LIST_OWNER(link, struct session, presence);
        session->is_being_reported = false;
        if (presence->report_lease != presence->lease)
            session->is_reported = false;
        else if (is_done)
            session->is_reported = !session->is_reported;
        presence_settle(hub, session);
    }
}

static void on_reported(struct hub *hub, const struct rows *rows)
{
    (void)rows;
    end_report(hub, true);
}

static void on_not_reported(struct hub *hub)
{
    end_report(hub, false);
}

static struct session *take_for_report(struct presence *presence, struct list *from)
{
    struct list *link = list_take(from);
    struct session *session;
    if (!link)
        return NULL;
    session = LIST_OWNER(link, struct session, presence);
    session->is_being_reported = true;
    list_append(&presence->reporting, &session->presence);
    return session;
}

static void ask_report(struct hub *hub)
{
    struct presence *presence = hub->presence;
    struct session *session;
    struct buf here, gone;
    char lease[16];
    buf_init(&here, 0);
    buf_init(&gone, 0);
    buf_add_byte(&here, '[');
    for (size_t i = 0; i < REPORT_BATCH && (session = take_for_report(presence, &presence->arrived)); i++)
        buf_printf(&here, "%s[%" PRId64 ",%" PRId64 "]", i > 0 ? "," : "", session->id, session->person->id);
    buf_add_byte(&here, ']');
    buf_add_byte(&gone, '{');
    for (size_t i = 0; i < REPORT_BATCH && (session = take_for_report(presence, &presence->gone)); i++)
        buf_printf(&gone, "%s%" PRId64, i > 0 ? "," : "", session->id);
    buf_add_byte(&gone, '}');
    snprintf(lease, sizeof lease, "%d", presence->lease);
    presence->report_lease = presence->lease;
    presence->report_at = hub->now + setting.presence_ms;
    loader_ask(hub, STATEMENT_REPORT_PRESENCE, (const char *[]){lease, buf_text(&here), buf_text(&gone)}, 3, on_reported, on_not_reported);
    buf_free(&here);
    buf_free(&gone);
}

void presence_tick(struct hub *hub)
{
    struct presence *presence = hub->presence;
    while (!list_is_empty(&presence->leaving)) {
        struct session *session = LIST_OWNER(presence->leaving.next, struct session, presence);
        if (hub->now - session->left_at < setting.grace_ms)
            break;
        list_remove(&session->presence);
        list_append(&presence->gone, &session->presence);
    }
}

/* --- what the readers are told --- */

static void take_changes(struct presence *presence, const json_t *said, enum state state)
{
    json_t *person;
    size_t i;
    json_array_foreach(json_object_get(said, state_names[state]), i, person)
        map_put(&presence->changes, (uint64_t)json_integer_value(person), (void *)(uintptr_t)state);
}

void presence_take(struct hub *hub, const json_t *said)
{
    for (enum state state = OFFLINE; state < STATE_COUNT; state++)
        take_changes(hub->presence, said, state);
}

static void add_news(struct presence *presence, struct person *person, uint32_t change)
{
    struct person_news *news = person->news;
    if (!news) {
        news = person->news = mem_zeroed(sizeof *news);
        if (presence->listener_count == presence->listener_size) {
            presence->listener_size = presence->listener_size == 0 ? 64 : presence->listener_size * 2;
            presence->listeners = mem_grow(presence->listeners, presence->listener_size * sizeof *presence->listeners);
        }
        presence->listeners[presence->listener_count++] = person;
    }
    if (news->count == news->size) {
        news->size = news->size == 0 ? 8 : news->size * 2;
        news->changes = mem_grow(news->changes, news->size * sizeof *news->changes);
    }
    news->changes[news->count++] = change;
}

/* Everybody in the room who has not heard of this change yet. */
static void spread_in_room(struct hub *hub, const struct room *room, uint32_t change, uint64_t round)
{
    for (uint32_t i = 0; i < room->count; i++) {
        struct person *person = room->seats[i].person;
        if (person->stamp == round || person->reader_count == 0 || person->id == hub->presence->told[change].person)
            continue;
        person->stamp = round;
        add_news(hub->presence, person, change);
    }
}

void presence_recount(struct hub *hub, int64_t room)
{
    map_put(&hub->presence->large, (uint64_t)room, hub);  /* a set: any pointer will do */
}

static void spread(struct hub *hub, uint32_t change, const char *text)
{
    uint64_t round = rooms_new_round(&hub->rooms);
    json_t *rooms = json_loads(text, 0, NULL);
    json_t *pair;
    size_t i;
    json_array_foreach(rooms, i, pair) {
        struct room *room = rooms_room(&hub->rooms, json_integer_value(json_array_get(pair, 0)));
        if (!room)
            continue;
        if (json_integer_value(json_array_get(pair, 1)) > PRESENCE_LARGE) {
            presence_recount(hub, room->id);
        } else {
            room->told_online = 0;
            spread_in_room(hub, room, change, round);
        }
    }
    json_decref(rooms);
}

static void add_people(struct buf *out, const struct presence *presence, const struct person_news *news, enum state state)
{
    const char *between = "";
    buf_printf(out, "\"%s\":[", state_names[state]);
    for (uint32_t i = 0; i < news->count; i++) {
        const struct change *change = &presence->told[news->changes[i]];
        if (change->state == state) {
            buf_printf(out, "%s%" PRId64, between, change->person);
            between = ",";
        }
    }
    buf_add_byte(out, ']');
}

static void init_news_notice(struct notice *notice, const struct presence *presence, const struct person_news *news)
{
    struct buf text;
    buf_init(&text, 0);
    for (enum state state = OFFLINE; state < STATE_COUNT; state++) {
        buf_add_byte(&text, state == OFFLINE ? '{' : ',');
        add_people(&text, presence, news, state);
    }
    buf_add_byte(&text, '}');
    notice_init_text(notice, "presence", buf_text(&text));
    buf_free(&text);
}

static bool is_same_news(const struct person_news *one, const struct person_news *other)
{
    return one->count == other->count && memcmp(one->changes, other->changes, one->count * sizeof *one->changes) == 0;
}

static void forget_news(struct presence *presence)
{
    for (size_t i = 0; i < presence->listener_count; i++) {
        struct person *person = presence->listeners[i];
        mem_free(person->news->changes);
        mem_free(person->news);
        person->news = NULL;
    }
    presence->listener_count = 0;
}

/* Who sits in the same rooms hears the same, and was found one after the other: then one frame is enough for all of them. */
static void tell_listeners(struct hub *hub)
{
    struct presence *presence = hub->presence;
    struct notice notice = {0};
    for (size_t i = 0; i < presence->listener_count; i++) {
        struct person *person = presence->listeners[i];
        if (i == 0 || !is_same_news(person->news, presence->listeners[i - 1]->news)) {
            notice_free(&notice);
            init_news_notice(&notice, presence, person->news);
        }
        hub_tell(hub, person, &notice);
    }
    notice_free(&notice);
    forget_news(presence);
}

static void on_rooms(struct hub *hub, const struct rows *rows)
{
    struct presence *presence = hub->presence;
    int person_column = rows_column(rows, "person_id"), rooms_column = rows_column(rows, "rooms");
    for (int row = 0; row < rows_count(rows); row++) {
        uintptr_t place = (uintptr_t)map_get(&presence->told_places, (uint64_t)rows_integer(rows, row, person_column, 0));
        if (place > 0)
            spread(hub, (uint32_t)place - 1, rows_text(rows, row, rooms_column));
    }
    map_free(&presence->told_places);
    tell_listeners(hub);
}

/* Back among the changes, unless something newer is known by now. */
static void on_no_rooms(struct hub *hub)
{
    struct presence *presence = hub->presence;
    for (size_t i = 0; i < presence->told_count; i++) {
        if (!map_get(&presence->changes, (uint64_t)presence->told[i].person))
            map_put(&presence->changes, (uint64_t)presence->told[i].person, (void *)(uintptr_t)presence->told[i].state);
    }
    map_free(&presence->told_places);
}

/* Moves some of the changes to `told`. */
static void take_told(struct presence *presence)
{
    presence->told_count = 0;
    for (size_t i = 0; i < presence->changes.size && presence->told_count < TELL_BATCH; i++) {
        const struct map_slot *slot = &presence->changes.slots[i];
        if (slot->value)
            presence->told[presence->told_count++] = (struct change){(int64_t)slot->key, (enum state)(uintptr_t)slot->value};
    }
    for (size_t i = 0; i < presence->told_count; i++)
        map_remove(&presence->changes, (uint64_t)presence->told[i].person);
}

static void ask_rooms(struct hub *hub)
{
    struct presence *presence = hub->presence;
    struct buf list;
    buf_init(&list, 0);
    take_told(presence);
    for (size_t i = 0; i < presence->told_count; i++) {
        buf_printf(&list, "%c%" PRId64, i == 0 ? '{' : ',', presence->told[i].person);
        map_put(&presence->told_places, (uint64_t)presence->told[i].person, (void *)(uintptr_t)(i + 1));
    }
    buf_add_byte(&list, '}');
    presence->tell_at = hub->now + setting.presence_ms;
    loader_ask(hub, STATEMENT_ROOMS_OF, (const char *[]){buf_text(&list)}, 1, on_rooms, on_no_rooms);
    buf_free(&list);
}

static void add_count(json_t *counts, const struct room *room)
{
    char key[24];
    snprintf(key, sizeof key, "%" PRId64, room->id);
    json_object_set_new(counts, key, json_integer(room->told_online));
}

/* Takes over the counts. */
static void init_counts_notice(struct notice *notice, json_t *counts)
{
    json_t *data = json_pack("{s:o}", "counts", counts);
    notice_init(notice, "presence", data);
    json_decref(data);
}

static void tell_count(struct hub *hub, struct room *room, int64_t online)
{
    json_t *counts;
    struct notice notice;
    if (room->told_online == online)
        return;
    room->told_online = online;
    counts = json_object();
    add_count(counts, room);
    init_counts_notice(&notice, counts);
    for (uint32_t i = 0; i < room->count; i++)
        hub_tell(hub, room->seats[i].person, &notice);
    notice_free(&notice);
}

void presence_greet(struct hub *hub, struct reader *reader)
{
    json_t *counts = json_object();
    struct notice notice;
    for (uint32_t i = 0; i < reader->person->member_count; i++) {
        if (reader->person->members[i]->room->told_online > 0)
            add_count(counts, reader->person->members[i]->room);
    }
    if (json_object_size(counts) == 0) {
        json_decref(counts);
        return;
    }
    init_counts_notice(&notice, counts);
    reader_queue_passing(hub, reader, notice_frame(&notice, reader_transport(reader)));
    hub->metrics.passing_delivered++;
    notice_free(&notice);
}

static void on_counts(struct hub *hub, const struct rows *rows)
{
    for (int row = 0; row < rows_count(rows); row++) {
        struct room *room = rooms_room(&hub->rooms, rows_integer(rows, row, rows_column(rows, "room_id"), 0));
        if (room)
            tell_count(hub, room, rows_integer(rows, row, rows_column(rows, "online"), 0));
    }
}

static void on_no_counts(struct hub *hub)
{
    (void)hub;  /* the next change asks again */
}

/* Gives how many. The rest is for the next question. */
static size_t take_large(struct presence *presence, uint64_t *rooms)
{
    size_t count = 0;
    for (size_t i = 0; i < presence->large.size && count < COUNT_BATCH; i++) {
        if (presence->large.slots[i].value)
            rooms[count++] = presence->large.slots[i].key;
    }
    for (size_t i = 0; i < count; i++)
        map_remove(&presence->large, rooms[i]);
    return count;
}

static void ask_counts(struct hub *hub)
{
    struct presence *presence = hub->presence;
    uint64_t rooms[COUNT_BATCH];
    size_t count = take_large(presence, rooms);
    struct buf list;
    buf_init(&list, 0);
    for (size_t i = 0; i < count; i++)
        buf_printf(&list, "%c%" PRIu64, i == 0 ? '{' : ',', rooms[i]);
    buf_add_byte(&list, '}');
    presence->count_at = hub->now + 2 * setting.presence_ms;
    loader_ask(hub, STATEMENT_COUNT_ONLINE, (const char *[]){buf_text(&list)}, 1, on_counts, on_no_counts);
    buf_free(&list);
}

/* --- dead hubs --- */

static bool is_among(const struct dead_hubs *hubs, int number)
{
    for (size_t i = 0; i < hubs->count; i++) {
        if (hubs->numbers[i] == number)
            return true;
    }
    return false;
}

static void add_hub(struct dead_hubs *hubs, int number)
{
    if (hubs->count < DEAD_MAX && !is_among(hubs, number))
        hubs->numbers[hubs->count++] = number;
}

/* Their people get from one look to the next to come back to another hub: then nobody sees them go. */
static void on_dead(struct hub *hub, const struct rows *rows)
{
    struct presence *presence = hub->presence;
    struct dead_hubs seen = {0};
    for (int row = 0; row < rows_count(rows); row++) {
        int number = (int)rows_integer(rows, row, 0, 0);
        if (is_among(&presence->suspects, number))
            add_hub(&presence->condemned, number);
        else
            add_hub(&seen, number);
    }
    presence->suspects = seen;
}

static void on_not_dead(struct hub *hub)
{
    (void)hub;
}

static int64_t look_ms(void)
{
    int64_t third = setting.grace_ms / 3;
    return third < LOOK_MS ? third + 200 : LOOK_MS;
}

static void ask_dead(struct hub *hub)
{
    hub->presence->look_at = hub->now + look_ms();
    loader_ask(hub, STATEMENT_FIND_DEAD_HUBS, NULL, 0, on_dead, on_not_dead);
}

static void on_reaped(struct hub *hub, const struct rows *rows)
{
    (void)hub;
    (void)rows;
}

static void on_not_reaped(struct hub *hub)
{
    (void)hub;  /* found again at the next look */
}

static void ask_reap(struct hub *hub)
{
    struct presence *presence = hub->presence;
    int number = presence->condemned.numbers[--presence->condemned.count];
    char text[16];
    log_info("taking away what a dead hub left", log_int("hub", number));
    snprintf(text, sizeof text, "%d", number);
    loader_ask(hub, STATEMENT_REAP_HUB, (const char *[]){text}, 1, on_reaped, on_not_reaped);
}

bool presence_ask(struct hub *hub)
{
    struct presence *presence = hub->presence;
    bool has_report = !list_is_empty(&presence->arrived) || !list_is_empty(&presence->gone);
    if (presence->lease == 0)
        return false;
    if (has_report && hub->now >= presence->report_at)
        ask_report(hub);
    else if (!map_is_empty(&presence->changes) && hub->now >= presence->tell_at)
        ask_rooms(hub);
    else if (!map_is_empty(&presence->large) && hub->now >= presence->count_at)
        ask_counts(hub);
    else if (presence->condemned.count > 0)
        ask_reap(hub);
    else if (hub->now >= presence->look_at)
        ask_dead(hub);
    else
        return false;
    return true;
}
