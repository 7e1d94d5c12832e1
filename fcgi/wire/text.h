/*
 * What counts as text: valid UTF-8 without NUL and the other C0 controls, but tab and newline. CRLF and CR become LF.
 * Lengths count code points.
 */
#pragma once
#include "base/buf.h"

enum text_verdict {
    TEXT_FINE,
    TEXT_NOT_UTF8, /* also overlong forms, surrogates, and what is beyond U+10FFFF */
    TEXT_CONTROL   /* a control character that no text has */
};

/* Appends the cleaned text and counts its code points. After another verdict than TEXT_FINE `out` holds what was fine so far. */
enum text_verdict text_clean(struct buf *out, struct span text, size_t *code_points) __attribute__((warn_unused_result));

bool text_is_utf8(struct span text);     /* says nothing of control characters */
bool text_has_control(struct span text); /* one that no text has */
