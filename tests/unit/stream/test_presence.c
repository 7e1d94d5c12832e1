/* Who is here: what the hub reports to the database, and what it tells of others. And what only passes by. */
#include "hub_script.h"

#define A_WHILE 1100 /* longer than changes are gathered */

static void notify_now(const char *payload)
{
    feed_db->hooks->on_notification(feed_db->owner, "parley_now", payload);
}

static void answer_nothing(struct listen *listen)
{
    answer_rows(listen, make_rows((const char *const[]){"x"}, 1));
}

/* The rooms of one person: [[room, members], …]. */
static void answer_rooms(const char *person, const char *rooms)
{
    PGresult *rows = make_rows((const char *const[]){"person_id", "rooms"}, 2);
    assert_asked(loader_db, STATEMENT_ROOMS_OF);
    add_row(rows, (const char *const[]){person, rooms});
    answer_rows(loader_db, rows);
}

static void assert_reported(struct hub *hub, const char *here, const char *gone)
{
    answer_others(hub, STATEMENT_REPORT_PRESENCE);
    assert_string_equal(loader_db->values[0], "7");
    assert_string_equal(loader_db->values[1], here);
    assert_string_equal(loader_db->values[2], gone);
    answer_nothing(loader_db);
    settle(hub);
}

/* Time passes, and nothing is reported. */
static void assert_silent(struct hub *hub, int64_t ms)
{
    for (int64_t passed = 0; passed < ms; passed += 500) {
        pass_time(hub, 500);
        assert_true(loader_db->is_idle || loader_db->asked != STATEMENT_REPORT_PRESENCE);
        if (!loader_db->is_idle)
            answer_nothing(loader_db);
    }
}

static void test_who_comes_is_reported_once_and_who_leaves_after_a_grace(void **state)
{
    struct hub *hub = begin_hub();
    struct stream *first = follow_as(hub, "5"), *second;
    (void)state;
    assert_reported(hub, "[[5,5]]", "{}");
    second = follow_as(hub, "5");
    leave(first);
    assert_silent(hub, 3000);
    leave(second);
    assert_silent(hub, 29000);
    pass_time(hub, 2000);
    assert_reported(hub, "[]", "{5}");
    assert_null(rooms_person(&hub->rooms, 5));
    end_hub(hub);
}

static void test_a_reload_is_not_reported(void **state)
{
    struct hub *hub = begin_hub();
    struct stream *stream = follow_as(hub, "5");
    (void)state;
    assert_reported(hub, "[[5,5]]", "{}");
    leave(stream);
    assert_silent(hub, 20000);
    stream = follow_as(hub, "5");
    assert_silent(hub, 20000);
    leave(stream);
    end_hub(hub);
}

static void test_who_left_before_it_was_reported_is_not_reported(void **state)
{
    struct hub *hub = begin_hub();
    struct stream *stays = follow_as(hub, "5"), *passes;
    (void)state;
    assert_reported(hub, "[[5,5]]", "{}");
    passes = follow_as(hub, "6");
    leave(passes);
    assert_silent(hub, 3000);
    assert_null(rooms_person(&hub->rooms, 6));
    leave(stays);
    end_hub(hub);
}

static void test_with_a_session_that_is_over_there_is_no_grace(void **state)
{
    struct hub *hub = begin_hub();
    struct stream *stream = follow_as(hub, "5");
    PGresult *events = make_events();
    (void)state;
    assert_reported(hub, "[[5,5]]", "{}");
    add_event(events, 0, 101, "session.ended", "session", "5", NULL, "{\"reason\":\"signed_out\"}");
    publish_rows(hub, events);
    pass_time(hub, A_WHILE);
    assert_reported(hub, "[]", "{5}");
    leave(stream);
    end_hub(hub);
}

static void test_under_a_new_lease_all_are_reported_anew(void **state)
{
    struct hub *hub = begin_hub();
    struct stream *stream = follow_as(hub, "5");
    PGresult *rows = make_events();
    (void)state;
    assert_reported(hub, "[[5,5]]", "{}");
    lose_db(feed_db);
    assert_silent(hub, 3000);
    connect_db(feed_db);
    add_posted(rows, 100, "the last one read");
    assert_asked(feed_db, STATEMENT_READ_EVENTS);
    answer_rows(feed_db, rows);
    answer_lease();
    settle(hub);
    assert_reported(hub, "[[5,5]]", "{}");
    leave(stream);
    end_hub(hub);
}

static void test_changes_are_gathered_and_told_to_who_shares_a_room_but_not_to_oneself(void **state)
{
    struct hub *hub = begin_hub();
    struct stream *ana = follow_as(hub, "5"), *bo = follow_as(hub, "6");
    (void)state;
    notify_now("{\"type\":\"presence\",\"online\":[5],\"idle\":[],\"offline\":[9]}");
    notify_now("{\"type\":\"presence\",\"online\":[],\"idle\":[9],\"offline\":[]}");
    pass_time(hub, A_WHILE);
    answer_others(hub, STATEMENT_ROOMS_OF);
    PGresult *rows = make_rows((const char *const[]){"person_id", "rooms"}, 2);
    add_row(rows, (const char *const[]){"5", "[[1,12]]"});
    add_row(rows, (const char *const[]){"9", "[[1,12],[2,3]]"});
    answer_rows(loader_db, rows);
    settle(hub);
    assert_int_equal(count_heard(ana, "event: presence\n"), 1);
    assert_true(has_heard(ana, "data: {\"offline\":[],\"idle\":[9],\"online\":[]}\n"));
    assert_true(has_heard(bo, "data: {\"offline\":[],\"idle\":[9],\"online\":[5]}\n"));
    leave(ana);
    leave(bo);
    end_hub(hub);
}

static void test_of_a_person_who_shares_no_room_nothing_is_told(void **state)
{
    struct hub *hub = begin_hub();
    struct stream *stream = follow_as(hub, "5");
    (void)state;
    notify_now("{\"type\":\"presence\",\"online\":[9]}");
    pass_time(hub, A_WHILE);
    answer_others(hub, STATEMENT_ROOMS_OF);
    answer_rooms("9", "[[2,3]]");
    settle(hub);
    assert_false(has_heard(stream, "event: presence\n"));
    leave(stream);
    end_hub(hub);
}

static void answer_count(const char *online)
{
    PGresult *rows = make_rows((const char *const[]){"room_id", "online"}, 2);
    assert_asked(loader_db, STATEMENT_COUNT_ONLINE);
    assert_string_equal(loader_db->values[0], "{1}");
    add_row(rows, (const char *const[]){"1", online});
    answer_rows(loader_db, rows);
}

static void test_a_large_room_gets_a_count_when_it_is_another_one(void **state)
{
    struct hub *hub = begin_hub();
    struct stream *stream = follow_as(hub, "5"), *later;
    PGresult *events = make_events();
    (void)state;
    notify_now("{\"type\":\"presence\",\"online\":[9]}");
    pass_time(hub, A_WHILE);
    answer_others(hub, STATEMENT_ROOMS_OF);
    answer_rooms("9", "[[1,501]]");
    pass_time(hub, 2 * A_WHILE);
    answer_others(hub, STATEMENT_COUNT_ONLINE);
    answer_count("812");
    settle(hub);
    assert_true(has_heard(stream, "event: presence\ndata: {\"counts\":{\"1\":812}}\n"));
    add_event(events, 0, 101, "member.left", "moderators", "1", "9", "{}");
    publish_rows(hub, events);  /* somebody left: that may be another number */
    pass_time(hub, 2 * A_WHILE);
    answer_others(hub, STATEMENT_COUNT_ONLINE);
    answer_count("812");
    settle(hub);
    assert_int_equal(count_heard(stream, "counts"), 1);
    later = follow_as(hub, "6");
    assert_true(has_heard(later, "data: {\"counts\":{\"1\":812}}\n"));
    leave(stream);
    leave(later);
    end_hub(hub);
}

static void test_no_large_room_loses_its_count_to_the_number_of_others(void **state)
{
    struct hub *hub = begin_hub();
    size_t counted = 0;
    (void)state;
    for (int64_t room = 1; room <= 101; room++)
        presence_recount(hub, room);
    for (int question = 0; question < 2; question++) {
        pass_time(hub, 2 * A_WHILE);
        answer_others(hub, STATEMENT_COUNT_ONLINE);
        for (const char *at = loader_db->values[0]; *at != '}'; at = strpbrk(at + 1, ",}"))
            counted++;
        answer_nothing(loader_db);
    }
    assert_int_equal(counted, 101);
    end_hub(hub);
}

static void answer_dead(const char *number)
{
    PGresult *rows = make_rows((const char *const[]){"find_dead_hubs"}, 1);
    if (number)
        add_row(rows, (const char *const[]){number});
    answer_rows(loader_db, rows);
}

static void test_a_hub_that_is_dead_at_two_looks_is_taken_away_within_30_s(void **state)
{
    struct hub *hub = begin_hub();
    int64_t began = now_ms;
    (void)state;
    settle(hub);
    answer_others(hub, STATEMENT_FIND_DEAD_HUBS);
    answer_dead("33");
    settle(hub);
    assert_true(loader_db->is_idle);
    pass_time(hub, 10100);
    answer_others(hub, STATEMENT_FIND_DEAD_HUBS);
    answer_dead("33");
    settle(hub);
    assert_asked(loader_db, STATEMENT_REAP_HUB);
    assert_string_equal(loader_db->values[0], "33");
    assert_true(now_ms - began < 20000);
    end_hub(hub);
}

static void test_one_that_is_back_at_the_second_look_stays(void **state)
{
    struct hub *hub = begin_hub();
    (void)state;
    settle(hub);
    answer_others(hub, STATEMENT_FIND_DEAD_HUBS);
    answer_dead("33");
    pass_time(hub, 10100);
    answer_others(hub, STATEMENT_FIND_DEAD_HUBS);
    answer_dead(NULL);
    pass_time(hub, 10100);
    assert_asked(loader_db, STATEMENT_FIND_DEAD_HUBS);
    answer_dead("33");
    settle(hub);
    assert_true(loader_db->is_idle);
    end_hub(hub);
}

static void test_what_is_not_as_we_say_it_is_not_told(void **state)
{
    static const char *const forged[] = {
        "", "{", "7", "{\"type\":7}", "{\"type\":\"typing\"}", "{\"type\":\"typing\",\"room\":1}", "{\"type\":\"typing\",\"room\":1,\"user\":7}",
        "{\"type\":\"read\"}", "{\"type\":\"read\",\"person\":5}", "{\"type\":\"read\",\"person\":5,\"data\":7}", "{\"type\":\"presence\",\"online\":7}",
    };
    struct hub *hub = begin_hub();
    struct stream *stream = follow_as(hub, "5");
    size_t before = strlen(heard(stream));
    (void)state;
    for (size_t i = 0; i < sizeof forged / sizeof forged[0]; i++)
        notify_now(forged[i]);
    settle(hub);
    assert_int_equal(strlen(heard(stream)), before);
    leave(stream);
    end_hub(hub);
}

static void type_as(struct hub *hub, int person)
{
    char said[100];
    snprintf(said, sizeof said, "{\"type\":\"typing\",\"room\":1,\"user\":{\"id\":%d,\"name\":\"x\"}}", person);
    notify_now(said);
    settle(hub);
}

static void test_who_types_is_told_to_the_others_and_now_and_then_only(void **state)
{
    struct hub *hub = begin_hub();
    struct stream *ana = follow_as(hub, "5"), *bo = follow_as(hub, "6");
    (void)state;
    for (int i = 0; i < 10; i++)
        type_as(hub, 5);
    assert_int_equal(count_heard(bo, "event: typing\n"), 1);
    assert_int_equal(count_heard(ana, "event: typing\n"), 0);
    type_as(hub, 9);
    assert_int_equal(count_heard(bo, "event: typing\n"), 2);
    pass_time(hub, 2000);
    type_as(hub, 5);
    assert_int_equal(count_heard(bo, "event: typing\n"), 3);
    leave(ana);
    leave(bo);
    end_hub(hub);
}

static void test_in_a_crowd_not_everybody_s_typing_is_told(void **state)
{
    struct hub *hub = begin_hub();
    struct stream *stream = follow_as(hub, "5");
    struct room *room = rooms_room(&hub->rooms, 1);
    (void)state;
    for (int64_t id = 1000; id < 2000; id++)
        rooms_join(&hub->rooms, rooms_add_session(&hub->rooms, rooms_add_person(&hub->rooms, id, 0, "x", 100), id)->person, 1, 1, 0);
    assert_int_equal(room->count, 1001);
    for (int i = 0; i < 50; i++) {
        now_ms += 10;
        type_as(hub, 1000 + i);
    }
    assert_in_range(count_heard(stream, "event: typing\n"), 2, 4);
    leave(stream);
    end_hub(hub);
}

static void test_a_read_mark_is_told_to_all_streams_of_the_person(void **state)
{
    struct hub *hub = begin_hub();
    struct stream *streams[] = {follow_as(hub, "5"), follow_as(hub, "5"), follow_as(hub, "6")};
    (void)state;
    notify_now("{\"type\":\"read\",\"person\":5,\"data\":{\"room_id\":1}}");
    settle(hub);
    assert_true(has_heard(streams[0], "event: read.moved\ndata: {\"room_id\":1}\n"));
    assert_true(has_heard(streams[1], "event: read.moved\ndata: {\"room_id\":1}\n"));
    assert_false(has_heard(streams[2], "read.moved"));
    for (int i = 0; i < 3; i++)
        leave(streams[i]);
    end_hub(hub);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_who_comes_is_reported_once_and_who_leaves_after_a_grace),
        cmocka_unit_test(test_a_reload_is_not_reported),
        cmocka_unit_test(test_who_left_before_it_was_reported_is_not_reported),
        cmocka_unit_test(test_with_a_session_that_is_over_there_is_no_grace),
        cmocka_unit_test(test_under_a_new_lease_all_are_reported_anew),
        cmocka_unit_test(test_changes_are_gathered_and_told_to_who_shares_a_room_but_not_to_oneself),
        cmocka_unit_test(test_of_a_person_who_shares_no_room_nothing_is_told),
        cmocka_unit_test(test_a_large_room_gets_a_count_when_it_is_another_one),
        cmocka_unit_test(test_no_large_room_loses_its_count_to_the_number_of_others),
        cmocka_unit_test(test_a_hub_that_is_dead_at_two_looks_is_taken_away_within_30_s),
        cmocka_unit_test(test_one_that_is_back_at_the_second_look_stays),
        cmocka_unit_test(test_what_is_not_as_we_say_it_is_not_told),
        cmocka_unit_test(test_who_types_is_told_to_the_others_and_now_and_then_only),
        cmocka_unit_test(test_in_a_crowd_not_everybody_s_typing_is_told),
        cmocka_unit_test(test_a_read_mark_is_told_to_all_streams_of_the_person),
    };
    log_start("test", LOG_ERROR);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
