#include "base/buf.h"

#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void test_grows_and_ends_with_nul(void **state)
{
    (void)state;
    struct buf buf;
    buf_init(&buf, 0);
    assert_string_equal(buf_text(&buf), "");
    for (int i = 0; i < 1000; i++)
        buf_printf(&buf, "%03d,", i);
    assert_int_equal(buf.length, 4000);
    assert_memory_equal(buf_text(&buf) + 3996, "999,", 5);
    assert_false(buf.failed);
    buf_free(&buf);
}

static void test_limit_is_sticky_until_cleared(void **state)
{
    (void)state;
    struct buf buf;
    buf_init(&buf, 8);
    buf_add_text(&buf, "12345678");
    assert_false(buf.failed);
    buf_add_byte(&buf, '9');
    assert_true(buf.failed);
    buf_add(&buf, "", 0);
    assert_int_equal(buf.length, 8);
    assert_null(buf_room(&buf, 0));
    buf_clear(&buf);
    buf_add_text(&buf, "again");
    assert_string_equal(buf_text(&buf), "again");
    buf_printf(&buf, "%s", "too long");
    assert_true(buf.failed);
    assert_string_equal(buf_text(&buf), "again");
    buf_free(&buf);
}

static void test_absurd_sizes_are_refused(void **state)
{
    (void)state;
    struct buf buf;
    buf_init(&buf, 0);
    buf_add_text(&buf, "x");
    assert_null(buf_room(&buf, SIZE_MAX));
    assert_true(buf.failed);
    buf_free(&buf);
}

static void test_numbers_to_both_ends(void **state)
{
    (void)state;
    struct buf buf;
    buf_init(&buf, 0);
    buf_add_int(&buf, 0);
    buf_add_byte(&buf, ' ');
    buf_add_int(&buf, INT64_MIN);
    buf_add_byte(&buf, ' ');
    buf_add_int(&buf, INT64_MAX);
    assert_string_equal(buf_text(&buf), "0 -9223372036854775808 9223372036854775807");
    buf_free(&buf);
}

static void test_drops_from_the_front(void **state)
{
    (void)state;
    struct buf buf;
    buf_init(&buf, 0);
    buf_add_text(&buf, "abcdef");
    buf_drop_front(&buf, 4);
    assert_string_equal(buf_text(&buf), "ef");
    buf_drop_front(&buf, 2);
    assert_string_equal(buf_text(&buf), "");
    buf_free(&buf);
}

static void test_what_was_large_is_not_kept(void **state)
{
    (void)state;
    struct buf buf;
    buf_init(&buf, 1 << 20);
    buf_add_text(&buf, "small");
    buf_reuse(&buf);
    assert_int_equal(buf.length, 0);
    assert_non_null(buf.bytes);
    assert_non_null(buf_room(&buf, 2 * BUF_KEPT_BYTES));
    buf_reuse(&buf);
    assert_null(buf.bytes);
    assert_int_equal(buf.limit, 1 << 20);
    buf_free(&buf);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_grows_and_ends_with_nul),   cmocka_unit_test(test_limit_is_sticky_until_cleared),
        cmocka_unit_test(test_absurd_sizes_are_refused),  cmocka_unit_test(test_numbers_to_both_ends),
        cmocka_unit_test(test_drops_from_the_front),      cmocka_unit_test(test_what_was_large_is_not_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
