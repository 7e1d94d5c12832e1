/* The replica of membership, and whom an event is for by it. */
#include "stream/fanout.h"

#include "stream/rooms.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { ANA = 1, BO, CY, MOD, PEOPLE_END };
enum { LOBBY = 10, GROUP = 20 };

struct world {
    struct rooms rooms;
    struct person *people[PEOPLE_END];
    char given[PEOPLE_END * 4];  /* who got the last event, in order of their numbers: "1 2o" */
};

/* Ana, Bo and Cy are in the lobby since event 5, Ana and Bo in the group since 8; Mod has the rank of a moderator and is in the lobby. */
static int set_up(void **state)
{
    static struct world world;
    world = (struct world){0};
    rooms_init(&world.rooms);
    for (int64_t id = ANA; id < PEOPLE_END; id++) {
        world.people[id] = rooms_add_person(&world.rooms, id, id == MOD ? 2 : 0, "x", 8);
        rooms_add_session(&world.rooms, world.people[id], id * 100);
        rooms_join(&world.rooms, world.people[id], LOBBY, 5, 0);
    }
    rooms_join(&world.rooms, world.people[ANA], GROUP, 8, 2);
    rooms_join(&world.rooms, world.people[BO], GROUP, 8, 0);
    *state = &world;
    return 0;
}

static int tear_down(void **state)
{
    struct world *world = *state;
    rooms_free(&world->rooms);
    return 0;
}

static void give(void *owner, struct person *person, enum event_variant variant)
{
    static const char letters[VARIANT_COUNT] = {[VARIANT_PLAIN] = ' ', [VARIANT_AUTHOR_BLOCKED] = 'a', [VARIANT_QUOTED_BLOCKED] = 'q', [VARIANT_OWN] = 'o'};
    struct world *world = owner;
    assert_int_equal(world->given[person->id * 2 - 2], '.');
    world->given[person->id * 2 - 2] = (char)('0' + person->id);
    world->given[person->id * 2 - 1] = letters[variant];
}

/* Publishes and says who got it: a dot for who did not. */
static const char *publish(struct world *world, const struct event *event)
{
    strcpy(world->given, ". . . . ");
    rooms_apply_before(&world->rooms, event);
    fanout_event(&world->rooms, event, give, world);
    rooms_apply_after(&world->rooms, event);
    return world->given;
}

static bool is_for(struct world *world, int person, const struct event *event)
{
    enum event_variant variant;
    return fanout_is_for(&world->rooms, world->people[person], event, &variant);
}

static struct event in_room(int64_t id, enum event_kind kind, int64_t room)
{
    return (struct event){.cursor.id = id, .kind = kind, .audience = AUDIENCE_ROOM, .audience_id = room, .room_id = room, .room_role = -1, .rank = -1};
}

static void test_a_message_goes_to_its_room(void **state)
{
    struct event event = in_room(9, EVENT_MESSAGE_POSTED, GROUP);
    assert_string_equal(publish(*state, &event), "1 2 . . ");
    event = in_room(10, EVENT_MESSAGE_POSTED, LOBBY);
    assert_string_equal(publish(*state, &event), "1 2 3 4 ");
    event = in_room(11, EVENT_MESSAGE_POSTED, 99);
    assert_string_equal(publish(*state, &event), ". . . . ");
}

static void test_who_joins_gets_it_with_their_own_data_and_all_that_follows(void **state)
{
    struct event event = in_room(9, EVENT_MEMBER_JOINED, GROUP);
    event.person_id = CY;
    event.room_role = 0;
    assert_string_equal(publish(*state, &event), "1 2 3o. ");
    event = in_room(10, EVENT_MESSAGE_POSTED, GROUP);
    assert_string_equal(publish(*state, &event), "1 2 3 . ");
    event.cursor.id = 8;
    assert_true(is_for(*state, BO, &event));
    assert_false(is_for(*state, CY, &event));
}

static void test_after_leaving_nothing_of_the_room_follows(void **state)
{
    struct world *world = *state;
    struct event left = in_room(9, EVENT_MEMBER_LEFT, GROUP), message = in_room(10, EVENT_MESSAGE_POSTED, GROUP);
    left.person_id = BO;
    assert_string_equal(publish(world, &left), "1 2o. . ");
    assert_string_equal(publish(world, &message), "1 . . . ");
    assert_true(is_for(world, BO, &left));
    message.cursor.id = 9;
    assert_false(is_for(world, BO, &message));
}

static void test_what_is_older_than_the_snapshot_changes_nothing(void **state)
{
    struct world *world = *state;
    struct event left = in_room(7, EVENT_MEMBER_LEFT, GROUP);
    left.person_id = BO;
    publish(world, &left);
    assert_non_null(rooms_member(world->people[BO], GROUP));
}

static void test_moderators_are_by_role_or_by_rank_where_they_are(void **state)
{
    struct event event = in_room(9, EVENT_OTHER, LOBBY);
    event.audience = AUDIENCE_MODERATORS;
    assert_string_equal(publish(*state, &event), ". . . 4 ");
    event = in_room(10, EVENT_MEMBER_CHANGED, GROUP);
    event.person_id = BO;
    event.room_role = 1;
    publish(*state, &event);
    event = in_room(11, EVENT_OTHER, GROUP);
    event.audience = AUDIENCE_MODERATORS;
    assert_string_equal(publish(*state, &event), "1 2 . . ");
    event = (struct event){.cursor.id = 12, .kind = EVENT_USER_CHANGED, .audience = AUDIENCE_SHARED, .audience_id = MOD, .person_id = MOD, .rank = 0};
    publish(*state, &event);
    event = in_room(13, EVENT_OTHER, LOBBY);
    event.audience = AUDIENCE_MODERATORS;
    assert_string_equal(publish(*state, &event), ". . . . ");
}

static void test_who_shares_rooms_gets_it_once_however_many_they_share(void **state)
{
    int64_t rooms[] = {LOBBY, GROUP, 99};
    struct event event = {.cursor.id = 9, .kind = EVENT_OTHER, .audience = AUDIENCE_SHARED, .audience_id = BO, .rooms = rooms, .room_count = 3};
    assert_string_equal(publish(*state, &event), "1 2 3 4 ");
    event.rooms = rooms + 1;
    event.room_count = 1;
    assert_string_equal(publish(*state, &event), "1 2 . . ");
    event.room_count = 0;
    assert_string_equal(publish(*state, &event), ". 2 . . ");
    assert_true(is_for(*state, BO, &event));
    assert_false(is_for(*state, ANA, &event));
}

static void test_ranks_and_persons(void **state)
{
    struct event event = {.cursor.id = 9, .audience = AUDIENCE_RANK, .audience_id = 2};
    assert_string_equal(publish(*state, &event), ". . . 4 ");
    assert_true(is_for(*state, MOD, &event));
    assert_false(is_for(*state, ANA, &event));
    event.audience_id = 0;
    assert_string_equal(publish(*state, &event), "1 2 3 4 ");
    event.audience_id = -7;
    assert_string_equal(publish(*state, &event), "1 2 3 4 ");
    event.audience = AUDIENCE_PERSON;
    event.audience_id = CY;
    assert_string_equal(publish(*state, &event), ". . 3 . ");
    event.audience = AUDIENCE_NOBODY;
    assert_string_equal(publish(*state, &event), ". . . . ");
}

static void test_who_blocks_gets_no_word(void **state)
{
    struct event block = {.cursor.id = 9, .kind = EVENT_BLOCK_CHANGED, .audience = AUDIENCE_PERSON, .audience_id = ANA, .author_id = BO, .rank = 1};
    struct event message = in_room(10, EVENT_MESSAGE_POSTED, LOBBY);
    message.author_id = BO;
    assert_string_equal(publish(*state, &block), "1 . . . ");
    assert_string_equal(publish(*state, &message), "1a2 3 4 ");
    message.author_id = CY;
    message.quoted_id = BO;
    assert_string_equal(publish(*state, &message), "1q2 3 4 ");
    block.cursor.id = 11;
    block.rank = 0;
    publish(*state, &block);
    assert_string_equal(publish(*state, &message), "1 2 3 4 ");
}

static void test_own_events_of_a_room_one_left_are_not_replayed_but_the_leaving(void **state)
{
    struct event changed = in_room(6, EVENT_MEMBER_CHANGED, 99), own = {.cursor.id = 6, .person_id = ANA, .audience = AUDIENCE_NOBODY};
    changed.person_id = ANA;
    assert_false(is_for(*state, ANA, &changed));
    changed.kind = EVENT_MEMBER_LEFT;
    assert_true(is_for(*state, ANA, &changed));
    assert_true(is_for(*state, ANA, &own));
    assert_false(is_for(*state, BO, &own));
}

static void test_a_room_goes_with_its_last_reader_and_seats_stay_in_order(void **state)
{
    struct world *world = *state;
    rooms_leave(&world->rooms, world->people[ANA], GROUP);
    assert_int_equal(rooms_room(&world->rooms, GROUP)->count, 1);
    assert_int_equal(rooms_member(world->people[BO], GROUP)->seat, 0);
    rooms_leave(&world->rooms, world->people[BO], GROUP);
    rooms_leave(&world->rooms, world->people[BO], GROUP);
    assert_null(rooms_room(&world->rooms, GROUP));
    rooms_drop_session(&world->rooms, rooms_session(&world->rooms, CY * 100));
    assert_null(rooms_person(&world->rooms, CY));
    assert_int_equal(rooms_room(&world->rooms, LOBBY)->count, 3);
    for (uint32_t i = 0; i < 3; i++)
        assert_int_equal(rooms_room(&world->rooms, LOBBY)->seats[i].member->seat, i);
}

static void test_many_memberships_are_found(void **state)
{
    struct world *world = *state;
    for (int64_t room = 1000; room > 100; room -= 3)
        rooms_join(&world->rooms, world->people[CY], room, 1, 0);
    for (int64_t room = 1000; room > 100; room--)
        assert_int_equal(rooms_member(world->people[CY], room) != NULL, room % 3 == 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_a_message_goes_to_its_room, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_who_joins_gets_it_with_their_own_data_and_all_that_follows, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_after_leaving_nothing_of_the_room_follows, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_what_is_older_than_the_snapshot_changes_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_moderators_are_by_role_or_by_rank_where_they_are, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_who_shares_rooms_gets_it_once_however_many_they_share, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_ranks_and_persons, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_who_blocks_gets_no_word, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_own_events_of_a_room_one_left_are_not_replayed_but_the_leaving, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_room_goes_with_its_last_reader_and_seats_stay_in_order, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_many_memberships_are_found, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
