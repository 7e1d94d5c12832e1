// post: posts messages over keep-alive connections, or asks for things, and prints what it measured as one line of JSON.
//
//   post -p PORT -P /api/rooms/1/messages -t TOKENS -c 64 -s 10           as fast as answers come (a closed loop)
//   post … -r 100                                                        100 messages a second, whatever the answers do
//   post … -P /a -P /b                                                   connections take turns: the first posts to /a, the second to /b, …
//   post … -L LINES                                                      asks: GET, each line of the file is `TOKEN PATH`, in turns
//
// With a rate the latency counts from the moment at which a message was due, not from when a free connection came round to it:
// a server that stalls is charged with all that waited (no coordinated omission).
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "histogram.h"
#include "load.h"

#define GRACE_US 30000000 // for what was sent late, and for answers

struct connection {
    int fd;
    const char *token, *path;
    bool busy;
    uint64_t due_us;
    char *answer;
    size_t got;
};

#define ANSWER_MAX (4 << 20)

static struct load_options options;
static struct histogram latency;
static struct connection *connections;
static uint64_t sent, done, refused, bytes;

// A random UUID: what a client sends so that a post can be repeated.
static void write_uuid(char *into)
{
    uint64_t a = ((uint64_t)random() << 32) ^ (uint64_t)random(), b = ((uint64_t)random() << 32) ^ (uint64_t)random();
    sprintf(into, "%08x-%04x-4%03x-a%03x-%012llx", (unsigned)(a >> 32), (unsigned)(a >> 16) & 0xffff, (unsigned)a & 0xfff,
            (unsigned)(b >> 48) & 0xfff, (unsigned long long)(b & 0xffffffffffffULL));
}

static void send_request(struct connection *c, uint64_t due_us, const char *request, size_t length)
{
    if (send(c->fd, request, length, MSG_NOSIGNAL) != (ssize_t)length)
        load_die("a request was not taken whole");
    c->busy = true;
    c->got = 0;
    c->due_us = due_us;
    sent++;
}

static void send_post(struct connection *c, uint64_t due_us)
{
    char body[256], request[1024], uuid[64];
    write_uuid(uuid);
    int length = snprintf(body, sizeof body, "{\"text\":\"" LOAD_MARK "%llu %llu. And some more words, as people write them.\",\"client_id\":\"%s\"}",
                          (unsigned long long)sent, (unsigned long long)due_us, uuid);
    int all = snprintf(request, sizeof request,
                       "POST %s HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s",
                       c->path, c->token, length, body);
    send_request(c, due_us, request, (size_t)all);
}

// Asks for what the next line says.
static void send_question(struct connection *c, uint64_t due_us)
{
    const char *line = options.lines[sent % options.line_count], *path = strchr(line, ' ');
    char request[4096];
    if (!path)
        load_die("not TOKEN PATH: %s", line);
    int length = snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer %.*s\r\n\r\n", path + 1, (int)(path - line), line);
    send_request(c, due_us, request, (size_t)length);
}

static void take_answer(struct connection *c)
{
    ssize_t n = recv(c->fd, c->answer + c->got, ANSWER_MAX - 1 - c->got, 0);
    if (n < 0 && errno == EAGAIN)
        return;
    if (n <= 0)
        load_die("the server closed a connection");
    c->got += (size_t)n;
    bytes += (uint64_t)n;
    c->answer[c->got] = '\0';
    if (!load_is_whole(c->answer, c->got))
        return;
    histogram_add(&latency, load_now_us() - c->due_us);
    c->busy = false;
    if (c->answer[9] == '2')
        done++;
    else if (refused++ == 0)
        fprintf(stderr, "refused: %.300s\n", c->answer);
}

static void open_connections(int epoll)
{
    connections = calloc(options.connections, sizeof *connections);
    for (unsigned i = 0; i < options.connections; i++) {
        struct connection *c = &connections[i];
        c->token = options.token_count ? options.tokens[i % options.token_count] : "";
        c->path = options.path_count ? options.paths[i % options.path_count] : NULL;
        c->answer = malloc(ANSWER_MAX);
        c->fd = load_connect(&options, i);
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = c};
        epoll_ctl(epoll, EPOLL_CTL_ADD, c->fd, &event);
    }
    usleep(100000); // loopback connections are made by then
}

// Gives free connections what is due; without a rate everything is due at once.
static void send_what_is_due(uint64_t start, uint64_t now)
{
    static unsigned next;
    for (unsigned tried = 0; tried < options.connections; tried++) {
        uint64_t due = options.rate > 0 ? start + (uint64_t)((double)sent * 1e6 / options.rate) : now;
        if (due > now)
            return;
        struct connection *c = &connections[next++ % options.connections];
        if (!c->busy)
            (c->path ? send_post : send_question)(c, due);
    }
}

// With a rate everything that was due within the time is sent, however late.
static bool is_all_sent(uint64_t now, uint64_t end)
{
    return options.rate > 0 ? (double)sent >= options.rate * options.seconds : now >= end;
}

static void run(int epoll)
{
    uint64_t start = load_now_us(), end = start + (uint64_t)(options.seconds * 1e6);
    struct epoll_event events[256];
    for (uint64_t now = start; now < end + GRACE_US; now = load_now_us()) {
        if (!is_all_sent(now, end))
            send_what_is_due(start, now < end ? now : end);
        else if (done + refused == sent)
            break;
        int n = epoll_wait(epoll, events, 256, options.rate > 0 ? 1 : 10);
        for (int i = 0; i < n; i++)
            take_answer(events[i].data.ptr);
    }
    double seconds = (double)(load_now_us() - start) / 1e6;
    printf("{\"posts\":%llu,\"refused\":%llu,\"unanswered\":%llu,\"per_second\":%.0f,\"bytes\":%.0f,\"p50_ms\":%.2f,\"p99_ms\":%.2f,\"max_ms\":%.2f}\n",
           (unsigned long long)done, (unsigned long long)refused, (unsigned long long)(sent - done - refused), (double)done / seconds,
           (double)bytes / (double)(done + refused + (done + refused == 0)), histogram_ms(&latency, 0.5), histogram_ms(&latency, 0.99), (double)latency.max_us / 1000.0);
}

int main(int argc, char **argv)
{
    load_parse(&options, argc, argv);
    if (options.path_count == 0 && options.line_count == 0)
        load_die("-P PATH or -L LINES is needed");
    srandom((unsigned)getpid() ^ (unsigned)load_now_us());
    int epoll = epoll_create1(EPOLL_CLOEXEC);
    open_connections(epoll);
    run(epoll);
    return 0;
}
