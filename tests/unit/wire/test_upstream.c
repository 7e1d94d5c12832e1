#include "wire/upstream.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const char reply_text[] = "Status: 201 Created\r\nContent-Type: application/json\r\n\r\n{\"a\":1}";

/* A whole answer: the output in two records, the second with padding, something on stderr between them, the end. */
static size_t make_answer(struct buf *out)
{
    unsigned char header[RECORD_HEADER_SIZE], end[RECORD_END_SIZE];
    size_t half = 20, rest = sizeof reply_text - 1 - half;
    record_header(header, RECORD_STDOUT, 1, half);
    buf_add(out, header, sizeof header);
    buf_add(out, reply_text, half);
    record_header(header, (enum record_type)7, 1, 3);
    buf_add(out, header, sizeof header);
    buf_add(out, "err", 3);
    record_header(header, RECORD_STDOUT, 1, rest);
    header[6] = 5;
    buf_add(out, header, sizeof header);
    buf_add(out, reply_text + half, rest);
    buf_add(out, "\0\0\0\0\0", 5);
    record_end(end, 1);
    buf_add(out, end, sizeof end);
    return out->length;
}

static void test_an_answer_is_put_together_whatever_the_pieces(void **state)
{
    struct buf bytes = {0};
    size_t length = make_answer(&bytes);
    (void)state;
    for (size_t piece = 1; piece <= length; piece++) {
        struct upstream_answer answer = {0};
        enum upstream_result result = UPSTREAM_MORE;
        for (size_t at = 0; at < length; at += piece) {
            assert_int_equal(result, UPSTREAM_MORE);
            result = upstream_answer_add(&answer, (struct span){bytes.bytes + at, length - at < piece ? length - at : piece});
        }
        assert_int_equal(result, UPSTREAM_DONE);
        assert_true(span_is(buf_span(&answer.output), reply_text));
        buf_free(&answer.output);
    }
    buf_free(&bytes);
}

static void test_what_is_no_answer_to_us_is_bad(void **state)
{
    static const unsigned char other_version[] = {2, 6, 0, 1, 0, 0, 0, 0}, other_request[] = {1, 6, 0, 2, 0, 0, 0, 0};
    struct upstream_answer answer = {0}, second = {0};
    (void)state;
    assert_int_equal(upstream_answer_add(&answer, (struct span){(const char *)other_version, 8}), UPSTREAM_BAD);
    assert_int_equal(upstream_answer_add(&second, (struct span){(const char *)other_request, 8}), UPSTREAM_BAD);
}

static void test_more_than_the_bound_is_bad(void **state)
{
    struct upstream_answer answer = {0};
    struct buf bytes = {0};
    (void)state;
    make_answer(&bytes);
    buf_init(&answer.output, 30);
    assert_int_equal(upstream_answer_add(&answer, buf_span(&bytes)), UPSTREAM_BAD);
    assert_true(answer.output.failed);
    buf_free(&answer.output);
    buf_free(&bytes);
}

static void test_a_request_is_begin_params_body(void **state)
{
    static const unsigned char begin[] = {1, 1, 0, 1, 0, 8, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0};
    static const unsigned char params[] = {1, 4, 0, 1, 0, 6, 0, 0, 1, 3, 'A', 'x', 'y', 'z', 1, 4, 0, 1, 0, 0, 0, 0};
    static const unsigned char body[] = {1, 5, 0, 1, 0, 2, 0, 0, '{', '}', 1, 5, 0, 1, 0, 0, 0, 0};
    const struct upstream_param one[] = {{"A", span_of("xyz")}};
    struct buf out = {0};
    (void)state;
    upstream_request(&out, one, 1, span_of("{}"));
    assert_int_equal(out.length, sizeof begin + sizeof params + sizeof body);
    assert_memory_equal(out.bytes, begin, sizeof begin);
    assert_memory_equal(out.bytes + sizeof begin, params, sizeof params);
    assert_memory_equal(out.bytes + sizeof begin + sizeof params, body, sizeof body);
    buf_free(&out);
}

static void test_a_long_value_has_a_long_length(void **state)
{
    static const unsigned char start[] = {1, 0x80, 0, 0, 200, 'A', 'x'};
    char value[201];
    struct upstream_param one = {"A", {value, 200}};
    struct buf out = {0};
    (void)state;
    memset(value, 'x', sizeof value);
    upstream_request(&out, &one, 1, (struct span){0});
    assert_memory_equal(out.bytes + 24, start, sizeof start);
    buf_free(&out);
}

static void test_a_reply_is_taken_apart(void **state)
{
    struct upstream_reply reply;
    (void)state;
    assert_true(upstream_reply_read(&reply, span_of(reply_text)));
    assert_int_equal(reply.status, 201);
    assert_true(reply.is_json);
    assert_true(span_is(reply.body, "{\"a\":1}"));
    assert_true(upstream_reply_read(&reply, span_of("Content-Type: text/plain\r\n\r\n")));
    assert_int_equal(reply.status, 200);
    assert_false(reply.is_json);
    assert_false(upstream_reply_read(&reply, span_of("Status: 201 Created\r\n")));
    assert_false(upstream_reply_read(&reply, span_of("Status: much\r\n\r\n")));
    assert_false(upstream_reply_read(&reply, span_of("Status: 99999\r\n\r\n")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_answer_is_put_together_whatever_the_pieces),
        cmocka_unit_test(test_what_is_no_answer_to_us_is_bad),
        cmocka_unit_test(test_more_than_the_bound_is_bad),
        cmocka_unit_test(test_a_request_is_begin_params_body),
        cmocka_unit_test(test_a_long_value_has_a_long_length),
        cmocka_unit_test(test_a_reply_is_taken_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
