#include "stream/framing.h"

#include "base/mem.h"
#include "stream/frame.h"
#include "wire/quote.h"
#include "wire/sse.h"
#include "wire/websocket.h"

#include <stdlib.h>
#include <string.h>

static void add_message(struct buf *out, const char *cursor, const char *name, const char *data)
{
    struct buf text;
    buf_init(&text, 0);
    buf_add_byte(&text, '{');
    if (cursor)
        buf_printf(&text, "\"cursor\":\"%s\",", cursor);
    buf_add_text(&text, "\"type\":");
    quote_add(&text, span_of(name));
    buf_add_text(&text, ",\"data\":");
    buf_add_text(&text, data);
    buf_add_byte(&text, '}');
    websocket_text(out, buf_span(&text));
    buf_free(&text);
}

void framing_add(struct buf *out, enum transport transport, const struct cursor *cursor, const char *name, const char *data)
{
    char id[CURSOR_TEXT_MAX + 1];
    if (cursor)
        cursor_format(id, cursor);
    if (transport == TRANSPORT_EVENTS)
        sse_event(out, cursor ? id : NULL, name, data, strlen(data));
    else
        add_message(out, cursor ? id : NULL, name, data);
}

struct frame *framing_encode(enum transport transport, const struct cursor *cursor, const char *name, const char *data)
{
    struct frame *frame;
    struct buf out;
    buf_init(&out, 0);
    framing_add(&out, transport, cursor, name, data);
    frame = frame_new(out.bytes, out.length);
    buf_free(&out);
    return frame;
}

void notice_init_text(struct notice *notice, const char *name, const char *data)
{
    *notice = (struct notice){.name = name, .data = mem_copy_text(data)};
}

void notice_init(struct notice *notice, const char *name, const json_t *data)
{
    char *text = json_dumps(data, JSON_COMPACT);
    notice_init_text(notice, name, text);
    free(text);
}

struct frame *notice_frame(struct notice *notice, enum transport transport)
{
    if (!notice->frames[transport])
        notice->frames[transport] = framing_encode(transport, NULL, notice->name, notice->data);
    return notice->frames[transport];
}

void notice_free(struct notice *notice)
{
    for (size_t i = 0; i < TRANSPORT_COUNT; i++)
        frame_drop(notice->frames[i]);
    mem_free(notice->data);
    *notice = (struct notice){0};
}
