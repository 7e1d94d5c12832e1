/*
 * The blocks of a GIF, walked without decoding anything: how large it is, how many frames it has, and whether it has its end.
 * Decoders fill a file that was cut short with nothing and call it a picture; this does not.
 */
#pragma once
#include "base/span.h"

#include <stdint.h>

struct gif_shape {
    uint32_t width, height;
    uint32_t frames;
};

/* False when the blocks do not lead to the trailer. */
bool gif_walk(struct span bytes, struct gif_shape *shape) __attribute__((warn_unused_result));
