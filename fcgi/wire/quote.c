#include "wire/quote.h"

static void add_escape(struct buf *out, unsigned char byte)
{
    switch (byte) {
    case '"':
        buf_add(out, "\\\"", 2);
        break;
    case '\\':
        buf_add(out, "\\\\", 2);
        break;
    case '\n':
        buf_add(out, "\\n", 2);
        break;
    case '\t':
        buf_add(out, "\\t", 2);
        break;
    default:
        buf_printf(out, "\\u%04x", byte);
    }
}

static bool needs_escape(unsigned char byte)
{
    return byte < ' ' || byte == '"' || byte == '\\';
}

void quote_add(struct buf *out, struct span text)
{
    size_t done = 0;
    buf_add_byte(out, '"');
    for (size_t i = 0; i < text.length; i++) {
        if (!needs_escape((unsigned char)text.at[i]))
            continue;
        buf_add(out, text.at + done, i - done);
        add_escape(out, (unsigned char)text.at[i]);
        done = i + 1;
    }
    if (done < text.length)
        buf_add(out, text.at + done, text.length - done);
    buf_add_byte(out, '"');
}

void quote_add_name(struct buf *object, struct span name)
{
    if (object->length && object->bytes[object->length - 1] != '{')
        buf_add_byte(object, ',');
    quote_add(object, name);
    buf_add_byte(object, ':');
}

void quote_add_member(struct buf *object, struct span name, struct span text)
{
    quote_add_name(object, name);
    quote_add(object, text);
}
