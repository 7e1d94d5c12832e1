#include "image/png.h"

#include <stdint.h>
#include <string.h>

enum { SIGNATURE_SIZE = 8, LENGTH_SIZE = 4, NAME_SIZE = 4, CHECKSUM_SIZE = 4, CHUNK_SIZE = LENGTH_SIZE + NAME_SIZE + CHECKSUM_SIZE };

static size_t big_endian(const char *at)
{
    const uint8_t *byte = (const uint8_t *)at;
    return (size_t)byte[0] << 24 | (size_t)byte[1] << 16 | (size_t)byte[2] << 8 | byte[3];
}

bool png_is_whole(struct span bytes)
{
    size_t at = SIGNATURE_SIZE;
    while (at <= bytes.length && bytes.length - at >= CHUNK_SIZE) {
        size_t length = big_endian(bytes.at + at);
        if (length > bytes.length - at - CHUNK_SIZE)
            return false;
        if (memcmp(bytes.at + at + LENGTH_SIZE, "IEND", NAME_SIZE) == 0)
            return true;
        at += CHUNK_SIZE + length;
    }
    return false;
}
