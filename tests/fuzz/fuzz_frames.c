/* What a WebSocket's client sends, in pieces of a size that the first byte says: followed as in one piece, and wslay, which takes the
 * same bytes apart, finds each message that is whole and none over the bound. */
#include "wire/frames.h"

#include <assert.h>
#include <stdlib.h>
#include <wslay/wslay.h>

enum { MESSAGE_MAX = 1000 };

static enum frames_result follow(struct frames *frames, struct span bytes, size_t piece, size_t *fine)
{
    enum frames_result result = FRAMES_FINE;
    size_t part_fine;
    *fine = 0;
    for (size_t at = 0; at < bytes.length && result == FRAMES_FINE; at += piece) {
        struct span part = {bytes.at + at, bytes.length - at < piece ? bytes.length - at : piece};
        result = frames_follow(frames, part, &part_fine);
        *fine += part_fine;
    }
    return result;
}

static ssize_t take_input(wslay_event_context_ptr context, uint8_t *bytes, size_t length, int flags, void *owner)
{
    struct span *input = owner;
    size_t part = input->length < length ? input->length : length;
    (void)flags;
    if (part == 0) {
        wslay_event_set_error(context, WSLAY_ERR_WOULDBLOCK);
        return -1;
    }
    memcpy(bytes, input->at, part);
    *input = (struct span){input->at + part, input->length - part};
    return (ssize_t)part;
}

static void on_message(wslay_event_context_ptr context, const struct wslay_event_on_msg_recv_arg *message, void *owner)
{
    (void)context;
    (void)owner;
    assert(message->msg_length <= MESSAGE_MAX);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct wslay_event_callbacks callbacks = {.recv_callback = take_input, .on_msg_recv_callback = on_message};
    struct frames whole = {.message_max = MESSAGE_MAX}, pieces = whole;
    wslay_event_context_ptr context;
    size_t fine, fine_of_pieces;
    struct span input;
    if (size < 2)
        return 0;
    input = (struct span){(const char *)data + 1, size - 1};
    enum frames_result result = follow(&whole, input, input.length, &fine);
    assert(follow(&pieces, input, (size_t)data[0] + 1, &fine_of_pieces) == result && fine <= input.length);
    assert(result != FRAMES_FINE || (fine == fine_of_pieces && frames_are_unfinished(&whole) == frames_are_unfinished(&pieces)));
    input.length = fine;
    if (wslay_event_context_server_init(&context, &callbacks, &input) != 0)
        abort();
    (void)!wslay_event_recv(context);
    assert(!wslay_event_get_read_enabled(context) || input.length == 0);
    wslay_event_context_free(context);
    return 0;
}
