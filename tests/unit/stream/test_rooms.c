#include "stream/rooms.h"

#include "stream/event.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

enum { ANA = 7, BO = 9, LOBBY = 1, PLANS = 2, LOADED_AT = 100 };

static struct person *add_reader(struct rooms *rooms, int64_t id)
{
    struct person *person = rooms_add_person(rooms, id, 1, "name", LOADED_AT);
    rooms_add_session(rooms, person, id * 10);
    return person;
}

static void apply(struct rooms *rooms, struct event event)
{
    event.audience = AUDIENCE_ROOM;
    rooms_apply_before(rooms, &event);
    rooms_apply_after(rooms, &event);
}

static void test_a_room_knows_its_people_and_a_person_knows_their_rooms(void **state)
{
    struct rooms rooms;
    struct person *ana, *bo;
    (void)state;
    rooms_init(&rooms);
    ana = add_reader(&rooms, ANA);
    bo = add_reader(&rooms, BO);
    rooms_join(&rooms, ana, PLANS, 20, 2);
    rooms_join(&rooms, ana, LOBBY, 10, 0);
    rooms_join(&rooms, bo, LOBBY, 11, 1);
    assert_int_equal(rooms_room(&rooms, LOBBY)->count, 2);
    assert_int_equal(rooms_member(ana, PLANS)->role, 2);
    assert_int_equal(rooms_member(ana, LOBBY)->joined, 10);
    assert_null(rooms_member(bo, PLANS));
    rooms_leave(&rooms, ana, LOBBY);
    rooms_leave(&rooms, ana, LOBBY);
    assert_int_equal(rooms_room(&rooms, LOBBY)->count, 1);
    assert_ptr_equal(rooms_room(&rooms, LOBBY)->seats[0].person, bo);
    assert_int_equal(rooms_member(bo, LOBBY)->seat, 0);
    rooms_leave(&rooms, bo, LOBBY);
    assert_null(rooms_room(&rooms, LOBBY));
    rooms_free(&rooms);
}

static void test_a_person_goes_with_the_last_session_and_leaves_all_rooms(void **state)
{
    struct rooms rooms;
    struct person *ana;
    (void)state;
    rooms_init(&rooms);
    ana = add_reader(&rooms, ANA);
    rooms_add_session(&rooms, ana, 71);
    rooms_join(&rooms, ana, LOBBY, 10, 0);
    rooms_block(&rooms, ana, BO, true);
    rooms_drop_session(&rooms, rooms_session(&rooms, 70));
    assert_ptr_equal(rooms_person(&rooms, ANA), ana);
    rooms_drop_session(&rooms, rooms_session(&rooms, 71));
    assert_null(rooms_person(&rooms, ANA));
    assert_null(rooms_room(&rooms, LOBBY));
    assert_false(rooms_is_blocked_by_anyone(&rooms, BO));
    assert_true(list_is_empty(&rooms.ranks[1]));
    rooms_free(&rooms);
}

static void test_what_happened_before_the_loading_changes_nothing(void **state)
{
    struct rooms rooms;
    struct person *ana;
    (void)state;
    rooms_init(&rooms);
    ana = add_reader(&rooms, ANA);
    rooms_join(&rooms, ana, LOBBY, 90, 0);
    apply(&rooms, (struct event){.cursor.id = LOADED_AT, .kind = EVENT_MEMBER_LEFT, .person_id = ANA, .room_id = LOBBY});
    assert_non_null(rooms_member(ana, LOBBY));
    apply(&rooms, (struct event){.cursor.id = LOADED_AT + 1, .kind = EVENT_MEMBER_LEFT, .person_id = ANA, .room_id = LOBBY});
    assert_null(rooms_member(ana, LOBBY));
    apply(&rooms, (struct event){.cursor.id = LOADED_AT + 2, .kind = EVENT_MEMBER_JOINED, .person_id = ANA, .room_id = PLANS, .room_role = 1});
    assert_int_equal(rooms_member(ana, PLANS)->joined, LOADED_AT + 2);
    assert_int_equal(rooms_member(ana, PLANS)->role, 1);
    rooms_free(&rooms);
}

static void test_events_change_roles_ranks_and_blocks(void **state)
{
    struct rooms rooms;
    struct person *ana;
    (void)state;
    rooms_init(&rooms);
    ana = add_reader(&rooms, ANA);
    rooms_join(&rooms, ana, LOBBY, 90, 0);
    apply(&rooms, (struct event){.cursor.id = 101, .kind = EVENT_MEMBER_CHANGED, .person_id = ANA, .room_id = LOBBY, .room_role = 2});
    assert_int_equal(rooms_member(ana, LOBBY)->role, 2);
    apply(&rooms, (struct event){.cursor.id = 102, .kind = EVENT_MEMBER_CHANGED, .person_id = ANA, .room_id = LOBBY, .room_role = -1});
    assert_int_equal(rooms_member(ana, LOBBY)->role, 2);
    apply(&rooms, (struct event){.cursor.id = 103, .kind = EVENT_USER_CHANGED, .person_id = ANA, .rank = 99});
    assert_int_equal(ana->rank, RANK_COUNT - 1);
    assert_ptr_equal(LIST_OWNER(rooms.ranks[RANK_COUNT - 1].next, struct person, by_rank), ana);
    apply(&rooms, (struct event){.cursor.id = 104, .kind = EVENT_BLOCK_CHANGED, .audience_id = ANA, .author_id = BO, .rank = 1});
    assert_true(rooms_blocks(ana, BO) && rooms_is_blocked_by_anyone(&rooms, BO));
    apply(&rooms, (struct event){.cursor.id = 105, .kind = EVENT_BLOCK_CHANGED, .audience_id = ANA, .author_id = BO, .rank = 0});
    assert_false(rooms_blocks(ana, BO) || rooms_is_blocked_by_anyone(&rooms, BO));
    rooms_free(&rooms);
}

static void test_of_people_who_do_not_read_here_nothing_is_kept(void **state)
{
    struct rooms rooms;
    (void)state;
    rooms_init(&rooms);
    apply(&rooms, (struct event){.cursor.id = 101, .kind = EVENT_MEMBER_JOINED, .person_id = BO, .room_id = LOBBY, .room_role = 0});
    assert_null(rooms_room(&rooms, LOBBY));
    assert_null(rooms_person(&rooms, BO));
    rooms_free(&rooms);
}

/* Both indexes, held against each other after each of many random joinings and leavings. */
static void assert_consistent(const struct rooms *rooms)
{
    size_t position = 0, seats = 0, members = 0;
    const struct room *room;
    const struct person *person;
    while ((room = map_next(&rooms->rooms, &position))) {
        assert_true(room->count > 0);
        for (uint32_t i = 0; i < room->count; i++) {
            assert_int_equal(room->seats[i].member->seat, i);
            assert_ptr_equal(rooms_member(room->seats[i].person, room->id), room->seats[i].member);
        }
        seats += room->count;
    }
    position = 0;
    while ((person = map_next(&rooms->people, &position))) {
        for (uint32_t i = 1; i < person->member_count; i++)
            assert_true(person->members[i - 1]->room->id < person->members[i]->room->id);
        members += person->member_count;
    }
    assert_int_equal(seats, members);
}

static void test_both_indexes_agree_whoever_comes_and_goes(void **state)
{
    struct rooms rooms;
    (void)state;
    srandom(1);
    rooms_init(&rooms);
    for (int64_t id = 1; id <= 20; id++)
        add_reader(&rooms, id);
    for (int i = 0; i < 2000; i++) {
        struct person *person = rooms_person(&rooms, 1 + random() % 20);
        int64_t room = 1 + random() % 15;
        if (random() % 2)
            rooms_join(&rooms, person, room, i, 0);
        else
            rooms_leave(&rooms, person, room);
        assert_consistent(&rooms);
    }
    rooms_free(&rooms);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_room_knows_its_people_and_a_person_knows_their_rooms),
        cmocka_unit_test(test_a_person_goes_with_the_last_session_and_leaves_all_rooms),
        cmocka_unit_test(test_what_happened_before_the_loading_changes_nothing),
        cmocka_unit_test(test_events_change_roles_ranks_and_blocks),
        cmocka_unit_test(test_of_people_who_do_not_read_here_nothing_is_kept),
        cmocka_unit_test(test_both_indexes_agree_whoever_comes_and_goes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
