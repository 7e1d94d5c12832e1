#include "db/conn.h"
#include "db/outcome.h"

#include <string.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void assert_outcome(const char *sqlstate, const char *message, const char *detail, const char *hint, int status, const char *holds)
{
    struct outcome outcome;
    struct conn_error error = {.message = message, .detail = detail, .hint = hint};
    strcpy(error.sqlstate, sqlstate);
    outcome_init(&outcome);
    outcome_of_error(&outcome, &error, "test");
    assert_int_equal(outcome.status, status);
    if (!strstr(buf_text(&outcome.body), holds))
        fail_msg("no %s in %s", holds, buf_text(&outcome.body));
    outcome_free(&outcome);
}

static void test_a_refusal_says_itself_what_it_is(void **state)
{
    (void)state;
    assert_outcome("CH403", "Not in it.", "not_a_member", "", 403, "{\"status\":403,\"code\":\"not_a_member\",\"title\":\"Not in it.\",\"detail\":");
    assert_outcome("CH429", "Slow.", "slow_down", "{\"retry_after\":3}", 429, "\"retry_after\":3}");
    assert_outcome("CH200", "Odd.", "odd", "", 500, "internal");
    assert_outcome("CH999", "Odd.", "odd", "", 500, "internal");
}

static void test_what_passes_is_unavailable(void **state)
{
    (void)state;
    const char *passing[] = {"57014", "55P03", "57P01", "57P03", "08006", "53100", "53300", "40001", "40P01", "25006"};
    for (size_t i = 0; i < sizeof passing / sizeof *passing; i++)
        assert_outcome(passing[i], "secret detail", "", "", 503, "\"code\":\"unavailable\"");
}

static void test_a_wrong_method_is_told_the_right_ones(void **state)
{
    struct outcome outcome;
    (void)state;
    outcome_init(&outcome);
    outcome_wrong_method(&outcome, "GET, HEAD");
    assert_int_equal(outcome.status, 405);
    assert_non_null(strstr(buf_text(&outcome.body), ",\"allow\":\"GET, HEAD\"}"));
    outcome_free(&outcome);
}

static void test_what_cannot_be_stored_is_invalid(void **state)
{
    (void)state;
    assert_outcome("22021", "bad byte", "", "", 422, "invalid");
    assert_outcome("22P05", "untranslatable", "", "", 422, "invalid");
    assert_outcome("22P02", "not a uuid", "", "", 422, "invalid");
}

static void test_all_else_is_internal_and_says_nothing(void **state)
{
    (void)state;
    struct outcome outcome;
    struct conn_error error = {.sqlstate = "42883", .message = "function api.secret does not exist", .detail = "", .hint = ""};
    outcome_init(&outcome);
    outcome_of_error(&outcome, &error, "test");
    assert_int_equal(outcome.status, 500);
    assert_null(strstr(buf_text(&outcome.body), "secret"));
    outcome_free(&outcome);
    assert_outcome("", "", "", "", 500, "internal");
    assert_outcome("22012", "division by zero", "", "", 500, "internal");
}

static void test_only_giving_way_is_worth_repeating(void **state)
{
    (void)state;
    assert_true(outcome_is_worth_repeating(&(struct conn_error){.sqlstate = "40001"}));
    assert_true(outcome_is_worth_repeating(&(struct conn_error){.sqlstate = "40P01"}));
    assert_false(outcome_is_worth_repeating(&(struct conn_error){.sqlstate = "57014"}));
}

static void test_a_member_is_added_in_front(void **state)
{
    (void)state;
    struct outcome outcome;
    outcome_init(&outcome);
    outcome_add_member(&outcome, "token", "t");
    assert_string_equal(buf_text(&outcome.body), "");
    buf_add_text(&outcome.body, "{\"user\" : 1}");
    outcome_add_member(&outcome, "token", "t\"");
    assert_string_equal(buf_text(&outcome.body), "{\"token\":\"t\\\"\",\"user\" : 1}");
    outcome_add_json(&outcome, "list", span_of("[2]"));
    assert_string_equal(buf_text(&outcome.body), "{\"list\":[2],\"token\":\"t\\\"\",\"user\" : 1}");
    outcome_free(&outcome);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_refusal_says_itself_what_it_is),     cmocka_unit_test(test_what_passes_is_unavailable),
        cmocka_unit_test(test_what_cannot_be_stored_is_invalid),     cmocka_unit_test(test_all_else_is_internal_and_says_nothing),
        cmocka_unit_test(test_only_giving_way_is_worth_repeating),   cmocka_unit_test(test_a_member_is_added_in_front),
        cmocka_unit_test(test_a_wrong_method_is_told_the_right_ones),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
