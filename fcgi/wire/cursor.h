/*
 * A cursor names one event of the log: its number and a short tag that is stored with it, "1201.k3f9".
 * Clients keep it as an opaque string; a number whose tag does not fit comes from another log.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {CURSOR_TAG_MAX = 15, CURSOR_TEXT_MAX = 16 + 1 + CURSOR_TAG_MAX};

struct cursor {
    int64_t id;
    char tag[CURSOR_TAG_MAX + 1];
};

/* False when the text is no cursor: no number from 1 to 2^53-1 without leading zeros, no dot, no tag of 1..15 of [a-z0-9]. */
bool cursor_parse(struct cursor *cursor, const char *text, size_t length) __attribute__((warn_unused_result));

/* Writes the text with a final NUL and gives its length. */
size_t cursor_format(char out[CURSOR_TEXT_MAX + 1], const struct cursor *cursor);
