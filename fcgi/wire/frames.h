/*
 * Follows the frames (RFC 6455, 5.2) in the bytes of a WebSocket's client, and says what wslay, which takes them apart, does not say or
 * not in time: how long a message will be before its first byte has come, in how many pieces it comes, whether one is unfinished.
 * What is no frame at all is wslay's to find.
 */
#pragma once
#include "base/span.h"

#include <stdint.h>

enum { FRAMES_HEADER_MAX = 14, FRAMES_PIECES_MAX = 1024 };

enum frames_result {
    FRAMES_FINE,
    FRAMES_TOO_LONG,   /* a message of more bytes than it may have */
    FRAMES_TOO_MANY,   /* a message of more than FRAMES_PIECES_MAX pieces */
    FRAMES_BAD_CLOSE,  /* a close frame with half a code */
};

/* Zeroes to begin with, but for the bound. */
struct frames {
    uint64_t message_max;
    uint64_t message_length, payload_left;
    uint32_t pieces;              /* of a message that is not whole; 0: there is none */
    uint8_t header_length;
    unsigned char header[FRAMES_HEADER_MAX];
};

/* Goes over the next bytes. `fine`: how many of them stand before the last byte of a header that is not fine; all, when each is. */
enum frames_result frames_follow(struct frames *frames, struct span bytes, size_t *fine) __attribute__((warn_unused_result));

bool frames_are_unfinished(const struct frames *frames);  /* a frame or a message has begun and is not whole */
