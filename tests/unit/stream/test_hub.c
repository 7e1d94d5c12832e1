/* The hub between two answers of the database: what happens there only now and then is made to happen here each time. */
#include "hub_script.h"

static struct stream *follow(struct hub *hub)
{
    return follow_as(hub, "5");
}

static void test_a_stream_begins_when_the_hub_is_as_far_as_its_snapshot(void **state)
{
    struct hub *hub = begin_hub();
    struct stream *stream = follow_from(hub, come((struct arrival){0}), (struct loaded_reader){.head = 102});
    PGresult *events = make_events();
    (void)state;
    assert_string_equal(heard(stream), "");
    add_posted(events, 101, "before the snapshot");
    add_posted(events, 102, "the snapshot's last");
    add_posted(events, 103, "after it");
    publish_rows(hub, events);
    assert_true(has_heard(stream, "id: 102.t\nevent: ready\n"));
    assert_true(has_heard(stream, "after it"));
    assert_false(has_heard(stream, "snapshot"));
    leave(stream);
    end_hub(hub);
}

static void test_what_was_missed_comes_from_memory_once_and_in_order(void **state)
{
    struct hub *hub = begin_hub();
    struct stream *stream = follow_from(hub, come_back(97), (struct loaded_reader){.head = 99});
    (void)state;
    assert_true(has_heard(stream, "id: 97.t\nevent: ready\n"));
    assert_int_equal(count_heard(stream, "event: message.posted\n"), 3);
    assert_true(strstr(heard(stream), "id: 98.t") < strstr(heard(stream), "id: 99.t"));
    publish_posted(hub, 101, "and live");
    assert_int_equal(count_heard(stream, "event: message.posted\n"), 4);
    leave(stream);
    end_hub(hub);
}

static void test_a_session_that_ended_since_the_snapshot_is_refused(void **state)
{
    struct hub *hub = begin_hub();
    PGresult *events = make_events();
    struct stream *stream;
    (void)state;
    add_event(events, 0, 101, "session.ended", "session", "5", NULL, "{\"reason\":\"signed_out\"}");
    publish_rows(hub, events);
    stream = follow_from(hub, come((struct arrival){0}), (struct loaded_reader){.head = 100});
    assert_true(has_heard(stream, "Status: 401"));
    assert_true(stream->is_closed);
    leave(stream);
    end_hub(hub);
}

static void test_the_end_of_a_session_is_its_streams_last_event_and_no_other_s(void **state)
{
    struct hub *hub = begin_hub();
    struct stream *one = follow(hub), *other = follow_from(hub, come((struct arrival){0}), (struct loaded_reader){.head = 100, .id = "6"});
    PGresult *events = make_events();
    (void)state;
    add_event(events, 0, 101, "session.ended", "session", "5", NULL, "{\"reason\":\"banned\"}");
    add_posted(events, 102, "not for the one");
    publish_rows(hub, events);
    assert_true(has_heard(one, "event: session.ended\ndata: {\"reason\":\"banned\"}\n\n"));
    assert_true(one->is_closed);
    assert_false(has_heard(one, "not for the one"));
    assert_true(has_heard(other, "not for the one"));
    assert_false(other->is_closed);
    leave(one);
    leave(other);
    end_hub(hub);
}

static void test_a_session_that_was_prolonged_goes_on_where_it_was(void **state)
{
    struct hub *hub = begin_hub();
    char soon[32];
    struct stream *stream;
    (void)state;
    snprintf(soon, sizeof soon, "%.3f", hub->wall - 1);
    stream = follow_from(hub, come((struct arrival){0}), (struct loaded_reader){.head = 100, .expires_at = soon});
    publish_posted(hub, 101, "first");
    pass_time(hub, 300);
    answer_others(hub, STATEMENT_LOAD_READERS);
    publish_posted(hub, 102, "while it is looked up");
    answer_loaded((struct loaded_reader){.head = 101});
    settle(hub);
    publish_posted(hub, 103, "afterwards");
    assert_int_equal(count_heard(stream, "event: message.posted\n"), 3);
    assert_int_equal(count_heard(stream, "event: ready\n"), 1);
    assert_int_equal(count_heard(stream, "while it is looked up"), 1);
    leave(stream);
    end_hub(hub);
}

static void test_a_session_that_is_over_ends_its_stream_as_expired(void **state)
{
    struct hub *hub = begin_hub();
    char soon[32];
    struct stream *stream;
    (void)state;
    snprintf(soon, sizeof soon, "%.3f", hub->wall - 1);
    stream = follow_from(hub, come((struct arrival){0}), (struct loaded_reader){.head = 100, .expires_at = soon});
    pass_time(hub, 300);
    answer_others(hub, STATEMENT_LOAD_READERS);
    answer_loaded((struct loaded_reader){.head = 100, .is_refused = true});
    settle(hub);
    assert_true(has_heard(stream, "event: session.ended\ndata: {\"reason\":\"expired\"}\n\n"));
    assert_true(stream->is_closed);
    leave(stream);
    end_hub(hub);
}

static void test_one_person_has_only_so_many_streams(void **state)
{
    struct hub *hub = begin_hub();
    struct stream *streams[3];
    (void)state;
    for (int i = 0; i < 3; i++)
        streams[i] = follow_from(hub, come((struct arrival){0}), (struct loaded_reader){.head = 100});
    assert_false(streams[1]->is_closed);
    assert_true(has_heard(streams[2], "retry: "));
    assert_false(has_heard(streams[2], "ready"));
    assert_true(streams[2]->is_closed);
    assert_int_equal(hub->metrics.streams_limited, 1);
    for (int i = 0; i < 3; i++)
        leave(streams[i]);
    end_hub(hub);
}

static void test_a_question_that_failed_is_asked_again(void **state)
{
    struct hub *hub = begin_hub();
    struct stream *stream = come((struct arrival){0});
    (void)state;
    settle(hub);
    answer_others(hub, STATEMENT_LOAD_READERS);
    refuse_question(loader_db);
    pass_time(hub, 600);
    answer_others(hub, STATEMENT_LOAD_READERS);
    lose_db(loader_db);
    pass_time(hub, 300);
    connect_db(loader_db);
    settle(hub);
    answer_others(hub, STATEMENT_LOAD_READERS);
    answer_loaded((struct loaded_reader){.head = 100});
    settle(hub);
    assert_true(has_heard(stream, "event: ready\n"));
    leave(stream);
    end_hub(hub);
}

static void test_while_the_database_is_away_who_comes_is_put_off_and_who_is_there_stays(void **state)
{
    struct hub *hub = begin_hub();
    struct stream *there = follow(hub), *late;
    (void)state;
    lose_db(feed_db);
    lose_db(loader_db);
    late = come((struct arrival){0});
    settle(hub);
    assert_false(late->is_closed);
    pass_time(hub, 1500);
    assert_true(has_heard(late, "retry: "));
    assert_true(late->is_closed);
    pass_time(hub, 1700);
    assert_true(has_heard(there, "id: 100.t\nevent: ping\n"));
    assert_false(there->is_closed);
    leave(late);
    leave(there);
    end_hub(hub);
}

/* The log was restored from a backup: the hub's own position is not in it. */
static void rewind_log(void)
{
    PGresult *rows = make_events();
    lose_db(feed_db);
    connect_db(feed_db);
    assert_asked(feed_db, STATEMENT_READ_EVENTS);
    answer_rows(feed_db, rows);
}

static void test_who_comes_while_another_log_is_being_found_is_not_shown_it_again(void **state)
{
    struct hub *hub = begin_hub();
    struct stream *there = follow(hub), *comer;
    PGresult *events = make_events();
    (void)state;
    rewind_log();
    assert_asked(feed_db, STATEMENT_LOG_HEAD);
    comer = follow_from(hub, come((struct arrival){0}), (struct loaded_reader){.head = 90, .id = "6"});
    answer_head(90, "t");
    answer_lease();
    settle(hub);
    for (int64_t id = 60; id <= 90; id++)
        add_posted(events, id, "of long ago");
    assert_asked(feed_db, STATEMENT_READ_LOG);
    answer_rows(feed_db, events);
    settle(hub);
    answer_others(hub, STATEMENT_LOAD_READERS);
    answer_loaded((struct loaded_reader){.head = 90});
    settle(hub);
    assert_true(has_heard(there, "id: 90.t\nevent: reset\n"));
    assert_true(has_heard(there, "\"reason\":\"log_rewound\""));
    assert_false(has_heard(there, "of long ago"));
    assert_false(has_heard(comer, "of long ago"));
    assert_int_equal(hub->metrics.rewinds, 1);
    leave(there);
    leave(comer);
    end_hub(hub);
}

static void test_another_log_is_noticed_though_the_question_for_the_position_is_refused_at_first(void **state)
{
    struct hub *hub = begin_hub();
    struct stream *there = follow(hub);
    (void)state;
    lose_db(feed_db);
    connect_db(feed_db);
    assert_asked(feed_db, STATEMENT_READ_EVENTS);
    refuse_question(feed_db);
    settle(hub);
    assert_true(feed_db->is_idle);
    pass_time(hub, 600);
    assert_asked(feed_db, STATEMENT_READ_EVENTS);
    answer_rows(feed_db, make_events());
    answer_head(90, "t");
    answer_lease();
    assert_asked(feed_db, STATEMENT_READ_LOG);
    assert_int_equal(hub->metrics.rewinds, 1);
    leave(there);
    end_hub(hub);
}

static void test_the_lease_is_asked_for_until_it_is_there(void **state)
{
    struct hub *hub = begin_hub_at_head(64);
    (void)state;
    answer_head(100, "t");
    assert_asked(feed_db, STATEMENT_TAKE_LEASE);
    refuse_question(feed_db);
    pass_time(hub, 600);
    answer_head(100, "t");
    answer_lease();
    assert_asked(feed_db, STATEMENT_READ_LOG);
    end_hub(hub);
}

/* The log is slow to read: the hub begins again, nearer to its head, while somebody who was looked up waits for it. */
static void begin_nearer_meanwhile(struct hub *hub, struct stream *stream, struct loaded_reader loaded)
{
    PGresult *events = make_events();
    answer_head(5000, "t");
    answer_lease();
    assert_string_equal(feed_db->values[0], "904");
    follow_from(hub, stream, loaded);
    pass_time(hub, 2000);
    for (int64_t id = 905; id < 905 + 1000; id++)
        add_posted(events, id, "slow to read");
    answer_rows(feed_db, events);
    answer_head(6000, "t");  /* beyond what the reader was loaded at, up to where nothing is known of it */
    answer_lease();
    assert_string_equal(feed_db->values[0], "5488");
    settle(hub);
    answer_others(hub, STATEMENT_LOAD_READERS);
    answer_loaded((struct loaded_reader){.head = 6000});
    events = make_events();
    add_posted(events, 6000, "the newest");
    answer_rows(feed_db, events);
    settle(hub);
}

static void test_who_waits_while_the_hub_begins_nearer_is_looked_up_again(void **state)
{
    struct hub *hub = begin_hub_at_head(4096);
    struct stream *stream = come((struct arrival){0});
    (void)state;
    begin_nearer_meanwhile(hub, stream, (struct loaded_reader){.head = 5000});
    assert_true(has_heard(stream, "id: 6000.t\nevent: ready\n"));
    assert_false(has_heard(stream, "message.posted"));
    leave(stream);
    end_hub(hub);
}

static void test_whose_cursor_is_unknown_hears_of_it_though_the_hub_begins_nearer_meanwhile(void **state)
{
    struct hub *hub = begin_hub_at_head(4096);
    struct stream *stream = come_back(5100);
    (void)state;
    begin_nearer_meanwhile(hub, stream, (struct loaded_reader){.head = 5000, .has_unknown_cursor = true});
    assert_true(has_heard(stream, "id: 6000.t\nevent: reset\n"));
    assert_true(has_heard(stream, "\"reason\":\"unknown_cursor\""));
    leave(stream);
    end_hub(hub);
}

static void test_an_event_may_leave_the_ring_while_it_is_being_read_again(void **state)
{
    struct hub *hub = begin_hub();
    struct stream *stream = follow(hub);
    PGresult *events = make_events(), *fresh = make_events();
    (void)state;
    add_event(events, 0, 101, "user.changed", "rank", NULL, "9", "{}");  /* 9 wrote all that is in the ring */
    publish_rows(hub, events);
    assert_asked(feed_db, STATEMENT_READ_EVENTS);
    ring_drop_before(&hub->ring, hub->wall + 10);
    for (int64_t id = 37; id <= 100; id++)
        add_posted(fresh, id, "by the new name");
    answer_rows(feed_db, fresh);
    settle(hub);
    assert_int_equal(hub->ring.count, 1);
    assert_int_equal(hub->ring.head.id, 101);
    leave(stream);
    end_hub(hub);
}

static void test_the_bell_that_never_stops_ringing_is_not_being_behind(void **state)
{
    struct hub *hub = begin_hub();
    (void)state;
    for (int64_t id = 101; id < 140; id++) {
        PGresult *events = make_events();
        ring_bell();
        settle(hub);
        assert_asked(feed_db, STATEMENT_READ_LOG);
        ring_bell();
        pass_time(hub, 250);
        add_posted(events, id, "x");
        answer_rows(feed_db, events);
        assert_true(feed_seconds_behind(hub) < 0.5);
    }
    settle(hub);
    pass_time(hub, 6000);
    assert_true(feed_seconds_behind(hub) > 5);
    end_hub(hub);
}

static void test_who_does_not_read_lags_with_a_bounded_queue_and_gets_the_rest_from_memory(void **state)
{
    struct hub *hub = begin_hub();
    struct stream *stream = follow(hub);
    int64_t last;
    (void)state;
    setting.lag_ms = 60000;
    last = overfill(hub, 100);
    assert_int_equal(hub->reader_counts[READER_LIVE], 0);
    assert_int_equal(hub->metrics.lagged, 1);
    assert_true(LIST_OWNER(hub->readers[READER_CATCHING_UP].next, struct reader, of_state)->outbox.bytes < 65536 + 30000);
    for (int i = 0; i < 40; i++) {
        heard(stream);
        settle(hub);
    }
    assert_int_equal(count_heard(stream, "event: message.posted\n"), last - 100);
    settle(hub);
    assert_int_equal(hub->reader_counts[READER_LIVE], 1);
    leave(stream);
    end_hub(hub);
}

static void test_who_lags_and_takes_nothing_is_cut_off(void **state)
{
    struct hub *hub = begin_hub();
    struct stream *stream = follow(hub);
    (void)state;
    overfill(hub, 100);
    assert_int_equal(hub->metrics.cut_off, 1);
    heard(stream);
    assert_true(stream->is_closed);
    leave(stream);
    end_hub(hub);
}

static void test_a_page_of_very_long_events_is_taken_in_pieces(void **state)
{
    struct hub *hub = begin_hub();
    struct stream *stream = follow_from(hub, come_back(10), (struct loaded_reader){.head = 100});
    static char data[30100];
    const int64_t last = 36;  /* what is newer is in memory */
    int64_t next = 11;
    (void)state;
    memset(data, 'x', sizeof data - 1);
    memcpy(data, "{\"text\":\"", 9);
    memcpy(data + sizeof data - 4, "\"}", 3);
    while (next <= last) {
        PGresult *page = make_events();
        struct reader *reader;
        answer_others(hub, STATEMENT_REPLAY);
        assert_non_null(strstr(loader_db->values[0], "\"upto\":100"));
        reader = LIST_OWNER(hub->readers[READER_REPLAYING].next, struct reader, of_state);
        next = reader->cursor.id + 1;
        for (int64_t id = next; id <= 100; id++)
            add_event(page, 0, id, "message.posted", "room", "1", NULL, id <= last ? data : "{}");
        answer_rows(loader_db, page);
        assert_true(reader->outbox.bytes < 64 * 1024 + sizeof data + 1000);
        next = reader->cursor.id + 1;
        for (int i = 0; i < 4; i++) {
            heard(stream);
            settle(hub);
        }
    }
    assert_int_equal(count_heard(stream, "event: message.posted\n"), 100 - 10);
    assert_int_equal(hub->reader_counts[READER_LIVE], 1);
    leave(stream);
    end_hub(hub);
}

static void test_going_down_says_bye_with_a_time_to_come_back(void **state)
{
    struct hub *hub = begin_hub();
    struct stream *stream = follow(hub);
    (void)state;
    stop(hub);
    settle(hub);
    assert_true(has_heard(stream, "event: bye\ndata: {\"retry_ms\":"));
    assert_true(stream->is_closed);
    assert_int_equal(count_readers(hub), 0);
    leave(stream);
    end_hub(hub);
}

static struct stream *leaving;
static bool was_told;

static void listen_to_leaving(void)
{
    was_told = has_heard(leaving, "event: bye\n");
}

static void test_no_stream_waits_for_its_bye_until_the_accept_threads_have_ended(void **state)
{
    struct hub *hub = begin_hub();
    (void)state;
    leaving = follow(hub);
    while_accept_threads_end = listen_to_leaving;
    stop(hub);
    while_accept_threads_end = NULL;
    assert_true(was_told);
    settle(hub);
    leave(leaving);
    end_hub(hub);
}

static void test_passing_events_do_not_put_off_the_ping_that_carries_the_cursor(void **state)
{
    struct hub *hub = begin_hub();
    struct stream *stream = follow(hub);
    (void)state;
    publish_posted(hub, 101, "x");
    for (int i = 0; i < 20; i++) {
        feed_db->hooks->on_notification(feed_db->owner, "parley_now", "{\"type\":\"typing\",\"room\":1,\"user\":{\"id\":9,\"name\":\"bo\"}}");
        pass_time(hub, 200);
    }
    assert_true(has_heard(stream, "event: typing\n"));
    assert_true(has_heard(stream, "id: 101.t\nevent: ping\n"));
    leave(stream);
    end_hub(hub);
}

static void test_who_is_being_looked_up_while_their_network_is_shut_out_is_looked_up_again(void **state)
{
    struct hub *hub = begin_hub();
    struct arrival arrival = {0};
    struct stream *stream;
    (void)state;
    assert_true(address_parse(&arrival.from, span_of("192.0.2.7")));
    stream = come(arrival);
    settle(hub);
    answer_others(hub, STATEMENT_LOAD_READERS);
    feed_db->hooks->on_notification(feed_db->owner, "parley_now", "{\"type\":\"network\",\"network\":\"192.0.2.0/24\"}");
    answer_loaded((struct loaded_reader){.head = 100});  /* as it was before */
    settle(hub);
    assert_string_equal(heard(stream), "");
    answer_others(hub, STATEMENT_LOAD_READERS);
    answer_loaded((struct loaded_reader){.head = 100, .is_refused = true});
    settle(hub);
    assert_true(has_heard(stream, "Status: 401"));
    leave(stream);
    end_hub(hub);
}

static void test_who_has_left_is_not_cut_off_as_well(void **state)
{
    struct hub *hub = begin_hub();
    struct stream *stream = follow(hub);
    (void)state;
    setting.lag_ms = 60000;
    overfill(hub, 100);
    assert_int_equal(hub->metrics.lagged, 1);
    leave(stream);
    pass_time(hub, 70000);
    assert_int_equal(hub->metrics.streams_ended, 1);
    assert_int_equal(hub->metrics.cut_off, 0);
    end_hub(hub);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_stream_begins_when_the_hub_is_as_far_as_its_snapshot),
        cmocka_unit_test(test_what_was_missed_comes_from_memory_once_and_in_order),
        cmocka_unit_test(test_a_session_that_ended_since_the_snapshot_is_refused),
        cmocka_unit_test(test_the_end_of_a_session_is_its_streams_last_event_and_no_other_s),
        cmocka_unit_test(test_a_session_that_was_prolonged_goes_on_where_it_was),
        cmocka_unit_test(test_a_session_that_is_over_ends_its_stream_as_expired),
        cmocka_unit_test(test_one_person_has_only_so_many_streams),
        cmocka_unit_test(test_a_question_that_failed_is_asked_again),
        cmocka_unit_test(test_while_the_database_is_away_who_comes_is_put_off_and_who_is_there_stays),
        cmocka_unit_test(test_who_comes_while_another_log_is_being_found_is_not_shown_it_again),
        cmocka_unit_test(test_another_log_is_noticed_though_the_question_for_the_position_is_refused_at_first),
        cmocka_unit_test(test_the_lease_is_asked_for_until_it_is_there),
        cmocka_unit_test(test_who_waits_while_the_hub_begins_nearer_is_looked_up_again),
        cmocka_unit_test(test_whose_cursor_is_unknown_hears_of_it_though_the_hub_begins_nearer_meanwhile),
        cmocka_unit_test(test_an_event_may_leave_the_ring_while_it_is_being_read_again),
        cmocka_unit_test(test_the_bell_that_never_stops_ringing_is_not_being_behind),
        cmocka_unit_test(test_who_does_not_read_lags_with_a_bounded_queue_and_gets_the_rest_from_memory),
        cmocka_unit_test(test_who_lags_and_takes_nothing_is_cut_off),
        cmocka_unit_test(test_a_page_of_very_long_events_is_taken_in_pieces),
        cmocka_unit_test(test_going_down_says_bye_with_a_time_to_come_back),
        cmocka_unit_test(test_no_stream_waits_for_its_bye_until_the_accept_threads_have_ended),
        cmocka_unit_test(test_passing_events_do_not_put_off_the_ping_that_carries_the_cursor),
        cmocka_unit_test(test_who_has_left_is_not_cut_off_as_well),
        cmocka_unit_test(test_who_is_being_looked_up_while_their_network_is_shut_out_is_looked_up_again),
    };
    log_start("test", LOG_ERROR);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
