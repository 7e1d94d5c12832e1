#include "stream/event.h"

#include "base/mem.h"
#include "stream/frame.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const char answer[] =
    "{\"id\":9,\"user\":{\"id\":7,\"name\":\"ana\"},\"text\":\"secret words\",\"images\":[{\"id\":1}],\"mentions\":[3],"
    "\"reactions\":[{\"emoji\":\"x\",\"users\":[1]}],\"reply_to\":{\"id\":5,\"user\":{\"id\":8},\"text\":\"quoted words\",\"deleted\":null}}";

static struct event message(const char *data)
{
    return (struct event){
        .cursor = {.id = 9, .tag = "k3"}, .kind = EVENT_MESSAGE_POSTED, .message_id = 9, .author_id = 7, .quoted_id = 8,
        .answers = -1, .name = mem_copy_text("message.posted"), .data = mem_copy_text(data),
    };
}

static bool contains(const struct frame *frame, const char *text)
{
    return memmem(frame->bytes, frame->size, text, strlen(text));
}

static void test_a_frame_is_encoded_once_and_shared(void **state)
{
    struct event event = message("{\"id\":9}");
    static const char expected[] = "id: 9.k3\nevent: message.posted\ndata: {\"id\":9}\n\n";
    struct frame *frame = event_frame(&event, VARIANT_PLAIN, TRANSPORT_EVENTS);
    (void)state;
    assert_int_equal(frame->size, sizeof expected - 1);
    assert_memory_equal(frame->bytes, expected, frame->size);
    assert_ptr_equal(event_frame(&event, VARIANT_PLAIN, TRANSPORT_EVENTS), frame);
    assert_ptr_equal(event_frame(&event, VARIANT_OWN, TRANSPORT_EVENTS), frame);
    event_reset(&event);
}

static void test_of_a_blocked_author_no_word_is_left(void **state)
{
    struct event event = message(answer);
    struct frame *frame = event_frame(&event, VARIANT_AUTHOR_BLOCKED, TRANSPORT_EVENTS);
    (void)state;
    assert_true(contains(frame, "\"blocked\":true") && contains(frame, "\"text\":null") && contains(frame, "\"images\":[]"));
    assert_false(contains(frame, "words") || contains(frame, "emoji"));
    assert_true(contains(frame, "\"name\":\"ana\""));
    event_reset(&event);
}

static void test_of_a_blocked_quoted_author_only_the_quotation_goes(void **state)
{
    struct event event = message(answer);
    struct frame *frame = event_frame(&event, VARIANT_QUOTED_BLOCKED, TRANSPORT_EVENTS);
    (void)state;
    assert_true(contains(frame, "secret words"));
    assert_false(contains(frame, "quoted words"));
    event_reset(&event);
}

static void test_data_that_is_no_object_is_not_shown_to_who_blocks(void **state)
{
    struct event event = message("[1]");
    (void)state;
    assert_null(event_frame(&event, VARIANT_AUTHOR_BLOCKED, TRANSPORT_EVENTS));
    event_reset(&event);
}

static void test_the_person_concerned_gets_their_own(void **state)
{
    struct event event = message("{\"a\":1}");
    (void)state;
    event.data_own = mem_copy_text("{\"a\":2}");
    assert_true(contains(event_frame(&event, VARIANT_OWN, TRANSPORT_EVENTS), "{\"a\":2}"));
    assert_true(contains(event_frame(&event, VARIANT_PLAIN, TRANSPORT_EVENTS), "{\"a\":1}"));
    event_reset(&event);
}

static void test_an_edit_outdates_the_message_and_what_answers_it(void **state)
{
    struct event event = message(answer);
    struct event other = message("{\"id\":10}");
    struct event edit = {.kind = EVENT_MESSAGE_EDITED, .message_id = 9}, of_quoted = {.kind = EVENT_MESSAGE_DELETED, .message_id = 5};
    struct event hidden = {.kind = EVENT_USER_HIDDEN, .audience = AUDIENCE_RANK, .person_id = 8}, changed = {.kind = EVENT_USER_CHANGED, .audience = AUDIENCE_SHARED, .audience_id = 8};
    struct event joined = {.kind = EVENT_MEMBER_JOINED, .message_id = 9};
    (void)state;
    other.message_id = 10;
    other.quoted_id = 0;
    assert_true(event_is_outdated_by(&event, &edit));
    assert_true(event_is_outdated_by(&event, &of_quoted));
    assert_true(event_is_outdated_by(&event, &hidden));
    assert_true(event_is_outdated_by(&event, &changed));
    assert_false(event_is_outdated_by(&event, &joined));
    assert_false(event_is_outdated_by(&other, &edit));
    assert_false(event_is_outdated_by(&other, &of_quoted));
    assert_false(event_is_outdated_by(&other, &hidden));
    event_reset(&event);
    event_reset(&other);
}

static void test_a_change_of_a_room_outdates_what_shows_it(void **state)
{
    struct event changed = {.kind = EVENT_ROOM_CHANGED, .room_id = 1};
    struct event older = {.kind = EVENT_ROOM_CHANGED, .room_id = 1}, elsewhere = {.kind = EVENT_ROOM_CREATED, .room_id = 2};
    char own[] = "{}";
    struct event joined = {.kind = EVENT_MEMBER_JOINED, .room_id = 1, .data_own = own}, posted = message("{\"id\":9}");
    (void)state;
    posted.room_id = 1;
    assert_true(event_is_outdated_by(&older, &changed));
    assert_true(event_is_outdated_by(&joined, &changed));
    assert_false(event_is_outdated_by(&elsewhere, &changed));
    assert_false(event_is_outdated_by(&posted, &changed));
    joined.data_own = NULL;
    assert_false(event_is_outdated_by(&joined, &changed));
    event_reset(&posted);
}

static void test_retention_outdates_messages_up_to_one_and_answers_to_them(void **state)
{
    struct event event = message(answer);
    struct event retired = {.kind = EVENT_ROOM_CHANGED, .room_id = 1, .message_id = 9};
    (void)state;
    event.room_id = 1;
    assert_true(event_is_outdated_by(&event, &retired));
    retired.message_id = 5;
    assert_true(event_is_outdated_by(&event, &retired));
    retired.message_id = 4;
    assert_false(event_is_outdated_by(&event, &retired));
    event.room_id = 2;
    retired.message_id = 9;
    assert_false(event_is_outdated_by(&event, &retired));
    event_reset(&event);
}

static void test_refreshed_it_shows_the_new_text_and_old_frames_live_on(void **state)
{
    struct event event = message("{\"text\":\"old\"}");
    struct event fresh = message("{\"text\":\"new\"}");
    struct frame *sent = frame_hold(event_frame(&event, VARIANT_PLAIN, TRANSPORT_EVENTS));
    (void)state;
    event_refresh(&event, &fresh);
    assert_true(contains(event_frame(&event, VARIANT_PLAIN, TRANSPORT_EVENTS), "new"));
    assert_true(contains(sent, "old"));
    assert_null(fresh.name);
    frame_drop(sent);
    event_refresh(&event, &(struct event){0});
    assert_null(event_frame(&event, VARIANT_PLAIN, TRANSPORT_EVENTS));
    event_reset(&event);
}

static void test_what_is_unknown_is_told_to_nobody(void **state)
{
    (void)state;
    assert_int_equal(event_kind_of("no.such"), EVENT_OTHER);
    assert_int_equal(event_kind_of("session.ended"), EVENT_SESSION_ENDED);
    assert_int_equal(event_audience_of("rank"), AUDIENCE_RANK);
    assert_int_equal(event_audience_of("planet"), AUDIENCE_NOBODY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_frame_is_encoded_once_and_shared),
        cmocka_unit_test(test_of_a_blocked_author_no_word_is_left),
        cmocka_unit_test(test_of_a_blocked_quoted_author_only_the_quotation_goes),
        cmocka_unit_test(test_data_that_is_no_object_is_not_shown_to_who_blocks),
        cmocka_unit_test(test_the_person_concerned_gets_their_own),
        cmocka_unit_test(test_an_edit_outdates_the_message_and_what_answers_it),
        cmocka_unit_test(test_a_change_of_a_room_outdates_what_shows_it),
        cmocka_unit_test(test_retention_outdates_messages_up_to_one_and_answers_to_them),
        cmocka_unit_test(test_refreshed_it_shows_the_new_text_and_old_frames_live_on),
        cmocka_unit_test(test_what_is_unknown_is_told_to_nobody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
