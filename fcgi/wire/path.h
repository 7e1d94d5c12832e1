/*
 * Matching a path against a pattern like /api/rooms/{room}/members/{user}. A part in braces stands for one segment that is not
 * empty; what it holds is given as it came, still percent-encoded.
 */
#pragma once
#include "base/span.h"

enum { PATH_PARTS_MAX = 3 };

struct path_parts {
    size_t count;
    struct span names[PATH_PARTS_MAX];  /* "room", "user": point into the pattern */
    struct span values[PATH_PARTS_MAX]; /* point into the path */
};

bool path_match(const char *pattern, struct span path, struct path_parts *parts) __attribute__((warn_unused_result));
