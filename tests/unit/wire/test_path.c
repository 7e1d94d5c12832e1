#include "wire/path.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void test_parts_are_given_by_name(void **state)
{
    (void)state;
    struct path_parts parts;
    assert_true(path_match("/api/rooms/{room}/members/{user}", span_of("/api/rooms/12/members/%20"), &parts));
    assert_int_equal(parts.count, 2);
    assert_true(span_is(parts.names[0], "room") && span_is(parts.values[0], "12"));
    assert_true(span_is(parts.names[1], "user") && span_is(parts.values[1], "%20"));
    assert_true(path_match("/api/me", span_of("/api/me"), &parts));
    assert_int_equal(parts.count, 0);
}

static void test_only_the_whole_path_matches(void **state)
{
    (void)state;
    const char *others[] = {"", "/", "/api/rooms", "/api/rooms/", "/api/rooms/1/", "/api/rooms/1/x", "/api/room/1", "/api/rooms//", "//api/rooms/1"};
    struct path_parts parts;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        assert_false(path_match("/api/rooms/{room}", span_of(others[i]), &parts));
    assert_false(path_match("/api/{a}/{b}/{c}/{d}", span_of("/api/1/2/3/4"), &parts));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parts_are_given_by_name),
        cmocka_unit_test(test_only_the_whole_path_matches),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
