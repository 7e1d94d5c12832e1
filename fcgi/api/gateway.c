#include "api/gateway.h"

#include "base/accept.h"
#include "base/mem.h"
#include "wire/record.h"

#include <errno.h>
#include <sys/uio.h>
#include <unistd.h>

enum { PIECES_MAX = 64 }; /* iovecs of one writev */

void gateway_init(struct gateway *gateway)
{
    accept_init(&gateway->fcgx);
}

bool gateway_accept(struct gateway *gateway)
{
    gateway->has_unread_body = true;
    return accept_request(&gateway->fcgx);
}

char *const *gateway_params(const struct gateway *gateway)
{
    return gateway->fcgx.envp;
}

/* Also reads the end of the body, so that nothing is left in the socket when it is closed. */
bool gateway_read_body(struct gateway *gateway, struct buf *body, size_t length)
{
    char rest;
    char *room = buf_room(body, length);
    if (!room)
        return false;
    int got = length ? FCGX_GetStr(room, (int)length, gateway->fcgx.in) : 0;
    if (got > 0)
        buf_added(body, (size_t)got);
    if (got == (int)length && FCGX_GetStr(&rest, 1, gateway->fcgx.in) == 0)
        gateway->has_unread_body = false;
    return got == (int)length;
}

/* False when the peer went away. */
static bool write_all(int fd, struct iovec *pieces, int count)
{
    while (count) {
        ssize_t written = writev(fd, pieces, count < PIECES_MAX ? count : PIECES_MAX);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return false;
        while (count && (size_t)written >= pieces->iov_len) {
            written -= (ssize_t)pieces->iov_len;
            pieces++;
            count--;
        }
        if (count) {
            pieces->iov_base = (char *)pieces->iov_base + written;
            pieces->iov_len -= (size_t)written;
        }
    }
    return true;
}

/* One record of output: its header, and what goes in of head and body. */
static int add_record(unsigned char *header, struct iovec *pieces, uint16_t id, struct span *head, struct span *body)
{
    size_t from_head = head->length < RECORD_CONTENT_MAX ? head->length : RECORD_CONTENT_MAX;
    size_t room = RECORD_CONTENT_MAX - from_head;
    size_t from_body = body->length < room ? body->length : room;
    int count = 0;
    record_stdout(header, id, from_head + from_body);
    pieces[count++] = (struct iovec){header, RECORD_HEADER_SIZE};
    if (from_head)
        pieces[count++] = (struct iovec){(char *)(uintptr_t)head->at, from_head};
    if (from_body)
        pieces[count++] = (struct iovec){(char *)(uintptr_t)body->at, from_body};
    span_skip(head, from_head);
    span_skip(body, from_body);
    return count;
}

/* All of head and body in as few system calls as can be, and the end of the request where it is asked for. */
static bool send_records(struct gateway *gateway, struct span head, struct span body, bool with_end)
{
    size_t records = (head.length + body.length) / RECORD_CONTENT_MAX + 1;
    uint16_t id = (uint16_t)gateway->fcgx.requestId;
    unsigned char small_headers[RECORD_HEADER_SIZE], end[RECORD_END_SIZE];
    struct iovec small_pieces[4];
    unsigned char *headers = records == 1 ? small_headers : mem_alloc(records * RECORD_HEADER_SIZE);
    struct iovec *pieces = records == 1 ? small_pieces : mem_alloc((records * 3 + 1) * sizeof *pieces);
    int count = 0;
    for (size_t i = 0; head.length || body.length; i++)
        count += add_record(headers + i * RECORD_HEADER_SIZE, pieces + count, id, &head, &body);
    record_end(end, id);
    if (with_end)
        pieces[count++] = (struct iovec){end, sizeof end};
    bool is_sent = write_all(gateway->fcgx.ipcFd, pieces, count);
    if (records > 1) {
        mem_free(headers);
        mem_free(pieces);
    }
    return is_sent;
}

/* libfcgi's own close reads up to two seconds of what still comes, and only a peer that may still be sending needs that. */
static void hang_up(struct gateway *gateway)
{
    int fd = gateway->fcgx.ipcFd;
    FCGX_Free(&gateway->fcgx, gateway->has_unread_body);
    if (!gateway->has_unread_body)
        close(fd);
    gateway->fcgx.ipcFd = -1;
}

void gateway_answer(struct gateway *gateway, struct span head, struct span body)
{
    send_records(gateway, head, body, true);
    hang_up(gateway);
}

bool gateway_write(struct gateway *gateway, struct span piece)
{
    return send_records(gateway, piece, (struct span){0}, false);
}

void gateway_end(struct gateway *gateway, bool is_whole)
{
    if (is_whole)
        send_records(gateway, (struct span){0}, (struct span){0}, true);
    hang_up(gateway);
}
