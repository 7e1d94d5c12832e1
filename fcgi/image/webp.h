/*
 * The chunks of a WebP file. Only those that make up a picture are let through: no EXIF, no XMP, no profile, nothing unknown and
 * nothing behind the end. It does not look at how the pixels are packed.
 */
#pragma once
#include "base/buf.h"

/* Appends the file without all that is no picture; false when its chunks make no sense. Of a clean file it is a copy. */
bool webp_clean(struct buf *out, struct span file) __attribute__((warn_unused_result));
