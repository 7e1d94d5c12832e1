#include "stream/frame.h"

#include "base/mem.h"

#include <assert.h>
#include <string.h>

struct frame *frame_new(const char *bytes, size_t size)
{
    struct frame *frame = mem_alloc(sizeof(*frame) + size);
    assert(size > 0 && size <= UINT32_MAX);
    frame->references = 1;
    frame->size = (uint32_t)size;
    memcpy(frame->bytes, bytes, size);
    return frame;
}

void frame_drop(struct frame *frame)
{
    if (!frame)
        return;
    assert(frame->references > 0);
    if (--frame->references == 0)
        mem_free(frame);
}
