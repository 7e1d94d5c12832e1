/*
 * Bytes that belong to somebody else: where they begin and how many they are. Not NUL-terminated. A span lives as long as what
 * it points into.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct span {
    const char *at;
    size_t length;
};

static inline struct span span_of(const char *text)
{
    return (struct span){text, text ? strlen(text) : 0};
}

static inline bool span_is(struct span span, const char *text)
{
    size_t length = strlen(text);
    return span.length == length && (length == 0 || memcmp(span.at, text, length) == 0);
}

/* The number that four bytes there are, the first of them the largest; there must be so many. */
static inline uint32_t span_u32(struct span span, size_t place)
{
    const uint8_t *byte = (const uint8_t *)span.at + place;
    return (uint32_t)byte[0] << 24 | (uint32_t)byte[1] << 16 | (uint32_t)byte[2] << 8 | byte[3];
}

/* Takes bytes off the front; there must be so many. */
static inline void span_skip(struct span *span, size_t length)
{
    if (length > 0)
        *span = (struct span){span->at + length, span->length - length};
}

/* Is a byte one of these characters? NUL is none. */
static inline bool span_byte_is(char byte, const char *these)
{
    return byte != '\0' && strchr(these, byte);
}

/* Takes off the front what is one of these characters. */
static inline void span_skip_any(struct span *span, const char *these)
{
    while (span->length > 0 && span_byte_is(*span->at, these))
        span_skip(span, 1);
}

/* Without these characters in front and behind. */
static inline struct span span_trim(struct span span, const char *these)
{
    span_skip_any(&span, these);
    while (span.length > 0 && span_byte_is(span.at[span.length - 1], these))
        span.length--;
    return span;
}

/* Takes what stands before the next `separator` from the front of `rest`, and the separator along with it. */
static inline struct span span_cut(struct span *rest, char separator)
{
    size_t length = 0;
    while (length < rest->length && rest->at[length] != separator)
        length++;
    struct span front = {rest->at, length};
    span_skip(rest, length < rest->length ? length + 1 : length);
    return front;
}
