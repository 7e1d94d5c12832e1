/*
 * A buffer that grows: the one builder of answers, queries and log lines. Appending never fails visibly; over its limit the
 * buffer stops taking bytes and `failed` stays set, so a builder is a row of calls with one check at the end.
 * It owns its bytes; what buf_text gives is good until the next append.
 */
#pragma once
#include "base/span.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf {
    char *bytes;      /* NULL while nothing was appended */
    size_t length;
    size_t capacity;
    size_t limit;     /* the most bytes it takes; 0: as many as come */
    bool failed;      /* something did not fit; stays until buf_clear */
};

enum { BUF_KEPT_BYTES = 64 * 1024 };

void buf_init(struct buf *buf, size_t limit);
void buf_free(struct buf *buf);   /* gives the memory back; the buffer may be used again */
void buf_clear(struct buf *buf);  /* empty, memory kept */
void buf_reuse(struct buf *buf);  /* empty for the next request: what the last one made larger than BUF_KEPT_BYTES is given back */

void buf_add(struct buf *buf, const void *bytes, size_t length);
void buf_add_span(struct buf *buf, struct span span);
void buf_add_text(struct buf *buf, const char *text);
void buf_add_byte(struct buf *buf, char byte);
void buf_add_int(struct buf *buf, int64_t number);
void buf_printf(struct buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));
void buf_vprintf(struct buf *buf, const char *format, va_list args) __attribute__((format(printf, 2, 0)));

/* Room for `length` bytes behind the end, or NULL when that is over the limit. Say with buf_added how many were written. */
char *buf_room(struct buf *buf, size_t length) __attribute__((warn_unused_result));
void buf_added(struct buf *buf, size_t length);

void buf_drop_front(struct buf *buf, size_t length);
const char *buf_text(struct buf *buf) __attribute__((returns_nonnull)); /* NUL-terminated */
struct span buf_span(const struct buf *buf);
