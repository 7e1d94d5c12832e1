/*
 * Decoding as the rest of the program sees it: a file goes in, a picture comes out, and it happens elsewhere. At most
 * `decoders` of the plan at a time; whoever waits too long for a turn is told so. Any thread may call.
 */
#pragma once
#include "image/nursery.h"
#include "image/picture.h"

#include <semaphore.h>

struct decoder {
    int nursery;
    long seconds;
    sem_t turns;
};

/* Before the program has threads; false when it cannot be. Lives as long as the program. */
bool decoder_start(struct decoder *decoder, const struct nursery_plan *plan) __attribute__((warn_unused_result));

/* The file stays the caller's. Whatever happens to the process that decodes, the picture has a verdict. */
void decoder_decode(struct decoder *decoder, int file, struct picture *picture);
