#include "wire/text.h"

static bool is_continuation(const unsigned char *at, size_t count)
{
    for (size_t i = 1; i <= count; i++)
        if ((at[i] & 0xc0) != 0x80)
            return false;
    return true;
}

/* The second byte decides about overlong forms, surrogates and the end of Unicode (table 3-7 of the standard). */
static bool is_second_byte(unsigned char first, unsigned char second)
{
    switch (first) {
    case 0xe0:
        return second >= 0xa0;
    case 0xed:
        return second <= 0x9f;
    case 0xf0:
        return second >= 0x90;
    case 0xf4:
        return second <= 0x8f;
    default:
        return true;
    }
}

/* The bytes of the code point that begins here; 0 when none does. */
static size_t sequence_length(const unsigned char *at, size_t left)
{
    size_t length;
    if (at[0] < 0x80)
        return 1;
    if (at[0] >= 0xc2 && at[0] <= 0xdf)
        length = 2;
    else if (at[0] >= 0xe0 && at[0] <= 0xef)
        length = 3;
    else if (at[0] >= 0xf0 && at[0] <= 0xf4)
        length = 4;
    else
        return 0;
    if (length > left || !is_continuation(at, length - 1) || !is_second_byte(at[0], at[1]))
        return 0;
    return length;
}

bool text_is_utf8(struct span text)
{
    const unsigned char *bytes = (const unsigned char *)text.at;
    for (size_t i = 0, length; i < text.length; i += length) {
        length = sequence_length(bytes + i, text.length - i);
        if (!length)
            return false;
    }
    return true;
}

static bool is_forbidden(unsigned char byte)
{
    return byte < ' ' && byte != '\t' && byte != '\n' && byte != '\r';
}

bool text_has_control(struct span text)
{
    for (size_t i = 0; i < text.length; i++)
        if (is_forbidden((unsigned char)text.at[i]))
            return true;
    return false;
}

/* A carriage return gives LF, and takes the LF behind it along; gives the number of bytes used. */
static size_t add_line_end(struct buf *out, const unsigned char *at, size_t left)
{
    buf_add_byte(out, '\n');
    return left > 1 && at[1] == '\n' ? 2 : 1;
}

enum text_verdict text_clean(struct buf *out, struct span text, size_t *code_points)
{
    const unsigned char *bytes = (const unsigned char *)text.at;
    *code_points = 0;
    for (size_t i = 0, length; i < text.length; i += length, ++*code_points) {
        length = sequence_length(bytes + i, text.length - i);
        if (!length)
            return TEXT_NOT_UTF8;
        if (is_forbidden(bytes[i]))
            return TEXT_CONTROL;
        if (bytes[i] == '\r')
            length = add_line_end(out, bytes + i, text.length - i);
        else
            buf_add(out, bytes + i, length);
    }
    return TEXT_FINE;
}
