#include "wire/cursor.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static bool parses(const char *text)
{
    struct cursor cursor;
    return cursor_parse(&cursor, text, strlen(text));
}

static void test_number_and_tag_come_back_as_they_were(void **state)
{
    struct cursor cursor;
    char text[CURSOR_TEXT_MAX + 1];
    (void)state;
    assert_true(cursor_parse(&cursor, "1201.k3f9", 9));
    assert_int_equal(cursor.id, 1201);
    assert_string_equal(cursor.tag, "k3f9");
    assert_int_equal(cursor_format(text, &cursor), 9);
    assert_string_equal(text, "1201.k3f9");
}

static void test_the_largest_number_and_the_longest_tag_fit(void **state)
{
    static const char largest[] = "9007199254740991.abcdefghij01234";
    struct cursor cursor;
    char text[CURSOR_TEXT_MAX + 1];
    (void)state;
    assert_true(cursor_parse(&cursor, largest, sizeof largest - 1));
    assert_int_equal(cursor_format(text, &cursor), CURSOR_TEXT_MAX);
    assert_string_equal(text, largest);
}

static void test_what_is_no_cursor_is_refused(void **state)
{
    static const char *const wrong[] = {
        "", ".", "1", "1.", ".a", "0.a", "01.a", "-1.a", "+1.a", " 1.a", "1 .a", "1.a ", "1.A", "1.a.b", "1.\xc3\xa9",
        "9007199254740992.a", "99999999999999999999999999.a", "1.abcdefghij012345", "x.a", "1,a",
    };
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        if (parses(wrong[i]))
            fail_msg("taken for a cursor: %s", wrong[i]);
    }
    assert_false(cursor_parse(&(struct cursor){0}, "1.\0", 3));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_number_and_tag_come_back_as_they_were),
        cmocka_unit_test(test_the_largest_number_and_the_longest_tag_fit),
        cmocka_unit_test(test_what_is_no_cursor_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
