/* Cookie headers: what is found lies within the header. */
#include "wire/cookie.h"

#include <assert.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct span header = {(const char *)data, size}, value;
    if (cookie_find(header, "parley", &value))
        assert(value.at >= header.at && value.at + value.length <= header.at + size);
    return 0;
}
