#include "image/gif.h"

#include <stddef.h>

enum { HEADER_SIZE = 6, SCREEN_SIZE = 7, FRAME_SIZE = 9, HAS_TABLE = 0x80, TABLE_SIZE = 0x07 };
enum { EXTENSION = 0x21, FRAME = 0x2c, TRAILER = 0x3b };

/* Takes bytes off the front; NULL when there are not so many. */
static const uint8_t *take(struct span *rest, size_t length)
{
    const uint8_t *at = (const uint8_t *)rest->at;
    if (rest->length < length)
        return NULL;
    span_skip(rest, length);
    return at;
}

static uint32_t little_endian(const uint8_t *at)
{
    return at[0] | (uint32_t)at[1] << 8;
}

static bool skip_table(struct span *rest, uint8_t flags)
{
    return !(flags & HAS_TABLE) || take(rest, (size_t)3 << ((flags & TABLE_SIZE) + 1));
}

/* Sub-blocks: a length and so many bytes, up to a length of zero. */
static bool skip_data(struct span *rest)
{
    const uint8_t *length;
    while ((length = take(rest, 1)) && *length)
        if (!take(rest, *length))
            return false;
    return length;
}

static bool skip_frame(struct span *rest)
{
    const uint8_t *frame = take(rest, FRAME_SIZE);
    return frame && skip_table(rest, frame[8]) && take(rest, 1) && skip_data(rest);
}

bool gif_walk(struct span bytes, struct gif_shape *shape)
{
    *shape = (struct gif_shape){0};
    const uint8_t *screen = take(&bytes, HEADER_SIZE) ? take(&bytes, SCREEN_SIZE) : NULL;
    if (!screen || !skip_table(&bytes, screen[4]))
        return false;
    shape->width = little_endian(screen);
    shape->height = little_endian(screen + 2);
    const uint8_t *block;
    while ((block = take(&bytes, 1)) && *block != TRAILER) {
        bool is_sound = *block == FRAME ? skip_frame(&bytes) : *block == EXTENSION && take(&bytes, 1) && skip_data(&bytes);
        if (!is_sound)
            return false;
        shape->frames += *block == FRAME;
    }
    return block;
}
