/*
 * A frame: finished bytes that any number of readers share. Encoded once, counted by reference, confined to the hub's thread.
 * Who makes a frame holds one reference; a queue that takes it holds its own.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct frame {
    uint32_t references;
    uint32_t size;
    char bytes[];
};

struct frame *frame_new(const char *bytes, size_t size);
void frame_drop(struct frame *frame);  /* null is fine */

static inline struct frame *frame_hold(struct frame *frame)
{
    frame->references++;
    return frame;
}
