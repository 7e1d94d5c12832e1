/* The FastCGI side with a peer that speaks raw records, as nginx does, and some that do not. */
#include "api/gateway.h"

#include "base/accept.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { BEGIN = 1, END = 3, PARAMS = 4, STDIN = 5, STDOUT = 6 };

static struct sockaddr_un address = {.sun_family = AF_UNIX};

/* --- The server: one thread that answers each request with its parameter NAME and its body ------------------------------------ */

static atomic_bool has_ended;
static pthread_t server;

static const char *param(struct gateway *gateway, const char *name)
{
    for (char *const *at = gateway_params(gateway); *at; at++)
        if (strncmp(*at, name, strlen(name)) == 0 && (*at)[strlen(name)] == '=')
            return *at + strlen(name) + 1;
    return "";
}

static void serve(struct gateway *gateway, struct buf *body)
{
    size_t length = (size_t)atoi(param(gateway, "CONTENT_LENGTH"));
    buf_clear(body);
    bool is_whole = gateway_read_body(gateway, body, length);
    if (strcmp(param(gateway, "NAME"), "pieces") == 0) {
        gateway_write(gateway, span_of("one "));
        gateway_write(gateway, span_of("two"));
        gateway_end(gateway, true);
        return;
    }
    gateway_answer(gateway, span_of(is_whole ? param(gateway, "NAME") : "cut short"), buf_span(body));
}

static void *be_server(void *unused)
{
    struct gateway gateway;
    struct buf body;
    buf_init(&body, 0);
    gateway_init(&gateway);
    while (gateway_accept(&gateway))
        serve(&gateway, &body);
    buf_free(&body);
    atomic_store(&has_ended, true);
    return unused;
}

static int start(void **state)
{
    (void)state;
    snprintf(address.sun_path, sizeof address.sun_path, "/tmp/parley-gateway-%d", (int)getpid());
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    if (bind(fd, (struct sockaddr *)&address, sizeof address) != 0 || listen(fd, 10) != 0)
        return -1;
    close(STDIN_FILENO);
    if (accept_start(STDIN_FILENO))
        return -1; /* there is nothing on descriptor 0 yet */
    dup2(fd, STDIN_FILENO);
    close(fd);
    if (!accept_start(STDIN_FILENO))
        return -1;
    return pthread_create(&server, NULL, be_server, NULL);
}

static int stop(void **state)
{
    (void)state;
    accept_stop();
    while (!atomic_load(&has_ended)) {
        pthread_kill(server, ACCEPT_WAKE);
        sched_yield();
    }
    pthread_join(server, NULL);
    return unlink(address.sun_path);
}

/* --- The peer ----------------------------------------------------------------------------------------------------------------- */

static int connect_to_server(void)
{
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
    return fd;
}

static void add_record(struct buf *out, int type, const void *content, size_t length)
{
    const unsigned char header[8] = {1, (unsigned char)type, 0, 1, (unsigned char)(length >> 8), (unsigned char)length, 0, 0};
    buf_add(out, header, sizeof header);
    buf_add(out, content, length);
}

static void add_param(struct buf *out, const char *name, const char *value)
{
    buf_add_byte(out, (char)strlen(name));
    buf_add_byte(out, (char)strlen(value));
    buf_add_text(out, name);
    buf_add_text(out, value);
}

/* A request whose body is said to have `length` bytes. */
static struct buf request(const char *name, const char *body, size_t length)
{
    struct buf out, params;
    char number[20];
    buf_init(&out, 0);
    buf_init(&params, 0);
    snprintf(number, sizeof number, "%zu", length);
    add_param(&params, "NAME", name);
    add_param(&params, "CONTENT_LENGTH", number);
    add_record(&out, BEGIN, "\0\1\0\0\0\0\0", 8);
    add_record(&out, PARAMS, params.bytes, params.length);
    add_record(&out, PARAMS, "", 0);
    for (size_t done = 0, left = strlen(body); left; done += 60000) {
        size_t piece = left < 60000 ? left : 60000;
        add_record(&out, STDIN, body + done, piece);
        left -= piece;
    }
    add_record(&out, STDIN, "", 0);
    buf_free(&params);
    return out;
}

static void send_all(int fd, struct buf *bytes)
{
    size_t sent = 0;
    while (sent < bytes->length) {
        ssize_t n = send(fd, bytes->bytes + sent, bytes->length - sent, MSG_NOSIGNAL);
        assert_true(n > 0);
        sent += (size_t)n;
    }
    buf_free(bytes);
}

/* Reads to the end; gives the text of the STDOUT records, and whether the request was ended in order. */
static bool read_answer(int fd, struct buf *text)
{
    struct buf raw;
    ssize_t n;
    bool has_end = false;
    char *room;
    buf_init(&raw, 0);
    buf_clear(text);
    while ((room = buf_room(&raw, 65536)) && (n = read(fd, room, 65536)) > 0)
        buf_added(&raw, (size_t)n);
    for (size_t at = 0; at + 8 <= raw.length;) {
        const unsigned char *header = (const unsigned char *)raw.bytes + at;
        size_t length = (size_t)header[4] << 8 | header[5];
        assert_true(at + 8 + length + header[6] <= raw.length);
        if (header[1] == STDOUT)
            buf_add(text, header + 8, length);
        has_end = header[1] == END;
        at += 8 + length + header[6];
    }
    buf_free(&raw);
    close(fd);
    return has_end;
}

static void assert_answer(const char *name, const char *body, size_t length, const char *expected)
{
    struct buf text, asked = request(name, body, length);
    int fd = connect_to_server();
    buf_init(&text, 0);
    send_all(fd, &asked);
    assert_true(read_answer(fd, &text));
    assert_string_equal(buf_text(&text), expected);
    buf_free(&text);
}

static void test_a_request_is_answered_and_ended(void **state)
{
    (void)state;
    assert_answer("ana ", "", 0, "ana ");
    assert_answer("ana ", "hello", 5, "ana hello");
    assert_answer("", "", 0, "");
}

static void test_a_body_shorter_than_said_is_noticed(void **state)
{
    (void)state;
    assert_answer("x", "hel", 5, "cut shorthel");
}

static void test_a_large_answer_takes_several_records(void **state)
{
    (void)state;
    enum { LARGE = 200000 };
    char *body = malloc(LARGE + 1), *expected = malloc(LARGE + 4);
    for (int i = 0; i < LARGE; i++)
        body[i] = (char)('a' + i % 26);
    body[LARGE] = '\0';
    snprintf(expected, LARGE + 4, "ana%s", body);
    assert_answer("ana", body, LARGE, expected);
    free(body);
    free(expected);
}

static void test_an_answer_can_be_sent_in_pieces(void **state)
{
    (void)state;
    assert_answer("pieces", "", 0, "one two");
}

static void test_peers_that_go_away_or_talk_nonsense_disturb_nobody(void **state)
{
    (void)state;
    struct buf nonsense, half = request("x", "", 0);
    close(connect_to_server());
    buf_init(&nonsense, 0);
    buf_add_text(&nonsense, "GET / HTTP/1.1\r\nHost: not.fastcgi\r\n\r\n");
    int fd = connect_to_server();
    send_all(fd, &nonsense);
    shutdown(fd, SHUT_WR);
    fd = connect_to_server();
    half.length -= 30;
    send_all(fd, &half);
    close(fd);
    half = request("x", "", 0);
    fd = connect_to_server();
    send_all(fd, &half);
    close(fd); /* before the answer */
    assert_answer("still here", "", 0, "still here");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_request_is_answered_and_ended),
        cmocka_unit_test(test_a_body_shorter_than_said_is_noticed),
        cmocka_unit_test(test_a_large_answer_takes_several_records),
        cmocka_unit_test(test_an_answer_can_be_sent_in_pieces),
        cmocka_unit_test(test_peers_that_go_away_or_talk_nonsense_disturb_nobody),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
