#include "wire/envelope.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static struct envelope read_text(const char *text)
{
    struct envelope envelope;
    assert_true(envelope_read(&envelope, span_of(text)));
    return envelope;
}

static void assert_bad(const char *text)
{
    struct envelope envelope;
    if (envelope_read(&envelope, span_of(text)))
        fail_msg("taken for an object: %s", text);
}

static void test_each_value_is_given_as_it_stands_there(void **state)
{
    struct envelope said = read_text(" { \"ref\" : \"a\\\"}\" , \"more\":[1,{\"ref\":2}], \"method\":\"POST\",\"path\":\"/x\",\n\"body\":{\"t\": \"]}\", \"n\":[1e9, 2]} } ");
    (void)state;
    assert_true(span_is(said.ref, "\"a\\\"}\""));
    assert_true(span_is(said.method, "\"POST\""));
    assert_true(span_is(said.path, "\"/x\""));
    assert_true(span_is(said.body, "{\"t\": \"]}\", \"n\":[1e9, 2]}"));
}

static void test_what_is_not_there_is_empty_and_the_last_of_two_counts(void **state)
{
    struct envelope said = read_text("{\"ref\":1,\"ref\":-2.5e+7,\"r\\u0065f\":3}");
    (void)state;
    assert_true(span_is(said.ref, "3"));
    assert_int_equal(said.method.length + said.path.length + said.body.length, 0);
    assert_int_equal(read_text("{}").ref.length, 0);
}

static void test_a_value_is_not_judged(void **state)
{
    (void)state;
    assert_true(span_is(read_text("{\"body\":{\"text\":hi}}").body, "{\"text\":hi}"));
    assert_true(span_is(read_text("{\"body\":\"\\ud800\"}").body, "\"\\ud800\""));
    assert_true(span_is(read_text("{\"body\":[}}").body, "[}"));
}

static void test_what_is_no_object_is_bad(void **state)
{
    static const char *const texts[] = {
        "", " ", "no", "7", "[]", "\"x\"", "{", "}", "{}{}", "{} x", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{,}", "{a:1}", "{\"a\" 1}", "{\"a\":1 \"b\":2}",
        "{\"a\":\"x}", "{\"a\":\"x\\\"}", "{\"a\":\"\\", "{\"a\":[1}", "{\"a\":@}", "{\"a\":{\"b\":\"}", "{\"a",
    };
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        assert_bad(texts[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_value_is_given_as_it_stands_there),
        cmocka_unit_test(test_what_is_not_there_is_empty_and_the_last_of_two_counts),
        cmocka_unit_test(test_a_value_is_not_judged),
        cmocka_unit_test(test_what_is_no_object_is_bad),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
