#include "wire/websocket.h"

#include <stdlib.h>
#include <wslay/wslay.h>

static ssize_t append(const uint8_t *bytes, size_t length, int flags, void *out)
{
    (void)flags;
    buf_add(out, bytes, length);
    return (ssize_t)length;
}

/* Only a full buffer or a lack of memory could stop wslay here: the buffer says so itself, and for memory there is no way on. */
static void add_frame(struct buf *out, uint8_t opcode, struct span payload)
{
    const struct wslay_frame_callbacks callbacks = {.send_callback = append};
    wslay_frame_context_ptr context;
    struct wslay_frame_iocb frame = {
        .fin = 1, .opcode = opcode, .payload_length = payload.length, .data = (const uint8_t *)payload.at, .data_length = payload.length,
    };
    if (wslay_frame_context_init(&context, &callbacks, out) != 0 || wslay_frame_send(context, &frame) < 0)
        abort();
    wslay_frame_context_free(context);
}

void websocket_text(struct buf *out, struct span payload)
{
    add_frame(out, WSLAY_TEXT_FRAME, payload);
}

void websocket_ping(struct buf *out)
{
    add_frame(out, WSLAY_PING, (struct span){0});
}

void websocket_close(struct buf *out, enum websocket_close code)
{
    const char payload[] = {(char)(code >> 8), (char)(code & 0xff)};
    add_frame(out, WSLAY_CONNECTION_CLOSE, (struct span){payload, sizeof payload});
}
