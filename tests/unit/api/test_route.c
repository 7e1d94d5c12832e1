#include "api/route.h"

#include <ctype.h>
#include <string.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* The steps belong to the program around the table; here they only have to exist. */
#include "api/step.h"
bool step_name_post(struct exchange *e) { return e; }
bool step_hash_password(struct exchange *e) { return e; }
bool step_verify_sign_in(struct exchange *e) { return e; }
bool step_change_password(struct exchange *e) { return e; }
bool step_check_rule(struct exchange *e) { return e; }
bool step_ask_guard(struct exchange *e) { return e; }
bool step_add_state(struct exchange *e) { return e; }
bool step_metrics(struct exchange *e) { return e; }
bool step_add_version(struct exchange *e) { return e; }
bool step_add_health(struct exchange *e) { return e; }

static void test_every_method_of_a_path_stands_once(void **state)
{
    (void)state;
    for (size_t i = 0; i < routes_count; i++)
        for (size_t j = i + 1; j < routes_count; j++)
            if (routes[i].method == routes[j].method && strcmp(routes[i].pattern, routes[j].pattern) == 0)
                fail_msg("twice: %s %s", method_name(routes[i].method), routes[i].pattern);
}

static void test_reads_are_gets_and_writes_are_not(void **state)
{
    (void)state;
    for (size_t i = 0; i < routes_count; i++) {
        bool is_get = routes[i].method == METHOD_GET;
        bool writes = routes[i].way == ROUTE_COMMIT || routes[i].way == ROUTE_COMMIT_ONCE || routes[i].way == ROUTE_RELAXED;
        bool is_question = strcmp(routes[i].pattern, "/api/rules/try") == 0;
        if (!is_question && is_get == writes)
            fail_msg("%s %s", method_name(routes[i].method), routes[i].pattern);
    }
}

static void test_what_may_not_be_repeated_is_a_post(void **state)
{
    (void)state;
    for (size_t i = 0; i < routes_count; i++)
        if (routes[i].way == ROUTE_COMMIT_ONCE)
            assert_int_equal(routes[i].method, METHOD_POST);
}

static void test_functions_are_names_that_need_no_quotes(void **state)
{
    (void)state;
    for (size_t i = 0; i < routes_count; i++) {
        assert_int_equal(routes[i].function == NULL, routes[i].way == ROUTE_OWN);
        for (const char *at = routes[i].function; at && *at; at++)
            assert_true(islower((unsigned char)*at) || *at == '_');
    }
}

static void test_every_write_has_a_rate(void **state)
{
    (void)state;
    for (size_t i = 0; i < routes_count; i++)
        if (routes[i].method != METHOD_GET)
            assert_int_not_equal(routes[i].limit, LIMIT_NONE);
}

static void test_whoever_draws_a_token_may_be_repeated(void **state)
{
    (void)state;
    for (size_t i = 0; i < routes_count; i++)
        if (routes[i].flags & (ROUTE_SIGNS_IN | ROUTE_DRAWS_TOKEN))
            assert_int_equal(routes[i].way, ROUTE_COMMIT);
}

static void check_list(const struct route *route)
{
    for (const struct arg *arg = route->args; arg && arg->name; arg++) {
        assert_int_equal(arg->kind == ARG_CHOICE, arg->choices != NULL);
        assert_true(arg->least <= arg->most);
        assert_false(route->method == METHOD_GET && arg->source == ARG_BODY);
        assert_false(arg->source == ARG_QUERY && (arg->kind == ARG_IDS || arg->kind == ARG_OBJECT || arg->kind == ARG_SECRET));
        for (const struct arg *other = arg + 1; other->name; other++)
            assert_string_not_equal(arg->name, other->name);
    }
}

static void test_argument_lists_make_sense(void **state)
{
    (void)state;
    for (size_t i = 0; i < routes_count; i++)
        check_list(&routes[i]);
}

static void test_finds_the_route_and_its_parts(void **state)
{
    (void)state;
    struct path_parts parts;
    char allow[ROUTE_ALLOW_SIZE];
    const struct route *route = route_find(METHOD_PUT, span_of("/api/messages/7/reactions/%F0%9F%91%8D"), &parts, allow);
    assert_non_null(route);
    assert_string_equal(route->function, "add_reaction");
    assert_int_equal(parts.count, 2);
    assert_string_equal(route_find(METHOD_POST, span_of("/api/rules/try"), &parts, allow)->function, "try_rule");
}

static void test_an_unknown_method_is_told_what_is_known(void **state)
{
    (void)state;
    struct path_parts parts;
    char allow[ROUTE_ALLOW_SIZE];
    assert_null(route_find(METHOD_PUT, span_of("/api/me"), &parts, allow));
    assert_string_equal(allow, "GET, HEAD, PATCH, DELETE");
    assert_null(route_find(METHOD_OTHER, span_of("/api/hello"), &parts, allow));
    assert_string_equal(allow, "GET, HEAD");
    assert_null(route_find(METHOD_DELETE, span_of("/api/rules/try"), &parts, allow));
    assert_string_equal(allow, "POST");
    assert_null(route_find(METHOD_GET, span_of("/api/nothing"), &parts, allow));
    assert_string_equal(allow, "");
}

static void test_the_list_of_methods_fits_for_every_path(void **state)
{
    (void)state;
    struct path_parts parts;
    char allow[ROUTE_ALLOW_SIZE];
    for (size_t i = 0; i < routes_count; i++) {
        assert_null(route_find(METHOD_OTHER, span_of(routes[i].pattern), &parts, allow));
        assert_non_null(strstr(allow, method_name(routes[i].method)));
        assert_true(strlen(allow) < ROUTE_ALLOW_SIZE - 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_method_of_a_path_stands_once),    cmocka_unit_test(test_reads_are_gets_and_writes_are_not),
        cmocka_unit_test(test_what_may_not_be_repeated_is_a_post),    cmocka_unit_test(test_functions_are_names_that_need_no_quotes),
        cmocka_unit_test(test_every_write_has_a_rate),                cmocka_unit_test(test_whoever_draws_a_token_may_be_repeated),
        cmocka_unit_test(test_argument_lists_make_sense),             cmocka_unit_test(test_finds_the_route_and_its_parts),
        cmocka_unit_test(test_an_unknown_method_is_told_what_is_known), cmocka_unit_test(test_the_list_of_methods_fits_for_every_path),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
