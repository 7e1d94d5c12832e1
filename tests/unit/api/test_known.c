#include "api/known.h"

#include <stdio.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char ana[] = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
static const char bo[] = "0000000000000000414140de5dae2223b00361a396177a9cb410ff61f20015ad";

static int set_up(void **state)
{
    *state = known_new();
    return 0;
}

static int tear_down(void **state)
{
    known_free(*state);
    return 0;
}

static void test_nobody_is_known_at_first(void **state)
{
    assert_int_equal(known_find(*state, ana, 1).id, 0);
    assert_int_equal(known_find(*state, bo, 1).id, 0);
    assert_int_equal(known_find(*state, "", 1).id, 0);
}

static void test_whoever_was_noted_is_known_for_an_hour(void **state)
{
    known_note(*state, ana, (struct known_person){7, false}, 1000);
    known_note(*state, bo, (struct known_person){8, false}, 2000);
    assert_int_equal(known_find(*state, ana, 3600999).id, 7);
    assert_int_equal(known_find(*state, ana, 3601000).id, 0);
    assert_int_equal(known_find(*state, bo, 3601000).id, 8);
    known_note(*state, ana, (struct known_person){7, false}, 3601000);
    assert_int_equal(known_find(*state, ana, 7200999).id, 7);
}

static void test_a_flood_of_sessions_pushes_out_the_oldest_and_confuses_nobody(void **state)
{
    char session[65];
    for (int64_t i = 1; i <= 300000; i++) {
        snprintf(session, sizeof session, "%016llx%048d", (unsigned long long)i * 0x9e3779b97f4a7c15u, 0);
        known_note(*state, session, (struct known_person){i, i % 2}, i);
        assert_int_equal(known_find(*state, session, i).id, i);
        assert_int_equal(known_find(*state, session, i).is_guest, i % 2);
    }
    known_note(*state, ana, (struct known_person){7, false}, 300001);
    assert_int_equal(known_find(*state, ana, 300001).id, 7);
}

static void test_whoever_signs_in_is_told_from_a_guest(void **state)
{
    (void)state;
    struct known_person guest = known_of_sign_in(span_of("{\"user\" : {\"id\" : 8, \"name\" : \"bo\", \"role\" : \"guest\"}}"));
    struct known_person member = known_of_sign_in(span_of("{\"user\" : {\"id\" : 7, \"name\" : \"guest\", \"role\" : \"member\"}}"));
    assert_int_equal(guest.id, 8);
    assert_true(guest.is_guest);
    assert_int_equal(member.id, 7);
    assert_false(member.is_guest);
}

static void test_what_is_no_sign_in_is_of_nobody(void **state)
{
    (void)state;
    assert_int_equal(known_of_sign_in(span_of("")).id, 0);
    assert_int_equal(known_of_sign_in(span_of("{\"user\":null}")).id, 0);
    assert_int_equal(known_of_sign_in(span_of("{\"user\":{\"id\":\"7\"}}")).id, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_nobody_is_known_at_first),
        TEST(test_whoever_was_noted_is_known_for_an_hour),
        TEST(test_whoever_signs_in_is_told_from_a_guest),
        TEST(test_what_is_no_sign_in_is_of_nobody),
        TEST(test_a_flood_of_sessions_pushes_out_the_oldest_and_confuses_nobody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
