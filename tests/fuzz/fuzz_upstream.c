/* The answer of another program, in pieces of a size that the first byte says: the same as in one piece. */
#include "wire/upstream.h"

#include <assert.h>

static enum upstream_result add(struct upstream_answer *answer, const uint8_t *data, size_t size, size_t piece)
{
    enum upstream_result result = UPSTREAM_MORE;
    buf_init(&answer->output, 4096);
    for (size_t at = 0; at < size && result == UPSTREAM_MORE; at += piece)
        result = upstream_answer_add(answer, (struct span){(const char *)data + at, size - at < piece ? size - at : piece});
    return result;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct upstream_answer whole = {0}, pieces = {0};
    struct upstream_reply reply;
    if (size < 2)
        return 0;
    enum upstream_result result = add(&whole, data + 1, size - 1, size - 1);
    assert(add(&pieces, data + 1, size - 1, data[0] + 1) == result);
    assert(whole.output.length == pieces.output.length || result == UPSTREAM_BAD);
    if (result == UPSTREAM_DONE && upstream_reply_read(&reply, buf_span(&whole.output)))
        assert(reply.body.length <= whole.output.length);
    buf_free(&whole.output);
    buf_free(&pieces.output);
    return 0;
}
