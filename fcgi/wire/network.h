/* A network: an address and how many of its bits count, like 192.0.2.0/24; one of IPv4 within ::ffff:0:0/96. */
#pragma once
#include "wire/address.h"

struct network {
    struct address address;
    int bits;
};

/* ADDRESS or ADDRESS/BITS, of as many bits as such an address has; false for what is neither. */
bool network_parse(struct network *network, struct span text) __attribute__((warn_unused_result));
bool network_holds(const struct network *network, const struct address *address);
