#include "api/limit.h"

#include <stdio.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static int take(struct limits *limits, const char *who, int64_t now_ms)
{
    return limits_take(limits, LIMIT_POST, span_of(who), now_ms);
}

static void test_a_burst_passes_and_the_next_is_told_when_to_come_back(void **state)
{
    (void)state;
    struct limits *limits = limits_new();
    limits_set_posts(limits, 5, 100);
    for (int i = 0; i < 5; i++)
        assert_int_equal(take(limits, "ana", 1000), 0);
    assert_in_range(take(limits, "ana", 1000), 12, 13);
    assert_in_range(take(limits, "ana", 12000), 1, 2);
    assert_int_equal(take(limits, "ana", 13001), 0);
    assert_in_range(take(limits, "ana", 13001), 12, 13);
    limits_free(limits);
}

static void test_from_one_address_comes_as_much_as_from_so_many_people(void **state)
{
    (void)state;
    struct limits *limits = limits_new();
    limits_set_posts(limits, 2, 3);
    for (int i = 0; i < 6; i++)
        assert_int_equal(limits_take(limits, LIMIT_POST_OF_ADDRESS, span_of("here"), 1000), 0);
    assert_in_range(limits_take(limits, LIMIT_POST_OF_ADDRESS, span_of("here"), 1000), 10, 11);
    assert_int_equal(limits_take(limits, LIMIT_POST_OF_ADDRESS, span_of("there"), 1000), 0);
    limits_set_posts(limits, 2, 0);
    assert_int_equal(limits_take(limits, LIMIT_POST_OF_ADDRESS, span_of("here"), 1000), 0);
    limits_free(limits);
}

static void test_one_is_not_slowed_by_another(void **state)
{
    (void)state;
    struct limits *limits = limits_new();
    limits_set_posts(limits, 1, 100);
    assert_int_equal(take(limits, "ana", 0), 0);
    assert_int_not_equal(take(limits, "ana", 0), 0);
    assert_int_equal(take(limits, "bo", 0), 0);
    assert_int_equal(limits_take(limits, LIMIT_WRITE, span_of("ana"), 0), 0);
    limits_free(limits);
}

static void test_what_people_do_of_one_kind_takes_nothing_of_another(void **state)
{
    (void)state;
    struct limits *limits = limits_new();
    char who[20];
    limits_set_posts(limits, 1, 100);
    for (int class = LIMIT_READ; class < LIMIT_CLASSES; class++)
        for (int person = 1; person < 100; person++) {
            snprintf(who, sizeof who, "%d", person);
            assert_int_equal(limits_take(limits, (enum limit_class)class, span_of(who), 1), 0);
        }
    for (int person = 1; person < 100; person++) {
        snprintf(who, sizeof who, "%d", person);
        assert_int_not_equal(take(limits, who, 1), 0);
        assert_int_equal(limits_take(limits, LIMIT_WRITE, span_of(who), 1), 0);
    }
    limits_free(limits);
}

static void test_a_long_rest_gives_one_burst_and_no_more(void **state)
{
    (void)state;
    struct limits *limits = limits_new();
    limits_set_posts(limits, 2, 100);
    take(limits, "ana", 0);
    int64_t a_year = INT64_C(365) * 24 * 3600 * 1000;
    assert_int_equal(take(limits, "ana", a_year), 0);
    assert_int_equal(take(limits, "ana", a_year), 0);
    assert_int_not_equal(take(limits, "ana", a_year), 0);
    limits_free(limits);
}

static void test_a_clock_that_stands_still_or_steps_back_gives_nothing(void **state)
{
    (void)state;
    struct limits *limits = limits_new();
    limits_set_posts(limits, 1, 100);
    assert_int_equal(take(limits, "ana", 100000), 0);
    assert_int_not_equal(take(limits, "ana", 1), 0);
    limits_free(limits);
}

static void test_a_flood_of_names_does_not_grow_the_table(void **state)
{
    (void)state;
    struct limits *limits = limits_new();
    char name[20];
    limits_set_posts(limits, 1, 100);
    for (int i = 0; i < 300000; i++) {
        snprintf(name, sizeof name, "n%d", i);
        assert_int_equal(take(limits, name, i), 0);
    }
    limits_free(limits);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_burst_passes_and_the_next_is_told_when_to_come_back),
        cmocka_unit_test(test_from_one_address_comes_as_much_as_from_so_many_people),
        cmocka_unit_test(test_one_is_not_slowed_by_another),
        cmocka_unit_test(test_what_people_do_of_one_kind_takes_nothing_of_another),
        cmocka_unit_test(test_a_long_rest_gives_one_burst_and_no_more),
        cmocka_unit_test(test_a_clock_that_stands_still_or_steps_back_gives_nothing),
        cmocka_unit_test(test_a_flood_of_names_does_not_grow_the_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
