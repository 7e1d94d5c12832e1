#include "image/webp.h"

#include <stdint.h>
#include <string.h>

enum { HEAD_SIZE = 12, CHUNK_HEAD_SIZE = 8, FRAME_HEAD_SIZE = 16, FLAG_ALPHA = 0x10, FLAG_ANIMATION = 0x02, EXTENDED_SIZE = 10 };

static uint32_t little_endian(const char *at)
{
    const uint8_t *byte = (const uint8_t *)at;
    return byte[0] | (uint32_t)byte[1] << 8 | (uint32_t)byte[2] << 16 | (uint32_t)byte[3] << 24;
}

static bool is_named(struct span chunk, const char *name)
{
    return memcmp(chunk.at, name, 4) == 0;
}

/* Takes the next chunk, head and padding included; false when it is not all there. */
static bool take_chunk(struct span *rest, struct span *chunk)
{
    if (rest->length < CHUNK_HEAD_SIZE)
        return false;
    size_t size = little_endian(rest->at + 4);
    size_t whole = CHUNK_HEAD_SIZE + size + (size & 1);
    if (whole > rest->length)
        return false;
    *chunk = (struct span){rest->at, whole};
    span_skip(rest, whole);
    return true;
}

static bool is_pixels(struct span chunk)
{
    return is_named(chunk, "VP8 ") || is_named(chunk, "VP8L") || is_named(chunk, "ALPH");
}

/* A frame of an animation: where it stands, then chunks of pixels and nothing else. */
static bool is_frame(struct span chunk)
{
    struct span part;
    size_t size = little_endian(chunk.at + 4);
    if (size < FRAME_HEAD_SIZE)
        return false;
    struct span rest = {chunk.at + CHUNK_HEAD_SIZE + FRAME_HEAD_SIZE, size - FRAME_HEAD_SIZE};
    while (rest.length > 0)
        if (!take_chunk(&rest, &part) || !is_pixels(part))
            return false;
    return true;
}

/* VP8X says which other chunks there are: only alpha and animation are left to say. */
static void add_extended(struct buf *out, struct span chunk)
{
    size_t at = out->length + CHUNK_HEAD_SIZE;
    buf_add_span(out, chunk);
    if (!out->failed)
        out->bytes[at] &= FLAG_ALPHA | FLAG_ANIMATION;
}

static bool add_chunk(struct buf *out, struct span chunk)
{
    if (is_named(chunk, "VP8X")) {
        if (chunk.length != CHUNK_HEAD_SIZE + EXTENDED_SIZE)
            return false;
        add_extended(out, chunk);
    } else if (is_named(chunk, "ANMF")) {
        if (!is_frame(chunk))
            return false;
        buf_add_span(out, chunk);
    } else if (is_pixels(chunk) || is_named(chunk, "ANIM")) {
        buf_add_span(out, chunk);
    }
    return true;
}

static void write_size(struct buf *out, size_t begin)
{
    uint32_t size = (uint32_t)(out->length - begin - CHUNK_HEAD_SIZE);
    for (int i = 0; i < 4; i++)
        out->bytes[begin + 4 + (size_t)i] = (char)(size >> (8 * i));
}

bool webp_clean(struct buf *out, struct span file)
{
    size_t begin = out->length;
    struct span rest, chunk;
    if (file.length < HEAD_SIZE || !is_named(file, "RIFF") || memcmp(file.at + 8, "WEBP", 4) != 0)
        return false;
    size_t size = little_endian(file.at + 4);
    if (size < 4 || size > file.length - CHUNK_HEAD_SIZE)
        return false;
    buf_add(out, file.at, HEAD_SIZE);
    rest = (struct span){file.at + HEAD_SIZE, size - 4};
    while (rest.length > 0)
        if (!take_chunk(&rest, &chunk) || !add_chunk(out, chunk))
            return false;
    if (out->failed || out->length == begin + HEAD_SIZE)
        return false;
    write_size(out, begin);
    return true;
}
