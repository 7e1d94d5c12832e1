/* Numbers, times, networks, addresses, UUIDs: a verdict for everything, and an id is always within its bounds. */
#include "wire/address.h"
#include "wire/encode.h"
#include "wire/form.h"
#include "wire/network.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct span text = {(const char *)data, size};
    int64_t number;
    if (form_id(text, &number))
        assert(number >= 1 && number < FORM_ID_LIMIT && form_integer(text, &number));
    if (form_is_time(text))
        assert(size >= 20 && size <= 35);
    if (encode_is_uuid(text))
        assert(size == ENCODE_UUID_SIZE - 1);
    struct address address, again;
    struct network network;
    char printed[ADDRESS_TEXT_SIZE];
    if (address_parse(&address, text)) {
        assert(network_parse(&network, text));
        address_print(&address, printed);
        assert(address_parse(&again, span_of(printed)) && memcmp(&again, &address, sizeof address) == 0);
    }
    if (network_parse(&network, text))
        assert(network.bits >= 0 && network.bits <= 128 && network_holds(&network, &network.address));
    return 0;
}
