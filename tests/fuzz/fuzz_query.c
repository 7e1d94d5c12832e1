/* Queries and escapes: whatever comes, decoding gives no more bytes than it was given. */
#include "wire/query.h"

#include <assert.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct span rest = {(const char *)data, size}, name, value;
    struct buf out;
    buf_init(&out, 0);
    while (query_next(&rest, &name, &value)) {
        buf_clear(&out);
        (void)!query_decode(&out, name);
        (void)!query_decode_path(&out, value);
        assert(out.length <= name.length + value.length);
    }
    buf_free(&out);
    return 0;
}
