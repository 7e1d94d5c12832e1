#include "stream/call.h"

#include "base/mem.h"
#include "stream/calls.h"
#include "stream/hub.h"
#include "stream/setting.h"
#include "stream/socket.h"
#include "wire/encode.h"
#include "wire/problem.h"
#include "wire/quote.h"
#include "wire/upstream.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum {
    PATIENCE_MS = 30000,               /* as long as nginx waits for parley-api */
    ANSWER_MAX = 8 * 1024 * 1024,      /* 200 messages of 8,000 code points with 4 bytes each, and what is around them */
    REQUEST_ID_BYTES = 16,
};

/* --- what the client gets --- */

void call_answer(struct hub *hub, struct reader *reader, struct span ref, int status, struct span body)
{
    struct buf text, out;
    buf_init(&text, 0);
    buf_add_text(&text, "{\"ref\":");
    buf_add_span(&text, ref);
    buf_printf(&text, ",\"status\":%d,\"body\":", status);
    buf_add_span(&text, body.length > 0 ? body : span_of("null"));
    buf_add_byte(&text, '}');
    buf_init(&out, 0);
    websocket_text(&out, buf_span(&text));
    reader_queue_own(hub, reader, out.bytes, out.length);
    buf_free(&text);
    buf_free(&out);
}

void call_answer_problem(struct hub *hub, struct reader *reader, struct span ref, int status, const char *code, const char *title, const char *more)
{
    struct buf body;
    buf_init(&body, 0);
    problem_add(&body, status, code, title, more);
    call_answer(hub, reader, ref, status, buf_span(&body));
    buf_free(&body);
}

/* --- from the question to the answer --- */

void call_drop(struct hub *hub, struct call *call)
{
    list_remove(&call->in_line);
    list_remove(&call->of_hub);
    list_append(&hub->gone_calls, &call->of_hub);
    call->watch.kind = WATCH_NOBODY;
    if (call->descriptor >= 0)
        close(call->descriptor);
}

void call_free_gone(struct hub *hub)
{
    struct list *link;
    while ((link = list_take(&hub->gone_calls))) {
        struct call *call = LIST_OWNER(link, struct call, of_hub);
        buf_free(&call->question);
        buf_free(&call->answer.output);
        mem_free(call->ref);
        mem_free(call->write_path);
        mem_free(call);
    }
}

void call_fail(struct hub *hub, struct call *call)
{
    call_answer_problem(hub, call->reader, span_of(call->ref), 503, "unavailable", "Parley is not available at the moment: please try again.", "");
    call_drop(hub, call);
}

static void give_reply(struct hub *hub, struct call *call, const struct upstream_reply *reply)
{
    struct buf text;
    buf_init(&text, 0);
    if (!reply->is_json && reply->body.length > 0)
        quote_add(&text, reply->body);
    call_answer(hub, call->reader, span_of(call->ref), reply->status, reply->is_json ? reply->body : buf_span(&text));
    buf_free(&text);
    call_drop(hub, call);
}

static void give_answer(struct hub *hub, struct call *call, enum upstream_result result)
{
    struct reader *reader = call->reader;
    struct upstream_reply reply;
    if (result == UPSTREAM_DONE || call->answer.output.failed)
        calls_learn(socket_calls(reader), call);
    if (result == UPSTREAM_BAD && call->answer.output.failed) {
        call_answer_problem(hub, reader, span_of(call->ref), 413, "too_large", "This answer is too large for a WebSocket: ask for it by HTTP.", "");
        call_drop(hub, call);
    } else if (result == UPSTREAM_DONE && upstream_reply_read(&reply, buf_span(&call->answer.output))) {
        give_reply(hub, call, &reply);
    } else {
        call_fail(hub, call);
    }
    socket_go_on(hub, reader);
}

static bool is_asked(const struct call *call)
{
    return call->question.length == 0;
}

/* False when nobody takes it. */
static bool write_question(struct call *call)
{
    ssize_t sent = send(call->descriptor, call->question.bytes + call->sent, call->question.length - call->sent, MSG_NOSIGNAL);
    if (sent < 0)
        return errno == EAGAIN || errno == EINTR;
    call->sent += (size_t)sent;
    if (call->sent == call->question.length)
        buf_free(&call->question);
    return true;
}

static void go_on_asking(struct hub *hub, struct call *call)
{
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = &call->watch};
    if (!write_question(call))
        give_answer(hub, call, UPSTREAM_BAD);
    else if (is_asked(call))
        epoll_ctl(hub->epoll, EPOLL_CTL_MOD, call->descriptor, &event);
}

static void read_answer(struct hub *hub, struct call *call)
{
    char bytes[16 * 1024];
    ssize_t got;
    enum upstream_result result;
    got = recv(call->descriptor, bytes, sizeof bytes, 0);
    if (got < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    result = got <= 0 ? UPSTREAM_BAD : upstream_answer_add(&call->answer, (struct span){bytes, (size_t)got});
    if (result != UPSTREAM_MORE)
        give_answer(hub, call, result);
}

void call_handle(struct hub *hub, struct watch *watch)
{
    struct call *call = (struct call *)(void *)watch;
    if (is_asked(call))
        read_answer(hub, call);
    else
        go_on_asking(hub, call);
}

void call_tick(struct hub *hub)
{
    while (!list_is_empty(&hub->calls)) {
        struct call *oldest = LIST_OWNER(hub->calls.next, struct call, of_hub);
        if (hub->now - oldest->asked_at < PATIENCE_MS)
            return;
        give_answer(hub, oldest, UPSTREAM_BAD);
    }
}

/* --- asking --- */

/* A unix socket connects at once, or its backlog is full. */
static int connect_api(void)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int descriptor;
    if (setting.api[0] == '\0')
        return -1;
    snprintf(address.sun_path, sizeof address.sun_path, "%s", setting.api);
    descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (descriptor >= 0 && connect(descriptor, (const struct sockaddr *)&address, sizeof address) != 0) {
        close(descriptor);
        return -1;
    }
    return descriptor;
}

static void write_request(struct buf *out, const struct call_request *request)
{
    unsigned char random[REQUEST_ID_BYTES];
    char id[REQUEST_ID_BYTES * 2 + 1], length[24];
    struct span path = span_of(request->path);
    struct span query = path;
    struct buf bearer;
    span_cut(&query, '?');
    randombytes_buf(random, sizeof random);
    encode_hex(id, random, sizeof random);
    snprintf(length, sizeof length, "%zu", request->body.length);
    buf_init(&bearer, 0);
    buf_add_text(&bearer, "Bearer ");
    buf_add_span(&bearer, request->token);
    const struct upstream_param params[] = {
        {"REQUEST_METHOD", span_of(request->method)}, {"REQUEST_URI", path}, {"QUERY_STRING", query},
        {"CONTENT_TYPE", span_of(request->body.length > 0 ? "application/json" : "")}, {"CONTENT_LENGTH", span_of(length)},
        {"REMOTE_ADDR", request->address}, {"HTTPS", span_of(request->is_https ? "on" : "")}, {"REQUEST_ID", span_of(id)},
        {"HTTP_HOST", request->host}, {"HTTP_AUTHORIZATION", buf_span(&bearer)}, {"HTTP_USER_AGENT", request->agent},
    };
    upstream_request(out, params, sizeof params / sizeof params[0], request->body);
    buf_free(&bearer);
}

static bool only_reads(const char *method)
{
    return strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0;
}

struct call *call_new(struct reader *reader, const struct call_request *request)
{
    struct call *call = mem_zeroed(sizeof *call);
    struct span query = span_of(request->path);
    struct span path = span_cut(&query, '?');
    *call = (struct call){
        .watch.kind = WATCH_CALL, .reader = reader, .descriptor = -1, .ref = mem_copy_bytes(request->ref.at, request->ref.length),
        .write_path = only_reads(request->method) ? NULL : mem_copy_bytes(path.at, path.length),
    };
    buf_init(&call->question, 0);
    buf_init(&call->answer.output, ANSWER_MAX);
    write_request(&call->question, request);
    list_init(&call->of_hub);
    list_init(&call->in_line);
    return call;
}

/*
 * What can be written is written at once, most often all of it: once parley-api has the question it is worked on, even if its socket is
 * gone by then. Only then is it known what is waited for.
 */
void call_begin(struct hub *hub, struct call *call)
{
    call->descriptor = connect_api();
    if (call->descriptor < 0) {
        call_fail(hub, call);
        return;
    }
    call->asked_at = hub->now;
    list_append(&hub->calls, &call->of_hub);
    hub->metrics.calls++;
    if (write_question(call))
        hub_watch(hub, &call->watch, call->descriptor, is_asked(call) ? EPOLLIN : EPOLLOUT);
    else
        call_fail(hub, call);
}
