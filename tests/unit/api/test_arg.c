#include "api/arg.h"

#include <string.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static struct args args;

static int begin(void **state)
{
    (void)state;
    args_init(&args);
    return 0;
}

static int end(void **state)
{
    (void)state;
    args_free(&args);
    return 0;
}

#define ONE(...) ((const struct arg[]){{"x", __VA_ARGS__}, {.name = NULL}})

/* The object that one argument x becomes, from a body's value; NULL: a fault. */
static const char *from_body(const struct arg *list, const char *value)
{
    json_t *body = json_pack("{s:o}", "x", json_loads(value, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL));
    args_begin(&args);
    assert_non_null(body);
    args_take_body(&args, list, body);
    json_decref(body);
    return args_have_fault(&args) ? NULL : args_json(&args);
}

static const char *from_query(const struct arg *list, const char *query)
{
    args_begin(&args);
    args_take_query(&args, list, span_of(query));
    return args_have_fault(&args) ? NULL : args_json(&args);
}

#define assert_fault(expression) assert_null(expression)

static void test_text_is_cleaned_and_counted(void **state)
{
    (void)state;
    const struct arg *list = ONE(ARG_BODY, ARG_TEXT, true, 1, 3, NULL);
    assert_string_equal(from_body(list, "\"a\\r\\nb\""), "{\"x\":\"a\\nb\"}");
    assert_string_equal(from_body(list, "\"😀😀😀\""), "{\"x\":\"😀😀😀\"}");
    assert_fault(from_body(list, "\"abcd\""));
    assert_fault(from_body(list, "\"\""));
    assert_fault(from_body(list, "\"a\\u0000\""));
    assert_fault(from_body(list, "\"\\u0007\""));
    assert_fault(from_body(list, "5"));
    assert_fault(from_body(list, "[\"a\"]"));
    assert_fault(from_body(list, "null"));
    assert_string_equal(args_faults(&args), "{\"fields\":{\"x\":\"must be given\"}}");
    assert_string_equal(args_first_fault(&args), "X: must be given.");
}

static void test_a_name_may_be_longer_by_what_is_trimmed_but_hears_of_its_own_bound(void **state)
{
    (void)state;
    const struct arg *list = ONE(ARG_BODY, ARG_NAME, true, 1, 3, NULL);
    assert_string_equal(from_body(list, "\"  abc  \""), "{\"x\":\"  abc  \"}");
    assert_fault(from_body(list, "\"\""));
    assert_string_equal(args_first_fault(&args), "X: 1 to 3 characters.");
    assert_string_equal(from_body(ONE(ARG_BODY, ARG_NAME, false, 1, 3, NULL), "null"), "{\"x\":null}");
}

static void test_a_fault_names_its_argument_in_words(void **state)
{
    (void)state;
    static const struct arg list[] = {{"reply_to", ARG_BODY, ARG_ID, true, 0, 0, NULL}, {.name = NULL}};
    json_t *body = json_object();
    args_begin(&args);
    args_take_body(&args, list, body);
    json_decref(body);
    assert_string_equal(args_first_fault(&args), "Reply to: must be given.");
    assert_string_equal(args_faults(&args), "{\"fields\":{\"reply_to\":\"must be given\"}}");
}

static void test_null_stays_null_where_nothing_is_required(void **state)
{
    (void)state;
    assert_string_equal(from_body(ONE(ARG_BODY, ARG_TEXT, false, 1, 3, NULL), "null"), "{\"x\":null}");
    args_begin(&args);
    args_take_body(&args, ONE(ARG_BODY, ARG_TEXT, false, 1, 3, NULL), NULL);
    assert_string_equal(args_json(&args), "{}");
}

static void test_numbers_and_ids_keep_their_bounds(void **state)
{
    (void)state;
    const struct arg *id = ONE(ARG_BODY, ARG_ID, true, 0, 0, NULL), *number = ONE(ARG_BODY, ARG_NUMBER, true, 0, 9, NULL);
    assert_string_equal(from_body(id, "9007199254740991"), "{\"x\":9007199254740991}");
    const char *no_ids[] = {"0", "-1", "9007199254740992", "1.0", "\"1\"", "true", "{}"};
    for (size_t i = 0; i < sizeof no_ids / sizeof *no_ids; i++)
        assert_fault(from_body(id, no_ids[i]));
    assert_string_equal(from_body(number, "0"), "{\"x\":0}");
    assert_fault(from_body(number, "10"));
    assert_fault(from_body(number, "-1"));
}

static void test_a_limit_over_the_most_counts_as_the_most(void **state)
{
    (void)state;
    const struct arg *list = ONE(ARG_QUERY, ARG_LIMIT, false, 1, 200, NULL);
    assert_string_equal(from_query(list, "x=7"), "{\"x\":7}");
    assert_string_equal(from_query(list, "x=201"), "{\"x\":200}");
    assert_string_equal(from_query(list, "x=99999999999999999999999"), "{\"x\":200}");
    assert_string_equal(from_query(list, "y=1"), "{}");
    const char *bad[] = {"x=0", "x=-1", "x=", "x=a", "x=1.5", "x=%zz", "x=1%00", "x=-99999999999999999999999"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_fault(from_query(list, bad[i]));
}

static void test_queries_are_decoded(void **state)
{
    (void)state;
    assert_string_equal(from_query(ONE(ARG_QUERY, ARG_TEXT, false, 0, 10, NULL), "a=1&x=a+%22%F0%9F%98%80"), "{\"x\":\"a \\\"😀\"}");
    assert_fault(from_query(ONE(ARG_QUERY, ARG_TEXT, false, 0, 10, NULL), "x=%ff"));
    assert_fault(from_query(ONE(ARG_QUERY, ARG_TEXT, false, 0, 10, NULL), "x=%00"));
    assert_fault(from_query(ONE(ARG_QUERY, ARG_TEXT, true, 0, 10, NULL), ""));
    assert_string_equal(from_query(ONE(ARG_QUERY, ARG_FLAG, false, 0, 0, NULL), "x=1"), "{\"x\":true}");
    assert_string_equal(from_query(ONE(ARG_QUERY, ARG_FLAG, false, 0, 0, NULL), "x=false"), "{\"x\":false}");
    assert_fault(from_query(ONE(ARG_QUERY, ARG_FLAG, false, 0, 0, NULL), "x=yes"));
}

static void test_forms(void **state)
{
    (void)state;
    assert_non_null(from_body(ONE(ARG_BODY, ARG_UUID, true, 0, 0, NULL), "\"8e4392bf-c1f4-490d-bf9d-196dbc3f18bd\""));
    assert_fault(from_body(ONE(ARG_BODY, ARG_UUID, true, 0, 0, NULL), "\"8e4392bf\""));
    assert_non_null(from_body(ONE(ARG_BODY, ARG_TIME, true, 0, 0, NULL), "\"2030-01-31T12:00:00Z\""));
    assert_fault(from_body(ONE(ARG_BODY, ARG_TIME, true, 0, 0, NULL), "\"tomorrow\""));
    assert_non_null(from_body(ONE(ARG_BODY, ARG_NETWORK, true, 0, 0, NULL), "\"10.0.0.0/8\""));
    assert_fault(from_body(ONE(ARG_BODY, ARG_NETWORK, true, 0, 0, NULL), "\"10.0.0.0/99\""));
    assert_non_null(from_body(ONE(ARG_BODY, ARG_CHOICE, true, 0, 0, "all|none"), "\"none\""));
    assert_fault(from_body(ONE(ARG_BODY, ARG_CHOICE, true, 0, 0, "all|none"), "\"all|none\""));
    assert_fault(from_body(ONE(ARG_BODY, ARG_CHOICE, true, 0, 0, "all|none"), "\"\""));
    assert_fault(from_body(ONE(ARG_BODY, ARG_CHOICE, true, 0, 0, "all|none"), "1"));
    assert_string_equal(from_body(ONE(ARG_BODY, ARG_FLAG, true, 0, 0, NULL), "true"), "{\"x\":true}");
    assert_fault(from_body(ONE(ARG_BODY, ARG_FLAG, true, 0, 0, NULL), "1"));
}

static void test_lists_of_ids(void **state)
{
    (void)state;
    const struct arg *list = ONE(ARG_BODY, ARG_IDS, false, 0, 2, NULL);
    assert_string_equal(from_body(list, "[]"), "{\"x\":[]}");
    assert_string_equal(from_body(list, "[1, 2]"), "{\"x\":[1,2]}");
    assert_fault(from_body(list, "[1,2,3]"));
    assert_fault(from_body(list, "[1,\"2\"]"));
    assert_fault(from_body(list, "[0]"));
    assert_fault(from_body(list, "[9007199254740992]"));
    assert_fault(from_body(list, "{}"));
    assert_fault(from_body(list, "7"));
}

static void test_objects_are_bounded_and_hold_no_nul(void **state)
{
    (void)state;
    const struct arg *list = ONE(ARG_BODY, ARG_OBJECT, false, 0, 20, NULL);
    assert_string_equal(from_body(list, "{\"a\": [1, \"b\"]}"), "{\"x\":{\"a\":[1,\"b\"]}}");
    assert_fault(from_body(list, "{\"a\":\"\\u0000\"}"));
    assert_fault(from_body(list, "{\"a\":[{\"b\":[\"\\u0000\"]}]}"));
    assert_fault(from_body(list, "{\"a\":\"0123456789012345\"}"));
    assert_fault(from_body(list, "[]"));
}

static void test_secrets_are_no_arguments(void **state)
{
    (void)state;
    assert_string_equal(from_body(ONE(ARG_BODY, ARG_SECRET, true, 1, 9, NULL), "\"hush\""), "{}");
    assert_string_equal(args_secret(&args, "x"), "hush");
    assert_null(args_secret(&args, "y"));
    const char *where = args.secrets[0].text.bytes;
    args_begin(&args);
    assert_null(args_secret(&args, "x"));
    assert_memory_equal(where, "\0\0\0\0", 4);
}

static void test_every_fault_is_found(void **state)
{
    (void)state;
    const struct arg list[] = {{"a", ARG_BODY, ARG_TEXT, true, 1, 2, NULL}, {"b", ARG_BODY, ARG_ID, false, 0, 0, NULL}, {.name = NULL}};
    json_t *body = json_pack("{s:s}", "b", "no");
    args_begin(&args);
    args_take_body(&args, list, body);
    json_decref(body);
    assert_string_equal(args_faults(&args), "{\"fields\":{\"a\":\"must be given\",\"b\":\"must be a whole number\"}}");
}

static bool take_path(const char *pattern, const char *path)
{
    struct path_parts parts;
    assert_true(path_match(pattern, span_of(path), &parts));
    args_begin(&args);
    return args_take_path(&args, &parts);
}

static void test_parts_of_the_path(void **state)
{
    (void)state;
    assert_true(take_path("/{room}/{emoji:value}", "/12/%F0%9F%91%8D+"));
    assert_string_equal(args_json(&args), "{\"room\":12,\"emoji\":\"👍+\"}");
    const char *no_ids[] = {"/0", "/-1", "/01", "/1e3", "/9007199254740992", "/x", "/%31"};
    for (size_t i = 0; i < sizeof no_ids / sizeof *no_ids; i++)
        assert_false(take_path("/{room}", no_ids[i]));
    const char *no_texts[] = {"/%", "/%00", "/%ff", "/%0", "/%01"};
    for (size_t i = 0; i < sizeof no_texts / sizeof *no_texts; i++)
        assert_false(take_path("/{invite:text}", no_texts[i]));
    for (size_t i = 0; i < sizeof no_texts / sizeof *no_texts; i++) {
        assert_true(take_path("/{emoji:value}", no_texts[i]));
        assert_string_equal(args_first_fault(&args), "Emoji: not valid UTF-8 without control characters.");
    }
    char long_path[400] = "/";
    memset(long_path + 1, 'a', sizeof long_path - 2);
    assert_false(take_path("/{invite:text}", long_path));
}

static void test_members_can_be_added_after_looking(void **state)
{
    (void)state;
    args_begin(&args);
    args_add_int(&args, "a", 1);
    assert_string_equal(args_json(&args), "{\"a\":1}");
    args_add_text(&args, "b", span_of("x"));
    assert_string_equal(args_json(&args), "{\"a\":1,\"b\":\"x\"}");
    assert_false(args_add_clean(&args, "c", span_of("\xff"), 10));
    assert_false(args_add_clean(&args, "c", span_of("too long"), 3));
    assert_string_equal(args_json(&args), "{\"a\":1,\"b\":\"x\"}");
}

static void test_a_whole_body_is_taken_when_it_is_small_and_clean(void **state)
{
    (void)state;
    json_t *body = json_loads("{\"a\":1,\"b\":null,\"c\":{\"d\":\"é\"}}", 0, NULL);
    args_begin(&args);
    args_take_all(&args, body);
    assert_string_equal(args_json(&args), "{\"a\":1,\"b\":null,\"c\":{\"d\":\"é\"}}");
    json_decref(body);
    body = json_loads("{\"a\":\"\\u0000\"}", JSON_ALLOW_NUL, NULL);
    args_begin(&args);
    args_take_all(&args, body);
    assert_true(args_have_fault(&args));
    json_decref(body);
}

static void test_large_arguments_are_not_kept_in_memory(void **state)
{
    (void)state;
    static char text[100000];
    memset(text, 'a', sizeof text - 1);
    args_take_plain(&args, (const struct arg[]){{"text", ARG_BODY, ARG_TEXT, true, 1, sizeof text, NULL}, {.name = NULL}}, span_of(text));
    assert_true(args.json.capacity > BUF_KEPT_BYTES && args.scratch.capacity > BUF_KEPT_BYTES);
    args_begin(&args);
    assert_true(args.json.capacity <= BUF_KEPT_BYTES && args.scratch.capacity <= BUF_KEPT_BYTES);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_text_is_cleaned_and_counted), TEST(test_a_name_may_be_longer_by_what_is_trimmed_but_hears_of_its_own_bound),
        TEST(test_a_fault_names_its_argument_in_words),
        TEST(test_null_stays_null_where_nothing_is_required),
        TEST(test_numbers_and_ids_keep_their_bounds),  TEST(test_a_limit_over_the_most_counts_as_the_most),
        TEST(test_queries_are_decoded),                TEST(test_forms),
        TEST(test_lists_of_ids),                       TEST(test_objects_are_bounded_and_hold_no_nul),
        TEST(test_secrets_are_no_arguments),           TEST(test_every_fault_is_found),
        TEST(test_parts_of_the_path),                  TEST(test_members_can_be_added_after_looking),
        TEST(test_a_whole_body_is_taken_when_it_is_small_and_clean),
        TEST(test_large_arguments_are_not_kept_in_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
