#include "wire/problem.h"
#include "wire/quote.h"

#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define DETAIL "A rule refuses this: `code` names it."

static void assert_problem(const char *code, const char *title, const char *more, const char *expected)
{
    struct buf out;
    json_error_t error;
    buf_init(&out, 0);
    problem_add(&out, 403, code, title, more);
    assert_string_equal(buf_text(&out), expected);
    json_t *parsed = json_loads(buf_text(&out), 0, &error);
    assert_non_null(parsed);
    json_decref(parsed);
    buf_free(&out);
}

static void test_members_are_merged(void **state)
{
    (void)state;
    assert_problem("banned", "No.", "", "{\"status\":403,\"code\":\"banned\",\"title\":\"No.\",\"detail\":\"" DETAIL "\"}");
    assert_problem("banned", "No.", "{}", "{\"status\":403,\"code\":\"banned\",\"title\":\"No.\",\"detail\":\"" DETAIL "\"}");
    assert_problem("banned", "No.", "{\"until\":null}", "{\"status\":403,\"code\":\"banned\",\"title\":\"No.\",\"detail\":\"" DETAIL "\",\"until\":null}");
}

static void test_what_passes_says_when_to_try_again(void **state)
{
    struct buf out = {0};
    (void)state;
    problem_add(&out, 503, "unavailable", "Later.", "");
    assert_non_null(strstr(buf_text(&out), ",\"retry_after\":2}"));
    buf_clear(&out);
    problem_add(&out, 503, "unavailable", "Later.", "{\"retry_after\":9}");
    assert_non_null(strstr(buf_text(&out), ",\"retry_after\":9}"));
    buf_free(&out);
}

static void test_every_byte_of_a_text_survives_quoting(void **state)
{
    (void)state;
    char all[127 + 1] = {0};
    struct buf out;
    for (int byte = 1; byte <= 127; byte++)
        all[byte - 1] = (char)byte;
    buf_init(&out, 0);
    quote_add(&out, span_of(all));
    json_t *parsed = json_loadb(out.bytes, out.length, JSON_DECODE_ANY, NULL);
    assert_string_equal(json_string_value(parsed), all);
    json_decref(parsed);
    buf_free(&out);
}

static void test_members_stand_behind_each_other_in_objects_within_objects(void **state)
{
    (void)state;
    struct buf out;
    buf_init(&out, 0);
    buf_add_byte(&out, '{');
    quote_add_member(&out, span_of("a"), span_of("{"));
    quote_add_name(&out, span_of("b"));
    buf_add_byte(&out, '{');
    quote_add_member(&out, span_of("c"), span_of(""));
    quote_add_member(&out, span_of("d"), span_of("\""));
    buf_add_text(&out, "}}");
    assert_string_equal(buf_text(&out), "{\"a\":\"{\",\"b\":{\"c\":\"\",\"d\":\"\\\"\"}}");
    buf_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_members_are_merged),
        cmocka_unit_test(test_what_passes_says_when_to_try_again),
        cmocka_unit_test(test_every_byte_of_a_text_survives_quoting),
        cmocka_unit_test(test_members_stand_behind_each_other_in_objects_within_objects),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
