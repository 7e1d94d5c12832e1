/* An address that was understood is understood the same once it was printed. */
#include "wire/address.h"

#include <assert.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct address address, again;
    char text[ADDRESS_TEXT_SIZE];
    if (!address_parse(&address, (struct span){(const char *)data, size}))
        return 0;
    address_print(&address, text);
    assert(address_parse(&again, span_of(text)) && memcmp(&again, &address, sizeof again) == 0);
    (void)address_counted(&address);
    return 0;
}
