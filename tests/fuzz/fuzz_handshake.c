/* The opening handshake of a WebSocket: whatever the head, what is read of it lies within it. */
#include "wire/handshake.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct span head = {(const char *)data, size};
    struct handshake said;
    char accept[HANDSHAKE_ACCEPT_SIZE];
    if (handshake_read(&said, head) != HANDSHAKE_DONE)
        return 0;
    assert(said.length <= size && said.host.at >= head.at && said.host.at + said.host.length <= head.at + said.length);
    handshake_accept(accept, said.key);
    return 0;
}
