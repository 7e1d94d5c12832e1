#include "wire/cursor.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const int64_t id_limit = INT64_C(1) << 53;

static bool is_tag_character(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

/* Gives the number of digits read, 0 when there is no fitting number. */
static size_t parse_id(int64_t *id, const char *text, size_t length)
{
    size_t i;
    *id = 0;
    for (i = 0; i < length && text[i] >= '0' && text[i] <= '9'; i++) {
        *id = *id * 10 + (text[i] - '0');
        if (*id >= id_limit)
            return 0;
    }
    return text[0] == '0' ? 0 : i;
}

bool cursor_parse(struct cursor *cursor, const char *text, size_t length)
{
    size_t digits, tag_length;
    if (length == 0)
        return false;
    digits = parse_id(&cursor->id, text, length);
    if (digits == 0 || digits == length || text[digits] != '.')
        return false;
    tag_length = length - digits - 1;
    if (tag_length == 0 || tag_length > CURSOR_TAG_MAX)
        return false;
    for (size_t i = 0; i < tag_length; i++) {
        if (!is_tag_character(text[digits + 1 + i]))
            return false;
    }
    memcpy(cursor->tag, text + digits + 1, tag_length);
    cursor->tag[tag_length] = '\0';
    return true;
}

size_t cursor_format(char out[CURSOR_TEXT_MAX + 1], const struct cursor *cursor)
{
    return (size_t)snprintf(out, CURSOR_TEXT_MAX + 1, "%" PRId64 ".%s", cursor->id, cursor->tag);
}
