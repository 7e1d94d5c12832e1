/* The query of an address: names and values that are percent-encoded, `+` for a space. Nothing is decoded until asked for. */
#pragma once
#include "base/buf.h"

/*
 * Takes the next `name=value` from the front of `rest`; false at the end. Both are still encoded and point into the query;
 * empty pieces (`a=1&&b=2`) are skipped, a name without `=` has an empty value.
 */
bool query_next(struct span *rest, struct span *name, struct span *value);

/* Appends the decoded bytes; false for a `%` without two hex digits, or when `out` is full. In a path `+` is a plus sign. */
bool query_decode(struct buf *out, struct span encoded) __attribute__((warn_unused_result));
bool query_decode_path(struct buf *out, struct span encoded) __attribute__((warn_unused_result));
