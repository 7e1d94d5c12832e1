// listen: opens many streams, says when all are open, and measures what arrives on them; prints lines of JSON.
//
//   listen -p PORT -R REQUEST -t TOKENS -c 1000 -s 10
//
// REQUEST is a file with the request to send, in which %TOKEN% is replaced; SECOND (-S) what to send after the first answer (for
// WebSockets). So the same program reads Server-Sent Events of Parley and of nchan, and WebSockets of socket.io: it looks for the mark of a
// bench message in whatever comes. First line, when every stream has said OPENED_BY (-O): {"open":N,"seconds":…}. Last line: deliveries,
// their latencies since each message was due, and for each message the latency of the last reader that got it; with -e what each
// reader missed or got twice.
//
// With -B whoever is closed comes back at once: %RESUME% of the request becomes the header Last-Event-ID with the last event that was
// complete. It is back when it gets a message that was due after it asked: as they come in order, it has got all earlier ones.
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "histogram.h"
#include "load.h"

#define TAIL 64 // a mark may be split between two reads
#define ID_MAX 47
#define OPEN_AT_ONCE 256
#define TURNED_AWAY_US 100000 // who was told to come back later waits so long

enum chunk_state { NOT_CHUNKED, CHUNK_SIZE, CHUNK_DATA };

struct reader {
    int fd;
    bool has_asked, has_head, is_open, is_at_end;
    enum chunk_state chunk_state;
    bool has_chunk_size;
    uint64_t chunk_left;
    unsigned tail_length;
    char tail[TAIL];
    uint8_t *got; // a bit for each expected message
    uint64_t got_count;
    // Only of one who comes back:
    uint64_t asked_us;
    bool is_away; // was closed and is not back yet
    unsigned line_length;
    char line[ID_MAX + 1], id_read[ID_MAX + 1], last_id[ID_MAX + 1];
    struct reader *next_waiting;
};

struct last { // of one message
    uint64_t due_us, at_us;
    unsigned readers;
};

static struct load_options options;
static int epoll;
static struct reader *readers;
static struct histogram every, returns;
static struct last *lasts;
static size_t last_count;
static char *request, *second;
static size_t request_length, second_length;
static unsigned open_count, asked, closed, finished, turned_away;
static uint64_t deliveries, doubled, bytes, first_us, newest_us, first_closed_us, last_back_us;
static struct reader *first_waiting, **last_waiting = &first_waiting; // in the order of their asked_us

// --- what is counted ---

static struct last *last_of(uint64_t sequence)
{
    if (sequence >= last_count) {
        lasts = realloc(lasts, (sequence + 4096) * sizeof *lasts);
        memset(lasts + last_count, 0, (sequence + 4096 - last_count) * sizeof *lasts);
        last_count = sequence + 4096;
    }
    return &lasts[sequence];
}

static void note_expected(struct reader *reader, uint64_t sequence)
{
    if (sequence >= options.expect)
        return;
    uint8_t bit = (uint8_t)(1 << sequence % 8);
    if (reader->got[sequence / 8] & bit) {
        doubled++;
        return;
    }
    reader->got[sequence / 8] |= bit;
    if (++reader->got_count == options.expect)
        finished++;
}

static void note_back(struct reader *reader, uint64_t due_us, uint64_t now)
{
    if (!reader->is_away || due_us < reader->asked_us)
        return;
    reader->is_away = false;
    histogram_add(&returns, now - first_closed_us);
    last_back_us = now;
}

static void note_delivery(struct reader *reader, uint64_t sequence, uint64_t due_us, uint64_t now)
{
    struct last *last = last_of(sequence);
    histogram_add(&every, now > due_us ? now - due_us : 0);
    deliveries++;
    first_us = first_us ? first_us : now;
    newest_us = now;
    last->due_us = due_us;
    last->at_us = now;
    last->readers++;
    note_expected(reader, sequence);
    note_back(reader, due_us, now);
}

// --- what a stream says ---

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

// Remembers the id of the last event that ended with its empty line, as an EventSource does.
static void follow_ids(struct reader *reader, const char *data, size_t length)
{
    for (const char *end = data + length; data < end;) {
        const char *newline = memchr(data, '\n', (size_t)(end - data));
        size_t piece = (size_t)((newline ? newline : end) - data), room = ID_MAX - reader->line_length;
        memcpy(reader->line + reader->line_length, data, piece < room ? piece : room);
        reader->line_length += (unsigned)(piece < room ? piece : room);
        if (!newline)
            return;
        reader->line[reader->line_length] = '\0';
        if (reader->line_length == 0)
            memcpy(reader->last_id, reader->id_read, sizeof reader->last_id);
        else if (strncmp(reader->line, "id: ", 4) == 0)
            strcpy(reader->id_read, reader->line + 4);
        reader->line_length = 0;
        data = newline + 1;
    }
}

// A byte of the line with a chunk's length. The chunk of length 0 is the end of the answer; the connection may stay open.
static void take_size(struct reader *reader, char c)
{
    if (c == '\n' && reader->has_chunk_size) {
        reader->is_at_end = reader->chunk_left == 0;
        reader->chunk_state = CHUNK_DATA;
        reader->has_chunk_size = false;
    } else if (c != '\r' && c != '\n') {
        reader->chunk_left = reader->chunk_left * 16 + (uint64_t)(c <= '9' ? c - '0' : (c | 32) - 'a' + 10);
        reader->has_chunk_size = true;
    }
}

// Takes the lengths of the chunks out of what came; gives what is left. A length may be split anywhere.
static size_t unchunk(struct reader *reader, char *data, size_t length)
{
    char *into = data;
    for (char *at = data, *end = data + length; at < end && !reader->is_at_end;) {
        if (reader->chunk_state == CHUNK_DATA) {
            size_t piece = reader->chunk_left < (size_t)(end - at) ? reader->chunk_left : (size_t)(end - at);
            memmove(into, at, piece);
            into += piece;
            at += piece;
            reader->chunk_left -= piece;
            if (reader->chunk_left == 0)
                reader->chunk_state = CHUNK_SIZE;
        } else {
            take_size(reader, *at++);
        }
    }
    return (size_t)(into - data);
}

// The head comes in one piece here: all the servers write it at once. Gives its length.
static size_t take_head(struct reader *reader, const char *data, size_t length)
{
    const char *end = memmem(data, length, "\r\n\r\n", 4);
    if (!end || (memcmp(data, "HTTP/1.1 200", 12) != 0 && memcmp(data, "HTTP/1.1 101", 12) != 0))
        load_die("not a stream: %.*s", (int)(length < 200 ? length : 200), data);
    reader->has_head = true;
    if (memmem(data, (size_t)(end - data), "chunked", 7))
        reader->chunk_state = CHUNK_SIZE;
    if (second)
        send(reader->fd, second, second_length, MSG_NOSIGNAL);
    return (size_t)(end - data) + 4;
}

static void look_whether_open(struct reader *reader, const char *data, size_t length)
{
    if (options.opened_by && !memmem(data, length, options.opened_by, strlen(options.opened_by)))
        return;
    reader->is_open = true;
    open_count++;
}

// --- connections ---

static size_t fill_in(char *text, size_t size, const char *token, const char *last_id)
{
    char *into = text;
    for (const char *at = request; at < request + request_length;) {
        if (into > text + size - 512)
            load_die("the request is too long");
        if (strncmp(at, "%TOKEN%", 7) == 0) {
            into += sprintf(into, "%.255s", token);
            at += 7;
        } else if (strncmp(at, "%RESUME%", 8) == 0) {
            into += last_id[0] ? sprintf(into, "Last-Event-ID: %s\r\n", last_id) : 0;
            at += 8;
        } else {
            *into++ = *at++;
        }
    }
    return (size_t)(into - text);
}

static void ask(struct reader *reader)
{
    char text[4096];
    const char *token = options.token_count ? options.tokens[(size_t)(reader - readers) % options.token_count] : "";
    size_t length = fill_in(text, sizeof text, token, reader->last_id);
    if (send(reader->fd, text, length, MSG_NOSIGNAL) != (ssize_t)length)
        load_die("a request was not taken whole: %s", strerror(errno));
    reader->has_asked = true;
    reader->asked_us = load_now_us();
}

static void open_stream(struct reader *reader)
{
    reader->has_asked = reader->has_head = reader->is_open = reader->is_at_end = reader->has_chunk_size = false;
    reader->chunk_state = NOT_CHUNKED;
    reader->chunk_left = reader->tail_length = reader->line_length = 0;
    reader->id_read[0] = '\0';
    reader->fd = load_connect(&options, (unsigned)(reader - readers));
    struct epoll_event event = {.events = EPOLLIN | EPOLLOUT | EPOLLET, .data.ptr = reader};
    epoll_ctl(epoll, EPOLL_CTL_ADD, reader->fd, &event);
}

static void open_more(void)
{
    while (asked < options.connections && asked - open_count < OPEN_AT_ONCE)
        open_stream(&readers[asked++]);
}

static void come_back(struct reader *reader, uint64_t now)
{
    first_closed_us = first_closed_us ? first_closed_us : now;
    reader->is_away = true;
    if (reader->is_open) {
        open_count--;
        open_stream(reader);
        return;
    }
    turned_away++;
    reader->asked_us = now;
    reader->next_waiting = NULL;
    *last_waiting = reader;
    last_waiting = &reader->next_waiting;
}

static void let_waiting_come_back(uint64_t now)
{
    while (first_waiting && now - first_waiting->asked_us >= TURNED_AWAY_US) {
        struct reader *reader = first_waiting;
        first_waiting = reader->next_waiting;
        if (!first_waiting)
            last_waiting = &first_waiting;
        open_stream(reader);
    }
}

static void note_closed(struct reader *reader)
{
    close(reader->fd);
    if (options.comes_back)
        come_back(reader, load_now_us());
    else
        closed++;
}

static void take_piece(struct reader *reader, char *data, size_t n)
{
    if (!reader->has_head) {
        size_t head = take_head(reader, data, n);
        memmove(data, data + head, n -= head);
    }
    if (reader->chunk_state != NOT_CHUNKED)
        n = unchunk(reader, data, n);
    if (options.comes_back)
        follow_ids(reader, data, n);
    if (!reader->is_open)
        look_whether_open(reader, data, n);
    scan(reader, data - reader->tail_length, reader->tail_length + n, load_now_us());
}

static void take(struct reader *reader)
{
    static char data[TAIL + 262144];
    for (;;) {
        char *piece = data + TAIL;
        ssize_t n = recv(reader->fd, piece, sizeof data - TAIL, 0);
        if (n < 0 && (errno == EAGAIN || errno == ENOTCONN))
            return;
        if (n <= 0) {
            note_closed(reader);
            return;
        }
        bytes += (uint64_t)n;
        memcpy(piece - reader->tail_length, reader->tail, reader->tail_length);
        take_piece(reader, piece, (size_t)n);
        if (reader->is_at_end) {
            note_closed(reader);
            return;
        }
        if ((size_t)n < sizeof data - TAIL)
            return;
    }
}

static void handle(int timeout_ms)
{
    struct epoll_event events[512];
    int n = epoll_wait(epoll, events, 512, timeout_ms);
    for (int i = 0; i < n; i++) {
        struct reader *reader = events[i].data.ptr;
        if (!reader->has_asked && (events[i].events & EPOLLOUT))
            ask(reader);
        if (events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR))
            take(reader);
    }
    let_waiting_come_back(load_now_us());
}

// --- from beginning to end ---

static void open_all(void)
{
    uint64_t start = load_now_us();
    while (open_count < options.connections) {
        open_more();
        handle(100);
        if (closed > 0 || turned_away > 0)
            load_die("streams were closed while opening");
        if (load_now_us() - start > 60000000)
            load_die("only %u of %u streams opened within a minute", open_count, options.connections);
    }
    printf("{\"open\":%u,\"seconds\":%.3f}\n", open_count, (double)(load_now_us() - start) / 1e6);
    fflush(stdout);
}

static void print_result(void)
{
    struct histogram last = {0};
    unsigned incomplete = 0, audience = options.audience ? options.audience : options.connections - closed;
    for (size_t i = 0; i < last_count; i++) {
        if (lasts[i].readers >= audience)
            histogram_add(&last, lasts[i].at_us - lasts[i].due_us);
        else if (lasts[i].readers > 0)
            incomplete++;
    }
    double seconds = newest_us > first_us ? (double)(newest_us - first_us) / 1e6 : 1;
    printf("{\"deliveries\":%llu,\"per_second\":%.0f,\"messages\":%llu,\"incomplete\":%u,\"closed\":%u,\"megabytes\":%.1f,"
           "\"p50_ms\":%.2f,\"p99_ms\":%.2f,\"max_ms\":%.2f,\"last_p50_ms\":%.2f,\"last_p99_ms\":%.2f,",
           (unsigned long long)deliveries, (double)deliveries / seconds, (unsigned long long)last.total, incomplete, closed,
           (double)bytes / 1e6, histogram_ms(&every, 0.5), histogram_ms(&every, 0.99), (double)every.max_us / 1000.0,
           histogram_ms(&last, 0.5), histogram_ms(&last, 0.99));
    uint64_t got = 0;
    for (unsigned i = 0; i < options.connections; i++)
        got += readers[i].got_count;
    printf("\"missed\":%llu,\"doubled\":%llu,\"came_back\":%llu,\"turned_away\":%u,\"first_closed_us\":%llu,\"last_back_us\":%llu,"
           "\"back_p50_ms\":%.2f}\n",
           (unsigned long long)(options.expect * options.connections - got), (unsigned long long)doubled, (unsigned long long)returns.total,
           turned_away, (unsigned long long)first_closed_us, (unsigned long long)last_back_us, histogram_ms(&returns, 0.5));
}

int main(int argc, char **argv)
{
    load_parse(&options, argc, argv);
    if (!options.request)
        load_die("-R REQUEST is needed");
    request = load_file(options.request, &request_length);
    second = options.second ? load_file(options.second, &second_length) : NULL;
    readers = calloc(options.connections, sizeof *readers);
    for (unsigned i = 0; i < options.connections; i++)
        readers[i].got = calloc(options.expect / 8 + 1, 1);
    epoll = epoll_create1(EPOLL_CLOEXEC);
    open_all();
    uint64_t end = load_now_us() + (uint64_t)(options.seconds * 1e6);
    while (load_now_us() < end && (options.expect == 0 || finished < options.connections))
        handle(50);
    print_result();
    return 0;
}
