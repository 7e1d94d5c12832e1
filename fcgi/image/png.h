/*
 * The chunks of a PNG file, walked without decoding anything: whether it has its end. Decoders take one that lost its last bytes for whole,
 * since they have all pixels by then.
 */
#pragma once
#include "base/span.h"

/* False when the chunks do not lead to IEND. What comes behind it is not looked at. */
bool png_is_whole(struct span bytes) __attribute__((warn_unused_result));
