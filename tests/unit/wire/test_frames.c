#include "wire/frames.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define FOLLOW(frames, bytes, fine) frames_follow(frames, (struct span){bytes, sizeof(bytes) - 1}, fine)

static struct frames begin(void)
{
    return (struct frames){.message_max = 1000};
}

static void test_whole_frames_leave_nothing_open(void **state)
{
    struct frames frames = begin();
    size_t fine;
    (void)state;
    assert_int_equal(FOLLOW(&frames, "\x81\x83mask123" "\x89\x80mask" "\x81\x80mask", &fine), FRAMES_FINE);
    assert_int_equal(fine, 21);
    assert_false(frames_are_unfinished(&frames));
}

static void test_half_a_header_a_payload_or_a_message_is_unfinished(void **state)
{
    static const char bytes[] = "\x01\x81mask1\x80\x82mask12";
    struct frames frames = begin();
    size_t fine;
    (void)state;
    for (size_t i = 0; i < sizeof bytes - 1; i++) {
        assert_int_equal(frames_follow(&frames, (struct span){bytes + i, 1}, &fine), FRAMES_FINE);
        assert_int_equal(fine, 1);
        assert_int_equal(frames_are_unfinished(&frames), i < sizeof bytes - 2);
    }
}

static void test_a_message_too_long_is_known_by_its_header(void **state)
{
    struct frames frames = begin();
    size_t fine;
    (void)state;
    assert_int_equal(FOLLOW(&frames, "\x81\x80mask\x81\xfe\x03\xe9mask", &fine), FRAMES_TOO_LONG);
    assert_int_equal(fine, 13);
    frames = begin();
    assert_int_equal(FOLLOW(&frames, "\x81\xff\xff\xff\xff\xff\xff\xff\xff\xffmask", &fine), FRAMES_TOO_LONG);
    frames = begin();
    assert_int_equal(FOLLOW(&frames, "\x01\x81mask1\x80\xfe\x03\xe8mask", &fine), FRAMES_TOO_LONG);
}

static void test_a_message_in_too_many_pieces(void **state)
{
    struct frames frames = begin();
    size_t fine;
    (void)state;
    assert_int_equal(FOLLOW(&frames, "\x01\x80mask", &fine), FRAMES_FINE);
    for (int i = 1; i < FRAMES_PIECES_MAX; i++)
        assert_int_equal(FOLLOW(&frames, "\x00\x80mask\x89\x80mask", &fine), FRAMES_FINE);
    assert_int_equal(FOLLOW(&frames, "\x80\x80mask", &fine), FRAMES_TOO_MANY);
}

static void test_a_close_frame_has_a_whole_code_or_none(void **state)
{
    struct frames frames = begin();
    size_t fine;
    (void)state;
    assert_int_equal(FOLLOW(&frames, "\x88\x80mask\x88\x82mask12", &fine), FRAMES_FINE);
    assert_int_equal(FOLLOW(&frames, "\x88\x81mask1", &fine), FRAMES_BAD_CLOSE);
    assert_int_equal(fine, 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_whole_frames_leave_nothing_open),
        cmocka_unit_test(test_half_a_header_a_payload_or_a_message_is_unfinished),
        cmocka_unit_test(test_a_message_too_long_is_known_by_its_header),
        cmocka_unit_test(test_a_message_in_too_many_pieces),
        cmocka_unit_test(test_a_close_frame_has_a_whole_code_or_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
