#include "base/config.h"

#include <string.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char *text;
static long number, level;
static bool is_on;

static const struct config_item items[] = {
    {"T_TEXT", CONFIG_TEXT, &text, NULL, 1, 5, "a text"},
    {"T_NUMBER", CONFIG_NUMBER, &number, "7", 1, 10, "a number"},
    {"T_SWITCH", CONFIG_SWITCH, &is_on, "on", 0, 0, "a switch"},
    {"T_LEVEL", CONFIG_CHOICE, &level, "info", 0, 0, "debug|info|warn"},
};

static const char *values[4];

static char *lookup(const char *name)
{
    for (int i = 0; i < 4; i++)
        if (strcmp(items[i].name, name) == 0)
            return (char *)(uintptr_t)values[i];
    fail_msg("asked for %s", name);
    return NULL;
}

static bool read_all(const char *a, const char *b, const char *c, const char *d, struct buf *mistakes)
{
    values[0] = a, values[1] = b, values[2] = c, values[3] = d;
    buf_clear(mistakes);
    return config_read(items, 4, lookup, mistakes);
}

static void test_defaults_are_taken_for_what_is_not_set(void **state)
{
    (void)state;
    struct buf mistakes;
    buf_init(&mistakes, 0);
    assert_true(read_all("abc", NULL, "", NULL, &mistakes));
    assert_string_equal(text, "abc");
    assert_int_equal(number, 7);
    assert_true(is_on);
    assert_int_equal(level, 1);
    assert_true(read_all("abcde", "10", "off", "warn", &mistakes));
    assert_int_equal(number, 10);
    assert_false(is_on);
    assert_int_equal(level, 2);
    buf_free(&mistakes);
}

static int count_lines(struct buf *mistakes)
{
    int lines = 0;
    for (const char *at = buf_text(mistakes); *at; at++)
        lines += *at == '\n';
    return lines;
}

static void test_all_mistakes_are_reported_at_once(void **state)
{
    (void)state;
    struct buf mistakes;
    buf_init(&mistakes, 0);
    assert_false(read_all(NULL, "11", "yes", "loud", &mistakes));
    assert_int_equal(count_lines(&mistakes), 4);
    assert_non_null(strstr(buf_text(&mistakes), "T_TEXT: must be set"));
    assert_false(read_all("toolong", "7x", "on", "debug|info", &mistakes));
    assert_int_equal(count_lines(&mistakes), 3);
    assert_false(read_all("a", "99999999999999999999", "on", "info", &mistakes));
    assert_int_equal(count_lines(&mistakes), 1);
    buf_free(&mistakes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_defaults_are_taken_for_what_is_not_set),
        cmocka_unit_test(test_all_mistakes_are_reported_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
