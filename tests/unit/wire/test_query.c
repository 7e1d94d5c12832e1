#include "wire/query.h"

#include <string.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void test_pairs_come_in_order_and_empty_pieces_do_not(void **state)
{
    (void)state;
    struct span rest = span_of("&a=1&&b&=x&c=2=3&"), name, value;
    assert_true(query_next(&rest, &name, &value));
    assert_true(span_is(name, "a") && span_is(value, "1"));
    assert_true(query_next(&rest, &name, &value));
    assert_true(span_is(name, "b") && span_is(value, ""));
    assert_true(query_next(&rest, &name, &value));
    assert_true(span_is(name, "") && span_is(value, "x"));
    assert_true(query_next(&rest, &name, &value));
    assert_true(span_is(name, "c") && span_is(value, "2=3"));
    assert_false(query_next(&rest, &name, &value));
}

static void assert_decodes(const char *encoded, const char *expected, size_t length)
{
    struct buf out;
    buf_init(&out, 0);
    assert_true(query_decode(&out, span_of(encoded)));
    assert_int_equal(out.length, length);
    assert_memory_equal(buf_text(&out), expected, length);
    buf_free(&out);
}

static void test_escapes_become_bytes(void **state)
{
    (void)state;
    assert_decodes("a+b%20c%2B", "a b c+", 6);
    assert_decodes("%F0%9f%91%8D", "\xf0\x9f\x91\x8d", 4);
    assert_decodes("%00x", "\0x", 2);
    assert_decodes("", "", 0);
}

static void test_a_plus_in_a_path_is_a_plus(void **state)
{
    (void)state;
    struct buf out;
    buf_init(&out, 0);
    assert_true(query_decode_path(&out, span_of("+1%2f")));
    assert_string_equal(buf_text(&out), "+1/");
    buf_free(&out);
}

static void test_broken_escapes_are_refused(void **state)
{
    (void)state;
    const char *broken[] = {"%", "a%", "%1", "%g0", "%0g", "x%2", "%%41"};
    struct buf out;
    buf_init(&out, 0);
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++)
        assert_false(query_decode(&out, span_of(broken[i])));
    buf_free(&out);
}

static void test_too_much_is_refused(void **state)
{
    (void)state;
    struct buf out;
    buf_init(&out, 3);
    assert_true(query_decode(&out, span_of("a%20b")));
    buf_clear(&out);
    assert_false(query_decode(&out, span_of("abcd")));
    buf_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pairs_come_in_order_and_empty_pieces_do_not),
        cmocka_unit_test(test_escapes_become_bytes),
        cmocka_unit_test(test_a_plus_in_a_path_is_a_plus),
        cmocka_unit_test(test_broken_escapes_are_refused),
        cmocka_unit_test(test_too_much_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
