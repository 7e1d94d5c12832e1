#include "wire/query.h"

bool query_next(struct span *rest, struct span *name, struct span *value)
{
    while (rest->length) {
        struct span piece = span_cut(rest, '&');
        if (!piece.length)
            continue;
        *name = span_cut(&piece, '=');
        *value = piece;
        return true;
    }
    return false;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

/* The byte that `%XY` stands for, or -1. */
static int decode_byte(struct span encoded, size_t at)
{
    if (encoded.length - at < 3)
        return -1;
    int high = hex_digit(encoded.at[at + 1]), low = hex_digit(encoded.at[at + 2]);
    return high < 0 || low < 0 ? -1 : high * 16 + low;
}

static bool decode(struct buf *out, struct span encoded, bool plus_is_space)
{
    for (size_t i = 0; i < encoded.length; i++) {
        char c = encoded.at[i];
        if (c == '%') {
            int byte = decode_byte(encoded, i);
            if (byte < 0)
                return false;
            c = (char)byte;
            i += 2;
        } else if (c == '+' && plus_is_space) {
            c = ' ';
        }
        buf_add_byte(out, c);
    }
    return !out->failed;
}

bool query_decode(struct buf *out, struct span encoded)
{
    return decode(out, encoded, true);
}

bool query_decode_path(struct buf *out, struct span encoded)
{
    return decode(out, encoded, false);
}
