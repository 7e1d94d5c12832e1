/* A call in a message: its values lie within it, and are read again from an object that is made of them. */
#include "base/buf.h"
#include "wire/envelope.h"

#include <assert.h>
#include <stdint.h>

static bool lies_within(struct span part, struct span text)
{
    return part.length == 0 || (part.at >= text.at && part.at + part.length <= text.at + text.length);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct span text = {(const char *)data, size};
    struct envelope said, again;
    struct buf made;
    if (!envelope_read(&said, text))
        return 0;
    assert(lies_within(said.ref, text) && lies_within(said.method, text) && lies_within(said.path, text) && lies_within(said.body, text));
    if (said.body.length == 0)
        return 0;
    buf_init(&made, 0);
    buf_add_text(&made, "{\"body\":");
    buf_add_span(&made, said.body);
    buf_add_byte(&made, '}');
    assert(envelope_read(&again, buf_span(&made)) && again.body.length == said.body.length);
    buf_free(&made);
    return 0;
}
