/* WebSockets in a hub whose clock stands still until a test moves it. A client's frames are masked with zeros, so their payload reads as it is. */
#include "hub_script.h"

#include "stream/calls.h"
#include "stream/socket.h"

#include <sys/un.h>

enum { CLIENT_CALLS_BURST = 300, ADDRESS_CALLS_BURST = 1000 };

static struct stream *open_socket_as(struct hub *hub, const char *id)
{
    const struct handshake said = {.host = span_of("parley.example")};
    struct arrival arrival = {.socket = socket_new(&said, span_of("token"), (struct span){0})};
    return follow_from(hub, come(arrival), (struct loaded_reader){.head = hub->ring.head.id, .id = id});
}

static void say(struct hub *hub, struct stream *stream, unsigned char first, const char *payload)
{
    size_t length = strlen(payload);
    unsigned char head[6] = {first, (unsigned char)(0x80 | length)};
    assert_true(length < 126);
    assert_int_equal(send(stream->descriptor, head, sizeof head, MSG_DONTWAIT), sizeof head);
    assert_int_equal(send(stream->descriptor, payload, length, MSG_DONTWAIT), length);
    settle(hub);
}

/* All that came since the last time; no records are around it. */
static void hear(struct stream *stream)
{
    ssize_t got;
    stream->length = 0;
    while ((got = recv(stream->descriptor, stream->text + stream->length, sizeof stream->text - 1 - stream->length, MSG_DONTWAIT)) > 0)
        stream->length += (size_t)got;
    stream->is_closed |= got == 0;
}

static size_t count_in(const struct stream *stream, const char *what)
{
    size_t count = 0;
    const char *end = stream->text + stream->length;
    for (const char *at = stream->text; (at = memmem(at, (size_t)(end - at), what, strlen(what))); at++)
        count++;
    return count;
}

/* Was the last thing that came a close frame with this code? 0: there is none. */
static unsigned close_code(const struct stream *stream)
{
    for (size_t back = 4; back < 64 && back <= stream->length; back++) {
        const unsigned char *frame = (const unsigned char *)stream->text + stream->length - back;
        if (frame[0] == 0x88 && frame[1] == back - 2)
            return (unsigned)frame[2] << 8 | frame[3];
    }
    return 0;
}

/* Time goes by for a client that answers pings. */
static void live_for(struct hub *hub, struct stream *stream, int64_t ms)
{
    for (int64_t end = now_ms + ms; now_ms < end && close_code(stream) == 0;) {
        pass_time(hub, 800);
        say(hub, stream, 0x8a, "");
        hear(stream);
    }
}

static void test_a_message_that_is_never_finished_is_closed_and_one_after_the_other_is_not(void **state)
{
    struct hub *hub = begin_hub();
    struct stream *stream = open_socket_as(hub, "5"), *busy;
    (void)state;
    say(hub, stream, 0x01, "{");
    live_for(hub, stream, SOCKET_WHOLE_MS - 2000);
    assert_int_equal(close_code(stream), 0);
    live_for(hub, stream, 6000);
    assert_int_equal(close_code(stream), WEBSOCKET_POLICY);

    busy = open_socket_as(hub, "6");
    say(hub, busy, 0x01, "{\"ref\":1,");
    for (int i = 0; i < 10; i++) {
        live_for(hub, busy, 8000);
        say(hub, busy, 0x80, "\"method\":\"GET\",\"path\":\"/x\"}");
        say(hub, busy, 0x01, "{\"ref\":1,");
        hear(busy);
        assert_int_equal(count_in(busy, "\"ref\":1,\"status\":404"), 1);
    }
    leave(stream);
    leave(busy);
    end_hub(hub);
}

static void test_who_is_too_slow_has_time_to_hear_why(void **state)
{
    struct hub *hub = begin_hub();
    struct stream *stream = open_socket_as(hub, "5");
    (void)state;
    overfill(hub, 100);
    assert_int_equal(hub->metrics.cut_off, 1);
    hear(stream);
    assert_false(stream->is_closed);
    settle(hub);
    hear(stream);
    assert_int_equal(close_code(stream), WEBSOCKET_SLOW);
    for (int i = 0; i < 4; i++)
        pass_time(hub, 1000);
    hear(stream);
    assert_true(stream->is_closed);
    leave(stream);
    end_hub(hub);
}

static void test_mistakes_are_forgotten(void **state)
{
    struct hub *hub = begin_hub();
    struct stream *stream = open_socket_as(hub, "5");
    (void)state;
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 10; i++)
            say(hub, stream, 0x81, "no JSON");
        hear(stream);
        assert_int_equal(count_in(stream, "bad_json"), 10);
        assert_int_equal(close_code(stream), 0);
        live_for(hub, stream, 61000);
    }
    for (int i = 0; i < 11; i++)
        say(hub, stream, 0x81, "no JSON");
    hear(stream);
    assert_int_equal(close_code(stream), WEBSOCKET_POLICY);
    leave(stream);
    end_hub(hub);
}

/* Sends so many calls that the hub itself refuses, and gives how many it did not even look at. */
static size_t call_nothing(struct hub *hub, struct stream *stream, size_t count)
{
    size_t too_fast = 0;
    for (size_t i = 0; i < count; i++) {
        say(hub, stream, 0x81, "{\"ref\":1,\"method\":\"GET\",\"path\":\"/x\"}");
        hear(stream);
        too_fast += count_in(stream, "\"code\":\"slow_down\"");
    }
    return too_fast;
}

static void test_a_session_has_the_rate_of_http_on_all_its_sockets(void **state)
{
    struct hub *hub = begin_hub();
    struct stream *stream = open_socket_as(hub, "5"), *other = open_socket_as(hub, "5");
    (void)state;
    assert_int_equal(call_nothing(hub, stream, CLIENT_CALLS_BURST), 0);
    assert_int_equal(call_nothing(hub, other, 2), 2);
    assert_int_equal(count_in(other, "\"retry_after\":1"), 1);
    pass_time(hub, 40);
    assert_int_equal(call_nothing(hub, other, 3), 1);
    leave(stream);
    leave(other);
    end_hub(hub);
}

static void test_and_so_has_an_address(void **state)
{
    static const char *const people[] = {"5", "6", "7", "8"};
    struct hub *hub = begin_hub();
    struct stream *streams[4];
    size_t too_fast = 0;
    (void)state;
    for (size_t i = 0; i < 4; i++)
        streams[i] = open_socket_as(hub, people[i]);
    for (size_t i = 0; i < 4; i++)
        too_fast += call_nothing(hub, streams[i], CLIENT_CALLS_BURST);
    assert_int_equal(too_fast, 4 * CLIENT_CALLS_BURST - ADDRESS_CALLS_BURST);
    for (size_t i = 0; i < 4; i++)
        leave(streams[i]);
    end_hub(hub);
}

/* Where parley-api would be: who connects waits to be accepted. */
static int listen_as_api(struct sockaddr_un *address)
{
    int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
    *address = (struct sockaddr_un){.sun_family = AF_UNIX};
    snprintf(address->sun_path, sizeof address->sun_path, "/tmp/parley-test-%d", (int)getpid());
    assert_int_equal(bind(descriptor, (const struct sockaddr *)address, sizeof *address), 0);
    assert_int_equal(listen(descriptor, 16), 0);
    setting.api = address->sun_path;
    return descriptor;
}

static void test_what_was_sent_before_the_connection_ended_counts(void **state)
{
    static const char call[] = "{\"ref\":1,\"method\":\"POST\",\"path\":\"/api/x\",\"body\":{}}";
    static char message[8 + 40000];
    struct hub *hub = begin_hub();
    struct stream *stream = open_socket_as(hub, "5");
    struct sockaddr_un address;
    int api = listen_as_api(&address), asked;
    (void)state;
    memset(message, ' ', sizeof message);
    memcpy(message, "\x81\xfe\x9c\x40\0\0\0\0", 8);
    memcpy(message + 8, call, sizeof call - 1);
    assert_int_equal(send(stream->descriptor, message, sizeof message, MSG_DONTWAIT), sizeof message);
    leave(stream);
    settle(hub);
    asked = accept(api, NULL, NULL);
    assert_true(asked >= 0);
    close(asked);
    close(api);
    unlink(address.sun_path);
    end_hub(hub);
}

static void test_nothing_is_learned_from_an_answer_that_did_not_come(void **state)
{
    struct hub *hub = begin_hub();
    struct stream *stream = open_socket_as(hub, "5");
    struct calls *calls = socket_calls(LIST_OWNER(hub->readers[READER_LIVE].next, struct reader, of_state));
    struct sockaddr_un address;
    int api = listen_as_api(&address), asked;
    (void)state;
    say(hub, stream, 0x81, "{\"ref\":1,\"method\":\"GET\",\"path\":\"/api/x\"}");
    asked = accept(api, NULL, NULL);
    assert_true(asked >= 0);
    close(asked);
    settle(hub);
    hear(stream);
    assert_int_equal(count_in(stream, "\"ref\":1,\"status\":503"), 1);
    assert_int_equal(calls->expected, CALLS_ANSWER_BYTES);
    close(api);
    unlink(address.sun_path);
    leave(stream);
    end_hub(hub);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_message_that_is_never_finished_is_closed_and_one_after_the_other_is_not),
        cmocka_unit_test(test_who_is_too_slow_has_time_to_hear_why),
        cmocka_unit_test(test_mistakes_are_forgotten),
        cmocka_unit_test(test_a_session_has_the_rate_of_http_on_all_its_sockets),
        cmocka_unit_test(test_and_so_has_an_address),
        cmocka_unit_test(test_what_was_sent_before_the_connection_ended_counts),
        cmocka_unit_test(test_nothing_is_learned_from_an_answer_that_did_not_come),
    };
    log_start("test", LOG_ERROR);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
