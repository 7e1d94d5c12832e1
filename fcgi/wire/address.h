/*
 * The address of a client as sixteen bytes; one of IPv4 is ::ffff:a.b.c.d, whichever way it came. What counts of it is the /64 of IPv6,
 * which one customer has, and all of IPv4.
 */
#pragma once
#include "base/span.h"

struct address {
    unsigned char bytes[16];
};

enum { ADDRESS_TEXT_SIZE = 46 };

bool address_parse(struct address *address, struct span text); /* false, and all zeros, for what is none */
struct address address_counted(const struct address *address); /* as it counts: what does not is zero */
void address_print(const struct address *address, char text[static ADDRESS_TEXT_SIZE]);
