#include "image/png.h"

#include <string.h>

enum { SIGNATURE_SIZE = 8, LENGTH_SIZE = 4, NAME_SIZE = 4, CHECKSUM_SIZE = 4, CHUNK_SIZE = LENGTH_SIZE + NAME_SIZE + CHECKSUM_SIZE };

bool png_is_whole(struct span bytes)
{
    size_t at = SIGNATURE_SIZE;
    while (at <= bytes.length && bytes.length - at >= CHUNK_SIZE) {
        size_t length = span_u32(bytes, at);
        if (length > bytes.length - at - CHUNK_SIZE)
            return false;
        if (memcmp(bytes.at + at + LENGTH_SIZE, "IEND", NAME_SIZE) == 0)
            return true;
        at += CHUNK_SIZE + length;
    }
    return false;
}
