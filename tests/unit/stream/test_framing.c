#include "stream/framing.h"

#include "stream/frame.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct cursor cursor = {.id = 1201, .tag = "k3f9"};

static void assert_frame(const struct frame *frame, const char *expected, size_t skip)
{
    assert_int_equal(frame->size - skip, strlen(expected));
    assert_memory_equal(frame->bytes + skip, expected, frame->size - skip);
}

static void test_the_same_event_for_each_transport(void **state)
{
    struct frame *events = framing_encode(TRANSPORT_EVENTS, &cursor, "message.posted", "{\"id\":1201}");
    struct frame *message = framing_encode(TRANSPORT_WEBSOCKET, &cursor, "message.posted", "{\"id\":1201}");
    (void)state;
    assert_frame(events, "id: 1201.k3f9\nevent: message.posted\ndata: {\"id\":1201}\n\n", 0);
    assert_frame(message, "{\"cursor\":\"1201.k3f9\",\"type\":\"message.posted\",\"data\":{\"id\":1201}}", 2);
    frame_drop(events);
    frame_drop(message);
}

static void test_a_passing_event_has_no_cursor(void **state)
{
    struct notice typing;
    (void)state;
    notice_init_text(&typing, "typing", "{}");
    assert_frame(notice_frame(&typing, TRANSPORT_EVENTS), "event: typing\ndata: {}\n\n", 0);
    assert_frame(notice_frame(&typing, TRANSPORT_WEBSOCKET), "{\"type\":\"typing\",\"data\":{}}", 2);
    assert_ptr_equal(notice_frame(&typing, TRANSPORT_EVENTS), notice_frame(&typing, TRANSPORT_EVENTS));
    notice_free(&typing);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_same_event_for_each_transport),
        cmocka_unit_test(test_a_passing_event_has_no_cursor),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
