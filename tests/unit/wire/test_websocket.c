#include "wire/websocket.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void assert_bytes(struct buf *out, const void *expected, size_t length)
{
    assert_int_equal(out->length, length);
    assert_memory_equal(out->bytes, expected, length);
    buf_free(out);
}

static void test_text_is_one_frame_that_is_not_masked(void **state)
{
    struct buf out = {0};
    (void)state;
    websocket_text(&out, span_of("Hello"));  /* RFC 6455, 5.7 */
    assert_bytes(&out, "\x81\x05Hello", 7);
    websocket_text(&out, (struct span){0});
    assert_bytes(&out, "\x81\x00", 2);
}

static void test_lengths_take_seven_sixteen_or_64_bits(void **state)
{
    static char text[70000];
    struct buf out = {0};
    (void)state;
    memset(text, 'x', sizeof text);
    websocket_text(&out, (struct span){text, 126});
    assert_memory_equal(out.bytes, "\x81\x7e\x00\x7e", 4);
    buf_free(&out);
    websocket_text(&out, (struct span){text, 70000});
    assert_memory_equal(out.bytes, "\x81\x7f\x00\x00\x00\x00\x00\x01\x11\x70", 10);
    assert_int_equal(out.length, 70010);
    buf_free(&out);
}

static void test_a_ping_and_a_close(void **state)
{
    struct buf out = {0};
    (void)state;
    websocket_ping(&out);
    assert_bytes(&out, "\x89\x00", 2);
    websocket_close(&out, WEBSOCKET_PROTOCOL_ERROR);
    assert_bytes(&out, "\x88\x02\x03\xea", 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text_is_one_frame_that_is_not_masked),
        cmocka_unit_test(test_lengths_take_seven_sixteen_or_64_bits),
        cmocka_unit_test(test_a_ping_and_a_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
