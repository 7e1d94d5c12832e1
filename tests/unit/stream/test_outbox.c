/* What a reader's descriptor gets, however little it takes at a time. */
#include "stream/outbox.h"

#include "base/buf.h"
#include "stream/frame.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

struct pair {
    int ours, theirs;
};

static struct pair open_pair(void)
{
    int sockets[2];
    int small = 2048;
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, sockets), 0);
    setsockopt(sockets[0], SOL_SOCKET, SO_SNDBUF, &small, sizeof small);
    return (struct pair){sockets[0], sockets[1]};
}

static void close_pair(struct pair pair)
{
    close(pair.ours);
    close(pair.theirs);
}

static void read_some(int descriptor, struct buf *out)
{
    char bytes[4096];
    ssize_t count;
    while ((count = recv(descriptor, bytes, sizeof bytes, MSG_DONTWAIT)) > 0)
        buf_add(out, bytes, (size_t)count);
}

/* Takes the content out of the records; checks each header; true when the end was there. */
static bool unpack(const struct buf *wire, uint16_t request, struct buf *content, size_t *records)
{
    size_t at = 0;
    *records = 0;
    while (at + RECORD_HEADER_SIZE <= wire->length) {
        const unsigned char *header = (const unsigned char *)wire->bytes + at;
        size_t length = (size_t)header[4] << 8 | header[5];
        assert_int_equal(header[0], 1);
        assert_int_equal(header[2] << 8 | header[3], request);
        if (header[1] == 3)
            return at + RECORD_HEADER_SIZE + length == wire->length;
        assert_int_equal(header[1], 6);
        buf_add(content, wire->bytes + at + RECORD_HEADER_SIZE, length);
        at += RECORD_HEADER_SIZE + length;
        *records += length > 0;
    }
    return false;
}

static void put(struct outbox *outbox, struct buf *expected, size_t size, char filling)
{
    char *bytes = malloc(size);
    struct frame *frame;
    memset(bytes, filling, size);
    frame = frame_new(bytes, size);
    outbox_put(outbox, frame);
    frame_drop(frame);
    buf_add(expected, bytes, size);
    free(bytes);
}

static void test_all_that_is_queued_leaves_as_one_record(void **state)
{
    struct pair pair = open_pair();
    struct outbox outbox;
    struct buf expected, wire, content;
    size_t records;
    (void)state;
    buf_init(&expected, 0);
    buf_init(&wire, 0);
    buf_init(&content, 0);
    outbox_init(&outbox, 258);
    assert_int_equal(outbox_write(&outbox, pair.ours), OUTBOX_EMPTY);
    for (int i = 0; i < 10; i++)
        put(&outbox, &expected, 20, (char)('a' + i));
    assert_int_equal(outbox.bytes, 200);
    assert_int_equal(outbox_write(&outbox, pair.ours), OUTBOX_EMPTY);
    assert_int_equal(outbox.bytes, 0);
    assert_false(outbox_has_work(&outbox));
    read_some(pair.theirs, &wire);
    assert_false(unpack(&wire, 258, &content, &records));
    assert_int_equal(records, 1);
    assert_int_equal(content.length, expected.length);
    assert_memory_equal(content.bytes, expected.bytes, expected.length);
    outbox_reset(&outbox);
    buf_free(&expected);
    buf_free(&wire);
    buf_free(&content);
    close_pair(pair);
}

/* Frames of all sizes, a peer that takes little, more queued in between: nothing is lost, doubled or torn, and the end is the end. */
static void test_a_slow_peer_gets_the_same_bytes(void **state)
{
    struct pair pair = open_pair();
    struct outbox outbox;
    struct buf expected, wire, content;
    enum outbox_result result = OUTBOX_EMPTY;
    size_t records;
    (void)state;
    buf_init(&expected, 0);
    buf_init(&wire, 0);
    buf_init(&content, 0);
    outbox_init(&outbox, 1);
    for (size_t i = 0; i < 400; i++) {
        put(&outbox, &expected, 1 + i * i % 1777 + (i % 100 == 7 ? 70000 : 0), (char)('a' + i % 26));
        if (i % 3 == 0)
            result = outbox_write(&outbox, pair.ours);
        if (i % 7 == 0)
            read_some(pair.theirs, &wire);
    }
    outbox_end(&outbox);
    while ((result = outbox_write(&outbox, pair.ours)) == OUTBOX_BLOCKED)
        read_some(pair.theirs, &wire);
    assert_int_equal(result, OUTBOX_EMPTY);
    read_some(pair.theirs, &wire);
    assert_true(unpack(&wire, 1, &content, &records));
    assert_int_equal(content.length, expected.length);
    assert_memory_equal(content.bytes, expected.bytes, expected.length);
    outbox_reset(&outbox);
    buf_free(&expected);
    buf_free(&wire);
    buf_free(&content);
    close_pair(pair);
}

static void test_a_peer_that_left_is_told_from_a_slow_one(void **state)
{
    struct pair pair = open_pair();
    struct outbox outbox;
    struct buf expected;
    (void)state;
    buf_init(&expected, 0);
    outbox_init(&outbox, 1);
    put(&outbox, &expected, 100000, 'x');
    assert_int_equal(outbox_write(&outbox, pair.ours), OUTBOX_BLOCKED);
    close(pair.theirs);
    assert_int_equal(outbox_write(&outbox, pair.ours), OUTBOX_BROKEN);
    outbox_reset(&outbox);
    buf_free(&expected);
    close(pair.ours);
}

static void test_references_are_given_back(void **state)
{
    struct outbox outbox;
    struct frame *frame = frame_new("abc", 3);
    (void)state;
    outbox_init(&outbox, 1);
    for (int i = 0; i < 100; i++)
        outbox_put(&outbox, frame);
    assert_int_equal(frame->references, 101);
    outbox_reset(&outbox);
    assert_int_equal(frame->references, 1);
    frame_drop(frame);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_that_is_queued_leaves_as_one_record),
        cmocka_unit_test(test_a_slow_peer_gets_the_same_bytes),
        cmocka_unit_test(test_a_peer_that_left_is_told_from_a_slow_one),
        cmocka_unit_test(test_references_are_given_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
