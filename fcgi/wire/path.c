#include "wire/path.h"

#include <string.h>

static bool take_part(const char **pattern, struct span *path, struct path_parts *parts)
{
    size_t name_length = strcspn(*pattern + 1, "}");
    struct span rest = *path;
    struct span value = span_cut(&rest, '/');
    if (!value.length || parts->count == PATH_PARTS_MAX)
        return false;
    parts->names[parts->count] = (struct span){*pattern + 1, name_length};
    parts->values[parts->count++] = value;
    *pattern += name_length + 2;
    span_skip(path, value.length);
    return true;
}

bool path_match(const char *pattern, struct span path, struct path_parts *parts)
{
    parts->count = 0;
    while (*pattern && path.length) {
        if (*pattern == '{') {
            if (!take_part(&pattern, &path, parts))
                return false;
            continue;
        }
        if (*pattern != *path.at)
            return false;
        pattern++;
        span_skip(&path, 1);
    }
    return !*pattern && !path.length;
}
