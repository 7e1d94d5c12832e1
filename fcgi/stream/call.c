#include "stream/call.h"

#include "base/mem.h"
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
    ANSWER_MAX = 8 * 1024 * 1024,      /* over a page of 200 of the longest messages */
    REQUEST_ID_BYTES = 16,
};

struct call {
    struct watch watch;                /* first: what epoll gives back */
    struct list of_hub, of_socket;
    struct reader *reader;
    int descriptor;
    int64_t began_at;
    char *ref;
    struct buf question;
    size_t sent;
    struct upstream_answer answer;
};

/* --- what the client gets --- */

void call_answer(struct hub *hub, struct reader *reader, const char *ref, int status, struct span body)
{
    struct buf text, out;

    buf_init(&text, 0);
    buf_printf(&text, "{\"ref\":%s,\"status\":%d,\"body\":", ref, status);
    if (body.length > 0)
        buf_add_span(&text, body);
    else
        buf_add_text(&text, "null");
    buf_add_byte(&text, '}');
    buf_init(&out, 0);
    websocket_text(&out, buf_span(&text));
    reader_queue_bytes(hub, reader, out.bytes, out.length);
    buf_free(&text);
    buf_free(&out);
}

void call_answer_problem(struct hub *hub, struct reader *reader, const char *ref, int status, const char *code, const char *title)
{
    struct buf body;

    buf_init(&body, 0);
    problem_add(&body, status, code, title, "");
    call_answer(hub, reader, ref, status, buf_span(&body));
    buf_free(&body);
}

/* --- from the question to the answer --- */

static void drop(struct hub *hub, struct call *call)
{
    list_remove(&call->of_socket);
    list_remove(&call->of_hub);
    list_append(&hub->gone_calls, &call->of_hub);
    call->watch.kind = WATCH_NOBODY;
    close(call->descriptor);
}

void call_free_gone(struct hub *hub)
{
    struct list *link;

    while ((link = list_take(&hub->gone_calls)) != NULL) {
        struct call *call = LIST_OWNER(link, struct call, of_hub);

        buf_free(&call->question);
        buf_free(&call->answer.output);
        mem_free(call->ref);
        mem_free(call);
    }
}

static void finish(struct hub *hub, struct call *call)
{
    struct reader *reader = call->reader;

    drop(hub, call);
    socket_go_on(hub, reader);
}

static void fail(struct hub *hub, struct call *call)
{
    call_answer_problem(hub, call->reader, call->ref, 503, "unavailable", "Parley is not available at the moment: please try again.");
    finish(hub, call);
}

static void succeed(struct hub *hub, struct call *call)
{
    struct upstream_reply reply;
    struct buf text;

    if (!upstream_reply_read(&reply, buf_span(&call->answer.output))) {
        fail(hub, call);
        return;
    }
    buf_init(&text, 0);
    if (!reply.is_json && reply.body.length > 0)
        quote_add(&text, reply.body);
    call_answer(hub, call->reader, call->ref, reply.status, reply.is_json ? reply.body : buf_span(&text));
    buf_free(&text);
    finish(hub, call);
}

static void write_question(struct hub *hub, struct call *call)
{
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = &call->watch};
    ssize_t sent = send(call->descriptor, call->question.bytes + call->sent, call->question.length - call->sent, MSG_NOSIGNAL);

    if (sent < 0 && errno != EAGAIN && errno != EINTR) {
        fail(hub, call);
        return;
    }
    if (sent > 0)
        call->sent += (size_t)sent;
    if (call->sent == call->question.length)
        epoll_ctl(hub->epoll, EPOLL_CTL_MOD, call->descriptor, &event);
}

static void read_answer(struct hub *hub, struct call *call)
{
    char bytes[16 * 1024];
    ssize_t got = recv(call->descriptor, bytes, sizeof bytes, 0);
    enum upstream_result result;

    if (got < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    result = got <= 0 ? UPSTREAM_BAD : upstream_answer_add(&call->answer, (struct span){bytes, (size_t)got});
    if (result == UPSTREAM_DONE) {
        succeed(hub, call);
    } else if (result == UPSTREAM_BAD && call->answer.output.failed) {
        call_answer_problem(hub, call->reader, call->ref, 413, "too_large", "This answer is too large for a WebSocket: ask for it by HTTP.");
        finish(hub, call);
    } else if (result == UPSTREAM_BAD) {
        fail(hub, call);
    }
}

void call_handle(struct hub *hub, struct watch *watch)
{
    struct call *call = (struct call *)(void *)watch;

    if (call->sent < call->question.length)
        write_question(hub, call);
    else
        read_answer(hub, call);
}

void call_tick(struct hub *hub)
{
    while (!list_is_empty(&hub->calls)) {
        struct call *oldest = LIST_OWNER(hub->calls.next, struct call, of_hub);

        if (hub->now - oldest->began_at < PATIENCE_MS)
            return;
        fail(hub, oldest);
    }
}

void call_drop_all(struct hub *hub, struct list *of_socket)
{
    LIST_EACH(of_socket, link)
        drop(hub, LIST_OWNER(link, struct call, of_socket));
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

void call_start(struct hub *hub, struct reader *reader, struct list *of_socket, const struct call_request *request)
{
    int descriptor = connect_api();
    struct call *call;

    if (descriptor < 0) {
        call_answer_problem(hub, reader, request->ref, 503, "unavailable", "Parley is not available at the moment: please try again.");
        return;
    }
    call = mem_zeroed(sizeof *call);
    *call = (struct call){
        .watch.kind = WATCH_CALL, .reader = reader, .descriptor = descriptor, .began_at = hub->now, .ref = mem_copy_text(request->ref),
    };
    buf_init(&call->question, 0);
    buf_init(&call->answer.output, ANSWER_MAX);
    write_request(&call->question, request);
    list_init(&call->of_hub);
    list_init(&call->of_socket);
    list_append(&hub->calls, &call->of_hub);
    list_append(of_socket, &call->of_socket);
    hub->metrics.calls++;
    hub_watch(hub, &call->watch, descriptor, EPOLLOUT);
}
