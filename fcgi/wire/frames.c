#include "wire/frames.h"

enum { FIN = 0x80, OPCODE = 0x0f, MASKED = 0x80, LENGTH = 0x7f, LENGTH_16 = 126, LENGTH_64 = 127, OPCODE_CLOSE = 8 };

/* By what has come of it; at least its second byte says. */
static size_t header_size(const struct frames *frames)
{
    size_t size = 2;
    if (frames->header_length < size)
        return size;
    size += (frames->header[1] & MASKED) ? 4 : 0;
    if ((frames->header[1] & LENGTH) == LENGTH_16)
        size += 2;
    else if ((frames->header[1] & LENGTH) == LENGTH_64)
        size += 8;
    return size;
}

static uint64_t payload_length(const struct frames *frames)
{
    uint64_t length = frames->header[1] & LENGTH;
    size_t bytes = length == LENGTH_16 ? 2 : length == LENGTH_64 ? 8 : 0;
    if (bytes > 0)
        length = 0;
    for (size_t i = 0; i < bytes; i++)
        length = length << 8 | frames->header[2 + i];
    return length;
}

/* Control frames stand between the pieces of a message and are none of them. */
static enum frames_result open_frame(struct frames *frames)
{
    unsigned opcode = frames->header[0] & OPCODE;
    uint64_t length = payload_length(frames);
    frames->payload_left = length;
    frames->header_length = 0;
    if (opcode >= OPCODE_CLOSE)
        return opcode == OPCODE_CLOSE && length == 1 ? FRAMES_BAD_CLOSE : FRAMES_FINE;
    if (length > frames->message_max || frames->message_length > frames->message_max - length)
        return FRAMES_TOO_LONG;
    if (frames->pieces >= FRAMES_PIECES_MAX)
        return FRAMES_TOO_MANY;
    frames->message_length += length;
    frames->pieces++;
    if (frames->header[0] & FIN)
        frames->message_length = frames->pieces = 0;
    return FRAMES_FINE;
}

enum frames_result frames_follow(struct frames *frames, struct span bytes, size_t *fine)
{
    size_t at = 0;
    while (at < bytes.length) {
        if (frames->payload_left > 0) {
            size_t part = bytes.length - at < frames->payload_left ? bytes.length - at : (size_t)frames->payload_left;
            frames->payload_left -= part;
            at += part;
            continue;
        }
        frames->header[frames->header_length++] = (unsigned char)bytes.at[at++];
        if (frames->header_length == header_size(frames)) {
            enum frames_result result = open_frame(frames);
            if (result != FRAMES_FINE) {
                *fine = at - 1;
                return result;
            }
        }
    }
    *fine = at;
    return FRAMES_FINE;
}

bool frames_are_unfinished(const struct frames *frames)
{
    return frames->payload_left > 0 || frames->header_length > 0 || frames->pieces > 0;
}
