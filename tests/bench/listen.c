// listen: opens many streams, says when all are open, and measures what arrives on them; prints lines of JSON.
//
//   listen -p PORT -R REQUEST -t TOKENS -c 1000 -s 10
//
// REQUEST is a file with the request to send, in which %TOKEN% is replaced; SECOND (-S) what to send after the first answer (for
// WebSockets). So the same program reads Server-Sent Events of Parley and of nchan, and WebSockets of socket.io: it looks for the mark of a
// bench message in whatever comes. First line, when every stream has answered: {"open":N,"seconds":…}. Last line: deliveries, their
// latencies since each message was due, and for each message the latency of the last reader that got it.
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "histogram.h"
#include "load.h"

#define TAIL 64 // a mark may be split between two reads
#define OPEN_AT_ONCE 256

struct reader {
    int fd;
    bool open;
    bool is_done;
    uint64_t deliveries;
    unsigned tail_length;
    char tail[TAIL];
};

struct last { // of one message
    uint64_t due_us, at_us;
    unsigned readers;
};

static struct load_options options;
static struct reader *readers;
static struct histogram every;
static struct last *lasts;
static size_t last_count;
static char *request, *second;
static size_t request_length, second_length;
static unsigned open_count, asked, closed, finished;
static uint64_t deliveries, bytes, first_us, newest_us;

static void note_delivery(struct reader *reader, uint64_t sequence, uint64_t due_us, uint64_t now)
{
    histogram_add(&every, now > due_us ? now - due_us : 0);
    deliveries++;
    first_us = first_us ? first_us : now;
    newest_us = now;
    if (sequence >= last_count) {
        lasts = realloc(lasts, (sequence + 4096) * sizeof *lasts);
        memset(lasts + last_count, 0, (sequence + 4096 - last_count) * sizeof *lasts);
        last_count = sequence + 4096;
    }
    lasts[sequence].due_us = due_us;
    lasts[sequence].at_us = now;
    lasts[sequence].readers++;
    if (++reader->deliveries == options.expect)
        finished++;
}

// Counts the marks in a piece of a stream; what could be the beginning of one is kept for the next piece.
static void scan(struct reader *reader, char *data, size_t length, uint64_t now)
{
    char *at = data, *end = data + length, *kept = end > data + TAIL ? end - TAIL : data;
    for (char *mark; (mark = memmem(at, (size_t)(end - at), LOAD_MARK, sizeof LOAD_MARK - 1));) {
        if (!memchr(mark, '.', (size_t)(end - mark))) {
            kept = mark;
            break;
        }
        char *rest;
        uint64_t sequence = strtoull(mark + sizeof LOAD_MARK - 1, &rest, 10), due = strtoull(rest, NULL, 10);
        if (due)
            note_delivery(reader, sequence, due, now);
        at = rest;
        if (kept < at)
            kept = at;
    }
    reader->tail_length = (unsigned)(end - kept > TAIL ? 0 : end - kept);
    memcpy(reader->tail, kept, reader->tail_length);
}

static void ask(struct reader *reader, unsigned number)
{
    char text[4096];
    const char *token = options.token_count ? options.tokens[number % options.token_count] : "", *place = strstr(request, "%TOKEN%");
    int length = place ? snprintf(text, sizeof text, "%.*s%s%s", (int)(place - request), request, token, place + 7)
                       : snprintf(text, sizeof text, "%s", request);
    if (send(reader->fd, text, (size_t)length, MSG_NOSIGNAL) != length)
        load_die("a request was not taken whole: %s", strerror(errno));
}

static void open_more(int epoll)
{
    while (asked < options.connections && asked - open_count < OPEN_AT_ONCE) {
        struct reader *reader = &readers[asked];
        reader->fd = load_connect(&options, asked++);
        struct epoll_event event = {.events = EPOLLIN | EPOLLOUT | EPOLLET, .data.ptr = reader};
        epoll_ctl(epoll, EPOLL_CTL_ADD, reader->fd, &event);
    }
}

static void note_open(struct reader *reader, const char *data)
{
    if (memcmp(data, "HTTP/1.1 200", 12) != 0 && memcmp(data, "HTTP/1.1 101", 12) != 0)
        load_die("not a stream: %.200s", data);
    reader->open = true;
    open_count++;
    if (second)
        send(reader->fd, second, second_length, MSG_NOSIGNAL);
}

static void take(struct reader *reader)
{
    static char data[TAIL + 262144];
    for (;;) {
        memcpy(data, reader->tail, reader->tail_length);
        ssize_t n = recv(reader->fd, data + reader->tail_length, sizeof data - TAIL, 0);
        if (n < 0 && (errno == EAGAIN || errno == ENOTCONN))
            return;
        if (n <= 0) {
            closed++;
            close(reader->fd);
            return;
        }
        bytes += (uint64_t)n;
        if (!reader->open)
            note_open(reader, data + reader->tail_length);
        scan(reader, data, reader->tail_length + (size_t)n, load_now_us());
        if ((size_t)n < sizeof data - TAIL)
            return;
    }
}

static void handle(int epoll, int timeout_ms)
{
    struct epoll_event events[512];
    int n = epoll_wait(epoll, events, 512, timeout_ms);
    for (int i = 0; i < n; i++) {
        struct reader *reader = events[i].data.ptr;
        if (!reader->open && !reader->is_done && (events[i].events & EPOLLOUT)) {
            reader->is_done = true;
            ask(reader, (unsigned)(reader - readers));
        }
        if (events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR))
            take(reader);
    }
}

static void print_result(void)
{
    struct histogram last = {0};
    unsigned incomplete = 0;
    for (size_t i = 0; i < last_count; i++) {
        if (lasts[i].readers >= options.connections - closed)
            histogram_add(&last, lasts[i].at_us - lasts[i].due_us);
        else if (lasts[i].readers > 0)
            incomplete++;
    }
    double seconds = newest_us > first_us ? (double)(newest_us - first_us) / 1e6 : 1;
    printf("{\"deliveries\":%llu,\"per_second\":%.0f,\"messages\":%llu,\"incomplete\":%u,\"closed\":%u,\"megabytes\":%.1f,"
           "\"p50_ms\":%.2f,\"p99_ms\":%.2f,\"max_ms\":%.2f,\"last_p50_ms\":%.2f,\"last_p99_ms\":%.2f}\n",
           (unsigned long long)deliveries, (double)deliveries / seconds, (unsigned long long)last.total, incomplete, closed,
           (double)bytes / 1e6, histogram_ms(&every, 0.5), histogram_ms(&every, 0.99), (double)every.max_us / 1000.0,
           histogram_ms(&last, 0.5), histogram_ms(&last, 0.99));
}

int main(int argc, char **argv)
{
    load_parse(&options, argc, argv);
    if (!options.request)
        load_die("-R REQUEST is needed");
    request = load_file(options.request, &request_length);
    second = options.second ? load_file(options.second, &second_length) : NULL;
    readers = calloc(options.connections, sizeof *readers);
    int epoll = epoll_create1(EPOLL_CLOEXEC);
    uint64_t start = load_now_us();
    while (open_count < options.connections) {
        open_more(epoll);
        handle(epoll, 100);
        if (closed > 0)
            load_die("%u streams were closed while opening", closed);
        if (load_now_us() - start > 60000000)
            load_die("only %u of %u streams opened within a minute", open_count, options.connections);
    }
    printf("{\"open\":%u,\"seconds\":%.3f}\n", open_count, (double)(load_now_us() - start) / 1e6);
    fflush(stdout);
    uint64_t end = load_now_us() + (uint64_t)(options.seconds * 1e6);
    while (load_now_us() < end && (options.expect == 0 || finished < options.connections))
        handle(epoll, 50);
    print_result();
    return 0;
}
