#include "wire/network.h"

#include "wire/form.h"

#include <string.h>

enum { SHORT_BITS = 32, LONG_BITS = 128 };

/* Without a sign, or a zero in front. */
static bool parse_bits(struct span text, int most, int *bits)
{
    int64_t number = 0;
    if ((!span_is(text, "0") && !form_id(text, &number)) || number > most)
        return false;
    *bits = (int)number;
    return true;
}

bool network_parse(struct network *network, struct span text)
{
    bool has_bits = text.length && memchr(text.at, '/', text.length);
    struct span address = span_cut(&text, '/');
    if (!address_parse(&network->address, address))
        return false;
    int most = memchr(address.at, ':', address.length) ? LONG_BITS : SHORT_BITS;
    network->bits = most;
    if (has_bits && !parse_bits(text, most, &network->bits))
        return false;
    network->bits += LONG_BITS - most;
    return true;
}

bool network_holds(const struct network *network, const struct address *address)
{
    int whole = network->bits / 8, rest = network->bits % 8;
    if (memcmp(network->address.bytes, address->bytes, (size_t)whole) != 0)
        return false;
    return !rest || (network->address.bytes[whole] ^ address->bytes[whole]) >> (8 - rest) == 0;
}
