/*
 * What is still to be written to one reader: a queue of references to frames, and how far the descriptor got. Everything
 * that is queued when the loop writes leaves in one writev, as one FastCGI record or, on a socket of its own, as it is. No policy:
 * who is too slow decides the owner.
 */
#pragma once

#include "wire/record.h"

#include <stdbool.h>
#include <stdint.h>

struct frame;

enum outbox_result {
    OUTBOX_EMPTY,    /* all is written, the end too if there was one */
    OUTBOX_BLOCKED,  /* write again when the descriptor is writable */
    OUTBOX_BROKEN,   /* nobody is there to read */
};

struct outbox {
    struct frame **frames;  /* a ring of `size` places, null while nothing was ever queued */
    uint32_t first, count, size;
    uint32_t bytes;         /* of frames not yet written */
    uint32_t offset;        /* written of the first frame */
    uint32_t record_left;   /* of the content of the record that is being written */
    uint16_t request;       /* FastCGI's number of it; OUTBOX_PLAIN: no records */
    uint8_t head_left;      /* of the bytes in `head` */
    uint8_t head_size;
    bool is_ending, is_ended;
    unsigned char head[RECORD_END_SIZE];  /* a record's header, or the end */
};

enum { OUTBOX_PLAIN = 0 };  /* FastCGI has no request with this number */

void outbox_init(struct outbox *outbox, uint16_t request);
void outbox_reset(struct outbox *outbox);                         /* lets go of all frames */
void outbox_put(struct outbox *outbox, struct frame *frame);      /* takes a reference of its own */
void outbox_forget(struct outbox *outbox);                        /* lets go of all that was not begun; OUTBOX_PLAIN only */
void outbox_end(struct outbox *outbox);                           /* after what is queued, the answer ends */
bool outbox_has_work(const struct outbox *outbox);
enum outbox_result outbox_write(struct outbox *outbox, int descriptor) __attribute__((warn_unused_result));
