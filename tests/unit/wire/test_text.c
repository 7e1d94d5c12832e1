#include "wire/text.h"

#include <string.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static enum text_verdict clean(const char *text, size_t length, char out[static 64], size_t *code_points)
{
    struct buf cleaned;
    buf_init(&cleaned, 0);
    enum text_verdict verdict = text_clean(&cleaned, (struct span){text, length}, code_points);
    strcpy(out, buf_text(&cleaned));
    buf_free(&cleaned);
    return verdict;
}

static void assert_clean(const char *text, const char *expected, size_t expected_points)
{
    char out[64];
    size_t code_points;
    assert_int_equal(clean(text, strlen(text), out, &code_points), TEXT_FINE);
    assert_string_equal(out, expected);
    assert_int_equal(code_points, expected_points);
}

static void test_code_points_are_counted(void **state)
{
    (void)state;
    assert_clean("", "", 0);
    assert_clean("aé€😀", "aé€😀", 4);
    assert_clean("\t\n", "\t\n", 2);
}

static void test_line_ends_become_newlines(void **state)
{
    (void)state;
    assert_clean("a\r\nb\rc\nd\r", "a\nb\nc\nd\n", 8);
    assert_clean("\r\r\n\n", "\n\n\n", 3);
}

static void assert_verdict(const char *text, size_t length, enum text_verdict expected)
{
    char out[64];
    size_t code_points;
    assert_int_equal(clean(text, length, out, &code_points), expected);
    assert_int_equal(text_is_utf8((struct span){text, length}), expected != TEXT_NOT_UTF8);
    assert_true(expected == TEXT_NOT_UTF8 || text_has_control((struct span){text, length}) == (expected == TEXT_CONTROL));
}

static void test_controls_are_refused(void **state)
{
    (void)state;
    for (int byte = 0; byte < 0x20; byte++)
        if (byte != '\t' && byte != '\n' && byte != '\r')
            assert_verdict((char[]){'a', (char)byte}, 2, TEXT_CONTROL);
    assert_verdict("\x7f", 1, TEXT_FINE);
}

static void test_what_is_not_utf8_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        const char *why;
    } broken[] = {
        {"\x80", "a continuation alone"},      {"\xc3", "cut short"},
        {"\xe2\x82", "cut short"},             {"\xf0\x9f\x98", "cut short"},
        {"\xc0\xaf", "overlong"},              {"\xc1\xbf", "overlong"},
        {"\xe0\x9f\xbf", "overlong"},          {"\xf0\x8f\xbf\xbf", "overlong"},
        {"\xed\xa0\x80", "half a surrogate"},  {"\xed\xbf\xbf", "half a surrogate"},
        {"\xf4\x90\x80\x80", "too far"},       {"\xf5\x80\x80\x80", "too far"},
        {"\xff", "never"},                     {"\xc3(", "no continuation"},
        {"\xe2\x28\xa1", "no continuation"},   {"\xe2\x82\x28", "no continuation"},
    };
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++)
        assert_verdict(broken[i].bytes, strlen(broken[i].bytes), TEXT_NOT_UTF8);
}

static void test_the_ends_of_each_range_are_fine(void **state)
{
    (void)state;
    assert_clean("\xc2\x80\xdf\xbf\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80\xef\xbf\xbf\xf0\x90\x80\x80\xf4\x8f\xbf\xbf",
                 "\xc2\x80\xdf\xbf\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80\xef\xbf\xbf\xf0\x90\x80\x80\xf4\x8f\xbf\xbf", 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_code_points_are_counted),      cmocka_unit_test(test_line_ends_become_newlines),
        cmocka_unit_test(test_controls_are_refused),         cmocka_unit_test(test_what_is_not_utf8_is_refused),
        cmocka_unit_test(test_the_ends_of_each_range_are_fine),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
