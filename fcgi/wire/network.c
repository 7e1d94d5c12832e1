#include "wire/network.h"

#include <stdlib.h>
#include <string.h>

bool network_parse(struct network *network, struct span text)
{
    char bits[4];
    struct span address = span_cut(&text, '/');
    bool is_long = memchr(address.at, ':', address.length) != NULL;
    if (!address_parse(&network->address, address))
        return false;
    network->bits = 128;
    if (text.length && text.length < sizeof bits) {
        memcpy(bits, text.at, text.length);
        bits[text.length] = '\0';
        network->bits = atoi(bits) + (is_long ? 0 : 96);
    }
    return network->bits >= 0 && network->bits <= 128;
}

bool network_holds(const struct network *network, const struct address *address)
{
    int whole = network->bits / 8, rest = network->bits % 8;
    if (memcmp(network->address.bytes, address->bytes, (size_t)whole) != 0)
        return false;
    return !rest || (network->address.bytes[whole] ^ address->bytes[whole]) >> (8 - rest) == 0;
}
