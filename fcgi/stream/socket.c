#include "stream/socket.h"

#include "base/mem.h"
#include "stream/call.h"
#include "stream/hub.h"
#include "stream/setting.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <wslay/wslay.h>

enum {
    REF_MAX = 100,
    PATH_MAX_LENGTH = 2000,
    METHOD_MAX = 16,
    MISTAKES_MAX = 10,     /* messages that are no JSON */
    SILENT_PINGS = 3,
};

/* A call that waits until one of those before it is answered. Bounded by what one read brings. */
struct waiting {
    struct list link;
    json_t *said;
};

struct socket {
    wslay_event_context_ptr context;
    struct hub *hub;          /* while wslay is at work */
    struct reader *reader;
    struct span input;        /* not yet taken by wslay */
    struct buf early, output; /* what came with the handshake; what wslay has to say */
    char accept[HANDSHAKE_ACCEPT_SIZE];
    char *token, *address, *host, *agent;
    bool is_https;
    struct list calls, waiting;
    unsigned mistakes, unanswered_pings;
};

/* --- what wslay asks for --- */

static ssize_t take_input(wslay_event_context_ptr context, uint8_t *bytes, size_t length, int flags, void *owner)
{
    struct socket *socket = owner;
    size_t part = socket->input.length < length ? socket->input.length : length;

    (void)flags;
    if (part == 0) {
        wslay_event_set_error(context, WSLAY_ERR_WOULDBLOCK);
        return -1;
    }
    memcpy(bytes, socket->input.at, part);
    socket->input = (struct span){socket->input.at + part, socket->input.length - part};
    return (ssize_t)part;
}

static ssize_t give_output(wslay_event_context_ptr context, const uint8_t *bytes, size_t length, int flags, void *owner)
{
    struct socket *socket = owner;

    (void)context;
    (void)flags;
    buf_add(&socket->output, bytes, length);
    return (ssize_t)length;
}

static void on_message(wslay_event_context_ptr context, const struct wslay_event_on_msg_recv_arg *message, void *owner);

/* --- from its beginning to its end --- */

struct socket *socket_new(const struct handshake *said, struct span token, struct span early)
{
    static const struct wslay_event_callbacks callbacks = {
        .recv_callback = take_input, .send_callback = give_output, .on_msg_recv_callback = on_message,
    };
    struct socket *socket = mem_zeroed(sizeof *socket);

    if (wslay_event_context_server_init(&socket->context, &callbacks, socket) != 0)
        abort();
    wslay_event_config_set_max_recv_msg_length(socket->context, SOCKET_MESSAGE_MAX);
    list_init(&socket->calls);
    list_init(&socket->waiting);
    buf_add_span(&socket->early, early);
    if (said->key.length == HANDSHAKE_KEY_LENGTH)
        handshake_accept(socket->accept, said->key);
    socket->token = mem_copy_bytes(token.at, token.length);
    socket->address = mem_copy_bytes(said->address.at, said->address.length);
    socket->host = mem_copy_bytes(said->host.at, said->host.length);
    socket->agent = mem_copy_bytes(said->agent.at, said->agent.length);
    socket->is_https = span_is(said->scheme, "https");
    return socket;
}

static void drop_waiting(struct waiting *waiting)
{
    list_remove(&waiting->link);
    json_decref(waiting->said);
    mem_free(waiting);
}

void socket_free(struct hub *hub, struct socket *socket)
{
    call_drop_all(hub, &socket->calls);
    LIST_EACH(&socket->waiting, link)
        drop_waiting(LIST_OWNER(link, struct waiting, link));
    wslay_event_context_free(socket->context);
    buf_free(&socket->early);
    buf_free(&socket->output);
    mem_free(socket->token);
    mem_free(socket->address);
    mem_free(socket->host);
    mem_free(socket->agent);
    mem_free(socket);
}

void socket_open(struct reader *reader, struct buf *out)
{
    handshake_answer(out, reader->socket->accept);
}

/* What wslay has to say goes out: pongs, a close frame. */
static void flush(struct hub *hub, struct reader *reader)
{
    struct socket *socket = reader->socket;

    while (wslay_event_want_write(socket->context) && wslay_event_send(socket->context) == 0)
        ;
    if (socket->output.length > 0)
        reader_queue_bytes(hub, reader, socket->output.bytes, socket->output.length);
    buf_free(&socket->output);
}

static void queue_close(struct socket *socket, enum websocket_close code, const char *reason)
{
    wslay_event_queue_close(socket->context, (uint16_t)code, (const uint8_t *)reason, strlen(reason));
}

void socket_close(struct hub *hub, struct reader *reader, enum websocket_close code, const char *reason)
{
    queue_close(reader->socket, code, reason);
    flush(hub, reader);
}

bool socket_awaits_close(const struct reader *reader)
{
    wslay_event_context_ptr context = reader->socket->context;

    /* After an error of the protocol nothing more is read, so no close frame either. */
    return wslay_event_get_close_sent(context) && !wslay_event_get_close_received(context) && wslay_event_want_read(context);
}

/* --- reading --- */

static size_t count_calls(const struct socket *socket)
{
    size_t count = 0;

    LIST_EACH(&socket->calls, link)
        count++;
    return count;
}

bool socket_wants_read(const struct reader *reader)
{
    const struct socket *socket = reader->socket;

    return wslay_event_want_read(socket->context) && list_is_empty(&socket->waiting) && !reader_is_full(reader);
}

/* Of what is no frame at all wslay only says that it closes, and not why: so that is said here. */
static void say_protocol_error(struct socket *socket)
{
    while (wslay_event_want_write(socket->context) && wslay_event_send(socket->context) == 0)
        buf_clear(&socket->output);
    websocket_close(&socket->output, WEBSOCKET_PROTOCOL_ERROR);
}

static void take(struct hub *hub, struct reader *reader, struct span bytes)
{
    struct socket *socket = reader->socket;
    bool is_broken;

    socket->hub = hub;
    socket->reader = reader;
    socket->input = bytes;
    socket->unanswered_pings = 0;
    is_broken = wslay_event_recv(socket->context) != 0;
    if (is_broken)
        say_protocol_error(socket);
    flush(hub, reader);
    if (wslay_event_get_close_sent(socket->context))
        reader_close(hub, reader, WEBSOCKET_GOING_AWAY, "");  /* wslay has said why */
    else if (is_broken)
        reader_drop(hub, reader);
}

static void take_early(struct hub *hub, struct reader *reader)
{
    struct buf early = reader->socket->early;

    reader->socket->early = (struct buf){0};
    if (early.length > 0)
        take(hub, reader, buf_span(&early));
    buf_free(&early);
}

void socket_read(struct hub *hub, struct reader *reader)
{
    char bytes[16 * 1024];
    ssize_t got;

    if (!socket_wants_read(reader)) {
        reader_watch(hub, reader);
        return;
    }
    got = recv(reader->descriptor, bytes, sizeof bytes, MSG_DONTWAIT);
    if (got > 0)
        take(hub, reader, (struct span){bytes, (size_t)got});
    else if (got == 0 || (errno != EAGAIN && errno != EINTR))
        reader_drop(hub, reader);
}

void socket_ping(struct reader *reader, struct buf *out)
{
    reader->socket->unanswered_pings++;
    websocket_ping(out);
}

bool socket_is_silent(const struct reader *reader)
{
    return reader->socket->unanswered_pings >= SILENT_PINGS;
}

/* --- calls --- */

static bool is_printable(const char *text, size_t most)
{
    size_t length = strlen(text);

    for (size_t i = 0; i < length; i++) {
        if ((unsigned char)text[i] <= ' ' || text[i] == 0x7f)
            return false;
    }
    return length > 0 && length <= most;
}

static bool is_ref(const json_t *ref)
{
    return json_is_integer(ref) || (json_is_string(ref) && json_string_length(ref) <= REF_MAX);
}

static void ask(struct hub *hub, struct reader *reader, const json_t *said, const char *ref)
{
    struct socket *socket = reader->socket;
    const json_t *body = json_object_get(said, "body");
    char *text = body != NULL ? json_dumps(body, JSON_COMPACT | JSON_ENCODE_ANY) : NULL;
    const struct call_request request = {
        .ref = ref, .method = json_string_value(json_object_get(said, "method")), .path = json_string_value(json_object_get(said, "path")),
        .body = span_of(text), .token = span_of(socket->token), .address = span_of(socket->address), .host = span_of(socket->host),
        .agent = span_of(socket->agent), .is_https = socket->is_https,
    };

    call_start(hub, reader, &socket->calls, &request);
    free(text);
}

static void begin_call(struct hub *hub, struct reader *reader, const json_t *said)
{
    const json_t *ref = json_object_get(said, "ref");
    const char *method = json_string_value(json_object_get(said, "method"));
    const char *path = json_string_value(json_object_get(said, "path"));
    char *text = is_ref(ref) ? json_dumps(ref, JSON_ENCODE_ANY) : strdup("null");

    if (!is_ref(ref) || method == NULL || path == NULL || !is_printable(method, METHOD_MAX) || !is_printable(path, PATH_MAX_LENGTH))
        call_answer_problem(hub, reader, text, 422, "invalid", "A call is an object with ref, method, path and, where there is one, body.");
    else if (strncmp(path, "/api/", 5) != 0)
        call_answer_problem(hub, reader, text, 404, "not_found", "There is nothing here.");
    else
        ask(hub, reader, said, text);
    free(text);
}

static void put_off(struct socket *socket, json_t *said)
{
    struct waiting *waiting = mem_alloc(sizeof *waiting);

    waiting->said = json_incref(said);
    list_init(&waiting->link);
    list_append(&socket->waiting, &waiting->link);
}

static void on_text(struct hub *hub, struct reader *reader, const char *text, size_t length)
{
    struct socket *socket = reader->socket;
    json_t *said = json_loadb(text, length, JSON_ALLOW_NUL, NULL);

    if (!json_is_object(said)) {
        call_answer_problem(hub, reader, "null", 400, "bad_json", "A message must be a call: one JSON object.");
        if (++socket->mistakes > MISTAKES_MAX)
            queue_close(socket, WEBSOCKET_POLICY, "too many messages that are no JSON");
    } else if (!list_is_empty(&socket->waiting) || count_calls(socket) >= SOCKET_CALLS_MAX) {
        put_off(socket, said);
    } else {
        begin_call(hub, reader, said);
    }
    json_decref(said);
}

static void on_message(wslay_event_context_ptr context, const struct wslay_event_on_msg_recv_arg *message, void *owner)
{
    struct socket *socket = owner;

    (void)context;
    if (message->opcode == WSLAY_TEXT_FRAME)
        on_text(socket->hub, socket->reader, (const char *)message->msg, message->msg_length);
    else if (message->opcode == WSLAY_BINARY_FRAME)
        queue_close(socket, WEBSOCKET_UNSUPPORTED, "text only");
}

void socket_go_on(struct hub *hub, struct reader *reader)
{
    struct socket *socket = reader->socket;

    take_early(hub, reader);
    while (!list_is_empty(&socket->waiting) && count_calls(socket) < SOCKET_CALLS_MAX) {
        struct waiting *waiting = LIST_OWNER(socket->waiting.next, struct waiting, link);

        begin_call(hub, reader, waiting->said);
        drop_waiting(waiting);
    }
    if (reader->state != READER_GONE)
        reader_watch(hub, reader);
}
