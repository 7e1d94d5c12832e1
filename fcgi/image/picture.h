/*
 * What a decoder makes of a file: a picture that is ready to be stored, or why there is none. And how it travels from the
 * decoder's process to ours: a header of numbers, then the bytes. A decoder may have been taken over by what it decoded, so
 * nothing it says is believed unchecked: picture_take() looks at every number.
 */
#pragma once
#include "base/buf.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    PICTURE_FILE_MAX = 20 << 20,      /* bytes of an upload */
    PICTURE_PIXELS_MAX = 50000000,    /* of one frame, before it is made smaller */
    PICTURE_ROLL_MAX = 100000000,     /* pixels of all frames together */
    PICTURE_FRAMES_MAX = 2000,
    PICTURE_SIDE_MAX = 65535,         /* before it is made smaller */
    PICTURE_LONG_SIDE = 2048,         /* afterwards */
    PICTURE_LONG_SIDE_ANIMATED = 1280,
    PICTURE_THUMB_SIDE = 480,
    PICTURE_BYTES_MAX = 40 << 20      /* of what is made; only an animation comes near */
};

enum picture_verdict {
    PICTURE_FINE,
    PICTURE_DAMAGED,         /* cut short, or no decoder understands it */
    PICTURE_TOO_MANY_PIXELS,
    PICTURE_TOO_LONG,        /* one of its sides */
    PICTURE_TOO_MANY_FRAMES,
    PICTURE_TOO_HARD,        /* the decoder took too long, too much memory, or died */
    PICTURE_NO_DECODER       /* all are busy for too long, or others had its processor */
};

struct picture {
    enum picture_verdict verdict;
    bool animated;
    uint32_t width, height, thumb_width, thumb_height;
    struct buf bytes, thumb; /* WebP; empty unless PICTURE_FINE */
};

void picture_init(struct picture *picture);
void picture_free(struct picture *picture);

enum { PICTURE_HEADER_SIZE = 32 };
void picture_pack_header(unsigned char header[static PICTURE_HEADER_SIZE], const struct picture *picture);

/* Fills a picture from what a decoder sent, header and all bytes; anything that cannot be is PICTURE_TOO_HARD. */
void picture_take(struct picture *picture, struct span sent);

/* Each verdict that is a refusal, as an answer: 422, or 503. */
int picture_status(enum picture_verdict verdict);
const char *picture_title(enum picture_verdict verdict);
const char *picture_verdict_name(enum picture_verdict verdict); /* for metrics and log */
