/*
 * Bytes that belong to somebody else: where they begin and how many they are. Not NUL-terminated. A span lives as long as what
 * it points into.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
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

/* Takes what stands before the next `separator` from the front of `rest`, and the separator along with it. */
static inline struct span span_cut(struct span *rest, char separator)
{
    size_t length = 0;
    while (length < rest->length && rest->at[length] != separator)
        length++;
    struct span front = {rest->at, length};
    size_t used = length < rest->length ? length + 1 : length;
    *rest = (struct span){used ? rest->at + used : rest->at, rest->length - used};
    return front;
}
