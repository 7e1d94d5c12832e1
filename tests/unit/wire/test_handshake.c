#include "wire/handshake.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define LINE "GET /api/socket?since=12.ab HTTP/1.1\r\n"
#define NEEDED "Host: chat.example:8080\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n" \
               "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"

static enum handshake_result read_text(struct handshake *handshake, const char *text)
{
    return handshake_read(handshake, span_of(text));
}

static void test_what_it_asks_for_is_read(void **state)
{
    static const char text[] = LINE NEEDED "Origin: https://chat.example:8080\r\ncookie:parley=abc\r\nX-Real-IP: 192.0.2.7 \r\n"
                                           "X-Forwarded-Proto: https\r\nX-Unknown: a: b\r\n\r\nframes";
    struct handshake handshake;
    (void)state;
    assert_int_equal(read_text(&handshake, text), HANDSHAKE_DONE);
    assert_true(span_is(handshake.query, "since=12.ab"));
    assert_true(span_is(handshake.host, "chat.example:8080"));
    assert_true(span_is(handshake.cookie, "parley=abc"));
    assert_true(span_is(handshake.address, "192.0.2.7"));
    assert_true(span_is(handshake.scheme, "https"));
    assert_true(span_is(handshake.authorization, ""));
    assert_string_equal(text + handshake.length, "frames");
}

static void test_every_head_that_is_cut_short_wants_more(void **state)
{
    static const char text[] = LINE NEEDED "\r\n";
    struct handshake handshake;
    (void)state;
    for (size_t length = 0; length < sizeof text - 1; length++)
        assert_int_equal(handshake_read(&handshake, (struct span){text, length}), HANDSHAKE_MORE);
    assert_int_equal(read_text(&handshake, text), HANDSHAKE_DONE);
}

static void test_a_head_over_the_bound_is_none(void **state)
{
    static char text[HANDSHAKE_HEAD_MAX];
    struct handshake handshake;
    (void)state;
    memset(text, 'a', sizeof text);
    assert_int_equal(handshake_read(&handshake, (struct span){text, sizeof text}), HANDSHAKE_BAD);
}

static void test_what_is_no_handshake_says_why(void **state)
{
    static const struct {
        const char *text;
        enum handshake_result result;
    } cases[] = {
        {"POST /api/socket HTTP/1.1\r\n" NEEDED "\r\n", HANDSHAKE_NO_GET},
        {LINE "Host: a\r\nConnection: close\r\n\r\n", HANDSHAKE_NO_UPGRADE},
        {LINE "Host: a\r\nUpgrade: h2c\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n\r\n", HANDSHAKE_NO_UPGRADE},
        {LINE "Host: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 8\r\n\r\n", HANDSHAKE_NO_UPGRADE},
        {LINE "Host: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: short\r\n\r\n", HANDSHAKE_BAD},
        {"GET /api/socket HTTP/1.0\r\n" NEEDED "\r\n", HANDSHAKE_BAD},
        {"GET api/socket HTTP/1.1\r\n" NEEDED "\r\n", HANDSHAKE_BAD},
        {LINE "no colon\r\n\r\n", HANDSHAKE_BAD},
        {LINE ": no name\r\n\r\n", HANDSHAKE_BAD},
        {"\r\n\r\n", HANDSHAKE_BAD},
    };
    struct handshake handshake;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_int_equal(read_text(&handshake, cases[i].text), cases[i].result);
}

/* The example of RFC 6455, 1.3. */
static void test_the_key_is_answered_as_the_rfc_has_it(void **state)
{
    char accept[HANDSHAKE_ACCEPT_SIZE];
    struct buf out;
    (void)state;
    handshake_accept(accept, span_of("dGhlIHNhbXBsZSBub25jZQ=="));
    assert_string_equal(accept, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    buf_init(&out, 0);
    handshake_answer(&out, accept);
    assert_non_null(strstr(buf_text(&out), "\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n"));
    buf_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_it_asks_for_is_read),
        cmocka_unit_test(test_every_head_that_is_cut_short_wants_more),
        cmocka_unit_test(test_a_head_over_the_bound_is_none),
        cmocka_unit_test(test_what_is_no_handshake_says_why),
        cmocka_unit_test(test_the_key_is_answered_as_the_rfc_has_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
