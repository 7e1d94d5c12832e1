#include "stream/outbox.h"

#include "base/mem.h"
#include "stream/frame.h"

#include <assert.h>
#include <errno.h>
#include <sys/socket.h>
#include <sys/uio.h>

enum {
    FIRST_SIZE = 4,
    KEPT_SIZE = 16,        /* a queue that was longer gives its memory back when it is empty */
    PIECES_A_WRITE = 256,
};

void outbox_init(struct outbox *outbox, uint16_t request)
{
    *outbox = (struct outbox){.request = request};
}

void outbox_reset(struct outbox *outbox)
{
    for (uint32_t i = 0; i < outbox->count; i++)
        frame_drop(outbox->frames[(outbox->first + i) & (outbox->size - 1)]);
    mem_free(outbox->frames);
    outbox_init(outbox, outbox->request);
}

static void grow(struct outbox *outbox)
{
    uint32_t size = outbox->size == 0 ? FIRST_SIZE : outbox->size * 2;
    struct frame **frames = mem_alloc(size * sizeof(struct frame *));
    for (uint32_t i = 0; i < outbox->count; i++)
        frames[i] = outbox->frames[(outbox->first + i) & (outbox->size - 1)];
    mem_free(outbox->frames);
    outbox->frames = frames;
    outbox->first = 0;
    outbox->size = size;
}

void outbox_put(struct outbox *outbox, struct frame *frame)
{
    assert(!outbox->is_ending);
    if (outbox->count == outbox->size)
        grow(outbox);
    outbox->frames[(outbox->first + outbox->count) & (outbox->size - 1)] = frame_hold(frame);
    outbox->count++;
    outbox->bytes += frame->size;
}

static void drop_last(struct outbox *outbox)
{
    struct frame *last = outbox->frames[(outbox->first + --outbox->count) & (outbox->size - 1)];
    outbox->bytes -= last->size;
    frame_drop(last);
}

/* Not of records: what the header of one has promised must follow. A frame that was begun is finished. */
void outbox_forget(struct outbox *outbox)
{
    uint32_t begun = outbox->offset > 0 ? 1 : 0;
    assert(outbox->request == OUTBOX_PLAIN);
    while (outbox->count > begun)
        drop_last(outbox);
    outbox->record_left = outbox->bytes;
}

void outbox_end(struct outbox *outbox)
{
    outbox->is_ending = true;
}

bool outbox_has_work(const struct outbox *outbox)
{
    return outbox->count > 0 || outbox->head_left > 0 || (outbox->is_ending && !outbox->is_ended);
}

/* Between two records: starts the next one over what is queued, or the end. */
static void open_record(struct outbox *outbox)
{
    if (outbox->count > 0) {
        outbox->record_left = outbox->bytes < RECORD_CONTENT_MAX ? outbox->bytes : RECORD_CONTENT_MAX;
        if (outbox->request == OUTBOX_PLAIN)
            return;
        record_stdout(outbox->head, outbox->request, outbox->record_left);
        outbox->head_size = outbox->head_left = RECORD_HEADER_SIZE;
    } else if (outbox->is_ending && !outbox->is_ended) {
        outbox->is_ended = true;
        if (outbox->request == OUTBOX_PLAIN)
            return;
        record_end(outbox->head, outbox->request);
        outbox->head_size = outbox->head_left = RECORD_END_SIZE;
    }
}

/* The pieces of the open record, as many as fit into one write. */
static size_t gather(const struct outbox *outbox, struct iovec *pieces)
{
    size_t used = 0;
    uint32_t left = outbox->record_left, offset = outbox->offset;
    if (outbox->head_left > 0)
        pieces[used++] = (struct iovec){(void *)(outbox->head + outbox->head_size - outbox->head_left), outbox->head_left};
    for (uint32_t i = 0; left > 0 && used < PIECES_A_WRITE; i++) {
        struct frame *frame = outbox->frames[(outbox->first + i) & (outbox->size - 1)];
        uint32_t size = frame->size - offset < left ? frame->size - offset : left;
        pieces[used++] = (struct iovec){frame->bytes + offset, size};
        left -= size;
        offset = 0;
    }
    return used;
}

static void drop_first(struct outbox *outbox)
{
    frame_drop(outbox->frames[outbox->first]);
    outbox->first = (outbox->first + 1) & (outbox->size - 1);
    outbox->count--;
    outbox->offset = 0;
}

/* Lets go of what was written. */
static void advance(struct outbox *outbox, size_t written)
{
    size_t of_head = written < outbox->head_left ? written : outbox->head_left;
    outbox->head_left = (uint8_t)(outbox->head_left - of_head);
    written -= of_head;
    outbox->record_left -= (uint32_t)written;
    outbox->bytes -= (uint32_t)written;
    while (written > 0) {
        uint32_t left = outbox->frames[outbox->first]->size - outbox->offset;
        if (written < left) {
            outbox->offset += (uint32_t)written;
            return;
        }
        written -= left;
        drop_first(outbox);
    }
}

static void shrink(struct outbox *outbox)
{
    if (outbox->size > KEPT_SIZE) {
        mem_free(outbox->frames);
        outbox->frames = NULL;
        outbox->size = outbox->first = 0;
    }
}

enum outbox_result outbox_write(struct outbox *outbox, int descriptor)
{
    struct iovec pieces[PIECES_A_WRITE];
    for (;;) {
        struct msghdr message = {.msg_iov = pieces};
        ssize_t written;
        if (outbox->record_left == 0 && outbox->head_left == 0)
            open_record(outbox);
        message.msg_iovlen = gather(outbox, pieces);
        if (message.msg_iovlen == 0)
            break;
        written = sendmsg(descriptor, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return errno == EAGAIN ? OUTBOX_BLOCKED : OUTBOX_BROKEN;
        advance(outbox, (size_t)written);
    }
    shrink(outbox);
    return OUTBOX_EMPTY;
}
