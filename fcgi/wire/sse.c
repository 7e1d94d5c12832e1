#include "wire/sse.h"

#include <string.h>

void sse_event(struct buf *out, const char *id, const char *event, const char *data, size_t data_length)
{
    if (id)
        buf_printf(out, "id: %s\n", id);
    buf_printf(out, "event: %s\n", event);
    for (;;) {
        const char *end = memchr(data, '\n', data_length);
        size_t line = end ? (size_t)(end - data) : data_length;
        buf_add_text(out, "data: ");
        buf_add(out, data, line);
        buf_add_byte(out, '\n');
        if (!end)
            break;
        data = end + 1;
        data_length -= line + 1;
    }
    buf_add_byte(out, '\n');
}

void sse_retry(struct buf *out, unsigned milliseconds)
{
    buf_printf(out, "retry: %u\n\n", milliseconds);
}
