#include "stream/socket.h"

#include "base/mem.h"
#include "base/pace.h"
#include "stream/calls.h"
#include "stream/hub.h"
#include "stream/setting.h"
#include "wire/envelope.h"
#include "wire/frames.h"
#include "wire/quote.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <wslay/wslay.h>

enum {
    REF_MAX = 100,               /* code points */
    PATH_MAX_LENGTH = 2000,
    METHOD_MAX = 16,
    MISTAKES_MAX = 10,           /* messages that are no call at all, and when one of them is forgotten */
    MISTAKE_MS = 6000,
    SILENT_PINGS = 3,
    CLOSE_MS = 3000,             /* for the other side's half of the closing handshake */
    UNTAKEN_MS = 20000,          /* for ours, when the client is slow to take what stands before it */
    CALL_MS = 1000 / 50,         /* nginx/http.conf and nginx/server.conf: the rates of requests and their bursts */
    CALLS_BURST = 300,
    CALL_OF_ADDRESS_MS = 1000 / 500,
    CALLS_OF_ADDRESS_BURST = 1000,
};

struct socket {
    wslay_event_context_ptr context;
    struct frames frames;     /* where the client is in what it sends */
    struct hub *hub;          /* while wslay is at work */
    struct reader *reader;
    struct span input;        /* not yet taken by wslay */
    struct buf early, output; /* what came with the handshake; what wslay has to say */
    char accept[HANDSHAKE_ACCEPT_SIZE];
    char *token, *address, *host, *agent;
    bool is_https;
    bool is_client_closing;   /* wslay has its close frame, or found that what it sends is none: it has queued ours */
    uint8_t frame, close_length;
    unsigned char close_code[2];
    struct calls calls;
    int64_t mistakes_paid_at; /* a pace */
    int64_t begun_at;         /* when what is unfinished was begun, or later */
    unsigned unanswered_pings;
    enum websocket_close code;  /* why we close; 0: we do not */
    const char *reason;
    int64_t closing_at;       /* since when; once the close frame is queued, since that */
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
    span_skip(&socket->input, part);
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

static void on_frame(wslay_event_context_ptr context, const struct wslay_event_on_frame_recv_start_arg *frame, void *owner)
{
    struct socket *socket = owner;
    (void)context;
    socket->frame = frame->opcode;
    socket->close_length = 0;
}

/* The registry has grown since wslay was written: 1012 to 1014 are no error, and are answered with the same, too. */
static void on_piece(wslay_event_context_ptr context, const struct wslay_event_on_frame_recv_chunk_arg *piece, void *owner)
{
    struct socket *socket = owner;
    unsigned code;
    if (socket->frame != WSLAY_CONNECTION_CLOSE)
        return;
    for (size_t i = 0; i < piece->data_length && socket->close_length < sizeof socket->close_code; i++)
        socket->close_code[socket->close_length++] = piece->data[i];
    code = (unsigned)socket->close_code[0] << 8 | socket->close_code[1];
    if (socket->close_length == sizeof socket->close_code && code >= WEBSOCKET_RESTART && code <= WEBSOCKET_BAD_GATEWAY)
        wslay_event_queue_close(context, (uint16_t)code, NULL, 0);
}

static void on_message(wslay_event_context_ptr context, const struct wslay_event_on_msg_recv_arg *message, void *owner);

/* --- from its beginning to its end --- */

struct socket *socket_new(const struct handshake *said, struct span token, struct span early)
{
    static const struct wslay_event_callbacks callbacks = {
        .recv_callback = take_input, .send_callback = give_output, .on_msg_recv_callback = on_message,
        .on_frame_recv_start_callback = on_frame, .on_frame_recv_chunk_callback = on_piece,
    };
    struct socket *socket = mem_zeroed(sizeof *socket);
    if (wslay_event_context_server_init(&socket->context, &callbacks, socket) != 0)
        abort();
    wslay_event_config_set_max_recv_msg_length(socket->context, SOCKET_MESSAGE_MAX);
    socket->frames.message_max = SOCKET_MESSAGE_MAX;
    calls_init(&socket->calls);
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

void socket_free(struct hub *hub, struct socket *socket)
{
    calls_drop_all(hub, &socket->calls);
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

struct calls *socket_calls(const struct reader *reader)
{
    return &reader->socket->calls;
}

/* What wslay has to say goes out: pongs, a close frame. */
static void flush(struct hub *hub, struct reader *reader)
{
    struct socket *socket = reader->socket;
    while (wslay_event_want_write(socket->context) && wslay_event_send(socket->context) == 0)
        ;
    if (socket->output.length > 0)
        reader_queue_own(hub, reader, socket->output.bytes, socket->output.length);
    buf_free(&socket->output);
}

/* --- closing --- */

/* When wslay has queued a close frame of its own, that one stays. */
static void say_close(struct hub *hub, struct reader *reader)
{
    struct socket *socket = reader->socket;
    wslay_event_queue_close(socket->context, (uint16_t)socket->code, (const uint8_t *)socket->reason, strlen(socket->reason));
    flush(hub, reader);
    reader_end(hub, reader);
    socket->closing_at = hub->now;
}

static bool is_closing(const struct socket *socket)
{
    return socket->code != 0;
}

static void settle(struct hub *hub, struct reader *reader)
{
    if (is_closing(reader->socket) && !reader->outbox.is_ending && calls_are_done(&reader->socket->calls))
        say_close(hub, reader);
}

void socket_close(struct hub *hub, struct reader *reader, enum websocket_close code, const char *reason)
{
    struct socket *socket = reader->socket;
    socket->code = code;
    socket->reason = reason;
    socket->closing_at = hub->now;
    if (!socket->is_client_closing)
        calls_fail_waiting(hub, &socket->calls);
    settle(hub, reader);
}

bool socket_awaits_close(const struct reader *reader)
{
    wslay_event_context_ptr context = reader->socket->context;
    /* After an error of the protocol nothing more is read, so no close frame either. */
    return wslay_event_get_close_sent(context) && !wslay_event_get_close_received(context) && wslay_event_want_read(context);
}

static int64_t close_due(const struct reader *reader)
{
    if (!reader->outbox.is_ending)
        return reader->socket->closing_at + SOCKET_ANSWERS_MS;
    if (outbox_has_work(&reader->outbox))
        return reader->socket->closing_at + UNTAKEN_MS;
    return reader->wrote_at + CLOSE_MS;
}

int64_t socket_look_at_close(struct hub *hub, struct reader *reader)
{
    int64_t due = close_due(reader);
    if (hub->now < due)
        return due < hub->now + CLOSE_MS ? due : hub->now + CLOSE_MS;
    if (reader->outbox.is_ending)
        return 0;
    calls_fail_all(hub, &reader->socket->calls);
    say_close(hub, reader);
    return hub->now + CLOSE_MS;
}

/* --- reading --- */

bool socket_wants_read(const struct reader *reader)
{
    return wslay_event_want_read(reader->socket->context) && !reader_is_full(reader);
}

/* Of what is no frame at all wslay only says that it closes, and not why: so that is said here. */
static void say_protocol_error(struct socket *socket)
{
    while (wslay_event_want_write(socket->context) && wslay_event_send(socket->context) == 0)
        buf_clear(&socket->output);
    websocket_close(&socket->output, WEBSOCKET_PROTOCOL_ERROR);
}

/* The client has closed, or sent what nothing can follow: what it asked for before still counts. */
static void end_with_client(struct hub *hub, struct reader *reader, enum websocket_close code, const char *reason)
{
    wslay_event_shutdown_read(reader->socket->context);
    reader->socket->is_client_closing = true;
    reader_close(hub, reader, code, reason);
    if (reader->outbox.is_ending && !outbox_has_work(&reader->outbox))
        reader_drop(hub, reader);  /* we had closed before, and all is said */
}

static void look_at_end(struct hub *hub, struct reader *reader, enum frames_result result)
{
    if (!wslay_event_get_read_enabled(reader->socket->context))
        end_with_client(hub, reader, WEBSOCKET_PROTOCOL_ERROR, "");  /* what wslay has queued goes first, be it this or the answer to a close */
    else if (result == FRAMES_BAD_CLOSE)
        end_with_client(hub, reader, WEBSOCKET_PROTOCOL_ERROR, "half a close code");
    else if (result == FRAMES_TOO_LONG)
        end_with_client(hub, reader, WEBSOCKET_TOO_LONG, "the message is too long");
    else if (result == FRAMES_TOO_MANY)
        end_with_client(hub, reader, WEBSOCKET_POLICY, "the message is in too many pieces");
}

static void take(struct hub *hub, struct reader *reader, struct span bytes)
{
    struct socket *socket = reader->socket;
    enum frames_result result;
    socket->hub = hub;
    socket->reader = reader;
    socket->unanswered_pings = 0;
    if (!frames_are_unfinished(&socket->frames))
        socket->begun_at = hub->now;
    socket->input = bytes;
    result = frames_follow(&socket->frames, bytes, &socket->input.length);
    if (wslay_event_recv(socket->context) != 0)
        say_protocol_error(socket);
    if (wslay_event_get_read_enabled(socket->context))
        flush(hub, reader);
    look_at_end(hub, reader, result);
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

bool socket_is_stalled(const struct hub *hub, const struct reader *reader)
{
    const struct socket *socket = reader->socket;
    return frames_are_unfinished(&socket->frames) && hub->now - socket->begun_at >= SOCKET_WHOLE_MS;
}

/* --- calls --- */

/* A string of JSON, which may hold U+0000; null when it is none. Whoever gets it drops it. */
static json_t *string_of(struct span text)
{
    return text.length > 0 && *text.at == '"' ? json_loadb(text.at, text.length, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL) : NULL;
}

static bool is_printable(const json_t *string, size_t most)
{
    const char *text = json_string_value(string);
    size_t length = json_string_length(string);
    for (size_t i = 0; i < length; i++) {
        if ((unsigned char)text[i] <= ' ' || text[i] == 0x7f)
            return false;
    }
    return length > 0 && length <= most;
}

static size_t count_code_points(const json_t *string)
{
    const char *text = json_string_value(string);
    size_t count = 0;
    for (size_t i = 0; i < json_string_length(string); i++)
        count += (text[i] & 0xc0) != 0x80;
    return count;
}

static bool is_ref(struct span text)
{
    json_t *ref = text.length > 0 ? json_loadb(text.at, text.length, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL) : NULL;
    bool is = json_is_integer(ref) || (json_is_string(ref) && count_code_points(ref) <= REF_MAX);
    json_decref(ref);
    return is;
}

static void refuse(const struct socket *socket, struct span ref, int status, const char *code, const char *title, const char *more)
{
    call_answer_problem(socket->hub, socket->reader, ref, status, code, title, more);
}

/* One that is none was made null. */
static bool has_ref(const struct envelope *said)
{
    return !span_is(said->ref, "null");
}

static void add_fault(struct buf *fields, const char *name, const char *why)
{
    quote_add_member(fields, span_of(name), span_of(why));
}

static void refuse_malformed(const struct socket *socket, const struct envelope *said, bool has_method, bool has_path)
{
    struct buf more;
    buf_init(&more, 0);
    buf_add_text(&more, "{\"fields\":{");
    if (!has_ref(said))
        add_fault(&more, "ref", "must be an integer, or a string of at most 100 characters");
    if (!has_method)
        add_fault(&more, "method", "must be a method of HTTP");
    if (!has_path)
        add_fault(&more, "path", "must be a path of at most 2000 bytes, without spaces and control characters");
    buf_add_text(&more, "}}");
    refuse(socket, said->ref, 422, "invalid", "A call is an object with ref, method, path and, where there is one, body.", buf_text(&more));
    buf_free(&more);
}

static void stand_in_line(struct socket *socket, const struct envelope *said, const char *method, const char *path)
{
    const struct call_request request = {
        .ref = said->ref, .method = method, .path = path, .body = span_is(said->body, "null") ? (struct span){0} : said->body,
        .token = span_of(socket->token), .address = span_of(socket->address), .host = span_of(socket->host), .agent = span_of(socket->agent),
        .is_https = socket->is_https,
    };
    if (calls_add(&socket->calls, socket->reader, &request))
        calls_go_on(socket->hub, &socket->calls);
    else
        refuse(socket, said->ref, 429, "slow_down", "Too many calls wait on this socket: wait for answers.", "{\"retry_after\":1}");
}

static void begin_call(struct socket *socket, const struct envelope *said)
{
    json_t *method = string_of(said->method), *path = string_of(said->path);
    bool has_method = is_printable(method, METHOD_MAX), has_path = is_printable(path, PATH_MAX_LENGTH);
    if (!has_ref(said) || !has_method || !has_path)
        refuse_malformed(socket, said, has_method, has_path);
    else if (strncmp(json_string_value(path), "/api/", 5) != 0)
        refuse(socket, said->ref, 404, "not_found", "There is nothing here.", "");
    else
        stand_in_line(socket, said, json_string_value(method), json_string_value(path));
    json_decref(method);
    json_decref(path);
}

/* How long to wait before another call is taken, be it one that is refused here. */
static int64_t must_wait(const struct hub *hub, const struct reader *reader)
{
    struct visitors *visitors = map_get(&hub->addresses, reader->address);
    int64_t wait = 0;
    if (!setting.limits)
        return 0;
    if (reader->session)
        wait = pace_take(&reader->session->calls_paid_at, hub->now, CALL_MS, CALLS_BURST);
    return wait > 0 ? wait : pace_take(&visitors->calls_paid_at, hub->now, CALL_OF_ADDRESS_MS, CALLS_OF_ADDRESS_BURST);
}

static void refuse_too_fast(const struct socket *socket, struct span ref, int64_t wait)
{
    char more[40];
    snprintf(more, sizeof more, "{\"retry_after\":%d}", (int)(wait / 1000) + 1);
    refuse(socket, ref, 429, "slow_down", "That was too fast. Wait a moment.", more);
}

static void note_mistake(struct socket *socket)
{
    refuse(socket, span_of("null"), 400, "bad_json", "A message must be a call: one JSON object.", "");
    if (pace_take(&socket->mistakes_paid_at, socket->hub->now, MISTAKE_MS, MISTAKES_MAX) > 0)
        reader_close(socket->hub, socket->reader, WEBSOCKET_POLICY, "too many messages that are no JSON");
}

static void on_text(struct socket *socket, struct span text)
{
    struct envelope said;
    int64_t wait;
    if (!envelope_read(&said, text)) {
        note_mistake(socket);
        return;
    }
    if (!is_ref(said.ref))
        said.ref = span_of("null");
    if (is_closing(socket))
        refuse(socket, said.ref, 503, "unavailable", "This socket is being closed: call again on another one.", "{\"retry_after\":1}");
    else if ((wait = must_wait(socket->hub, socket->reader)) > 0)
        refuse_too_fast(socket, said.ref, wait);
    else
        begin_call(socket, &said);
}

static void on_message(wslay_event_context_ptr context, const struct wslay_event_on_msg_recv_arg *message, void *owner)
{
    struct socket *socket = owner;
    (void)context;
    if (message->opcode < WSLAY_CONNECTION_CLOSE)
        socket->begun_at = socket->hub->now;  /* or it never ends to be unfinished for who sends without a pause */
    if (message->opcode == WSLAY_TEXT_FRAME)
        on_text(socket, (struct span){(const char *)message->msg, message->msg_length});
    else if (message->opcode == WSLAY_BINARY_FRAME)
        reader_close(socket->hub, socket->reader, WEBSOCKET_UNSUPPORTED, "text only");
}

void socket_go_on(struct hub *hub, struct reader *reader)
{
    if (reader->state != READER_GONE)
        take_early(hub, reader);
    if (reader->state == READER_GONE)
        return;
    calls_go_on(hub, &reader->socket->calls);
    settle(hub, reader);
    reader_watch(hub, reader);
}
