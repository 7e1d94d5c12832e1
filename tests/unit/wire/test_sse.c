#include "wire/sse.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void expect_event(const char *id, const char *event, const char *data, const char *expected)
{
    struct buf out;
    buf_init(&out, 0);
    sse_event(&out, id, event, data, strlen(data));
    assert_string_equal(buf_text(&out), expected);
    buf_free(&out);
}

static void test_an_event_is_id_kind_and_data(void **state)
{
    (void)state;
    expect_event("7.a", "message.posted", "{}", "id: 7.a\nevent: message.posted\ndata: {}\n\n");
}

static void test_a_passing_event_has_no_id(void **state)
{
    (void)state;
    expect_event(NULL, "typing", "{}", "event: typing\ndata: {}\n\n");
}

static void test_each_line_of_data_stands_behind_its_own_field(void **state)
{
    (void)state;
    expect_event(NULL, "x", "{\n\"a\": 1\n}", "event: x\ndata: {\ndata: \"a\": 1\ndata: }\n\n");
    expect_event(NULL, "x", "", "event: x\ndata: \n\n");
    expect_event(NULL, "x", "\n", "event: x\ndata: \ndata: \n\n");
}

static void test_retry_is_a_block_of_its_own(void **state)
{
    struct buf out;
    (void)state;
    buf_init(&out, 0);
    sse_retry(&out, 2750);
    assert_string_equal(buf_text(&out), "retry: 2750\n\n");
    buf_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_event_is_id_kind_and_data),
        cmocka_unit_test(test_a_passing_event_has_no_id),
        cmocka_unit_test(test_each_line_of_data_stands_behind_its_own_field),
        cmocka_unit_test(test_retry_is_a_block_of_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
