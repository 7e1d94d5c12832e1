#include "wire/address.h"

#include <arpa/inet.h>
#include <string.h>

enum { COUNTED = 8 };

static const unsigned char mapped[12] = {[10] = 0xff, [11] = 0xff};

bool address_parse(struct address *address, struct span text)
{
    char copy[ADDRESS_TEXT_SIZE];
    *address = (struct address){0};
    if (!text.length || text.length >= sizeof copy || memchr(text.at, '\0', text.length))
        return false;
    memcpy(copy, text.at, text.length);
    copy[text.length] = '\0';
    if (inet_pton(AF_INET6, copy, address->bytes) == 1)
        return true;
    memcpy(address->bytes, mapped, sizeof mapped);
    if (inet_pton(AF_INET, copy, address->bytes + sizeof mapped) == 1)
        return true;
    *address = (struct address){0};
    return false;
}

static bool is_short(const struct address *address)
{
    return memcmp(address->bytes, mapped, sizeof mapped) == 0;
}

struct address address_counted(const struct address *address)
{
    struct address counted = *address;
    if (!is_short(address))
        memset(counted.bytes + COUNTED, 0, sizeof counted.bytes - COUNTED);
    return counted;
}

void address_print(const struct address *address, char text[static ADDRESS_TEXT_SIZE])
{
    if (is_short(address))
        inet_ntop(AF_INET, address->bytes + sizeof mapped, text, ADDRESS_TEXT_SIZE);
    else
        inet_ntop(AF_INET6, address->bytes, text, ADDRESS_TEXT_SIZE);
}
