#include "base/buf.h"

#include "base/mem.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

enum { SMALLEST = 256 };

void buf_init(struct buf *buf, size_t limit)
{
    *buf = (struct buf){.limit = limit};
}

void buf_free(struct buf *buf)
{
    mem_free(buf->bytes);
    buf_init(buf, buf->limit);
}

void buf_clear(struct buf *buf)
{
    buf->length = 0;
    buf->failed = false;
}

void buf_reuse(struct buf *buf)
{
    if (buf->capacity > BUF_KEPT_BYTES)
        buf_free(buf);
    buf_clear(buf);
}

/* One byte more than asked for, so that buf_text always has room for its NUL. */
static void grow_to(struct buf *buf, size_t length)
{
    size_t capacity = buf->capacity ? buf->capacity : SMALLEST;
    while (capacity < length + 1)
        capacity *= 2;
    if (capacity != buf->capacity) {
        buf->bytes = mem_grow(buf->bytes, capacity);
        buf->capacity = capacity;
    }
}

char *buf_room(struct buf *buf, size_t length)
{
    if (buf->failed || length > SIZE_MAX / 4 - buf->length || (buf->limit && length > buf->limit - buf->length)) {
        buf->failed = true;
        return NULL;
    }
    if (buf->length + length + 1 > buf->capacity)
        grow_to(buf, buf->length + length);
    return buf->bytes + buf->length;
}

void buf_added(struct buf *buf, size_t length)
{
    assert(buf->length + length < buf->capacity);
    buf->length += length;
}

void buf_add(struct buf *buf, const void *bytes, size_t length)
{
    char *room = buf_room(buf, length);
    if (!room || !length)
        return;
    memcpy(room, bytes, length);
    buf->length += length;
}

void buf_add_span(struct buf *buf, struct span span)
{
    buf_add(buf, span.at, span.length);
}

void buf_add_text(struct buf *buf, const char *text)
{
    buf_add(buf, text, strlen(text));
}

void buf_add_byte(struct buf *buf, char byte)
{
    buf_add(buf, &byte, 1);
}

void buf_add_int(struct buf *buf, int64_t number)
{
    char digits[24];
    char *first = digits + sizeof digits;
    uint64_t rest = number < 0 ? -(uint64_t)number : (uint64_t)number;
    do
        *--first = (char)('0' + rest % 10);
    while (rest /= 10);
    if (number < 0)
        *--first = '-';
    buf_add(buf, first, (size_t)(digits + sizeof digits - first));
}

void buf_printf(struct buf *buf, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    buf_vprintf(buf, format, args);
    va_end(args);
}

/* Most of what is printed is short: it is written right away, and only once more when it did not fit. */
void buf_vprintf(struct buf *buf, const char *format, va_list args)
{
    va_list again;
    va_copy(again, args);
    size_t space = buf->failed || !buf->bytes ? 0 : buf->capacity - buf->length;
    if (buf->limit && space > buf->limit - buf->length + 1)
        space = buf->limit - buf->length + 1;
    int length = vsnprintf(space ? buf->bytes + buf->length : NULL, space, format, args);
    if (length >= 0 && (size_t)length < space) {
        buf->length += (size_t)length;
    } else {
        char *room = length < 0 ? NULL : buf_room(buf, (size_t)length);
        if (room)
            buf->length += (size_t)vsnprintf(room, (size_t)length + 1, format, again);
    }
    va_end(again);
}

void buf_drop_front(struct buf *buf, size_t length)
{
    assert(length <= buf->length);
    if (!length)
        return;
    memmove(buf->bytes, buf->bytes + length, buf->length - length);
    buf->length -= length;
}

const char *buf_text(struct buf *buf)
{
    if (!buf->bytes)
        grow_to(buf, 0);
    buf->bytes[buf->length] = '\0';
    return buf->bytes;
}

struct span buf_span(const struct buf *buf)
{
    return (struct span){buf->bytes, buf->length};
}
