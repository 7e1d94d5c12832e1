/* Paths: parts are never empty and never hold a slash. */
#include "wire/path.h"

#include <assert.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const patterns[] = {"/api/rooms/{room}/members/{user}", "/api/messages/{message}/reactions/{emoji:value}", "/api/{a}/{b}/{c}"};
    struct path_parts parts;
    for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++)
        if (path_match(patterns[i], (struct span){(const char *)data, size}, &parts))
            for (size_t part = 0; part < parts.count; part++)
                assert(parts.values[part].length && !memchr(parts.values[part].at, '/', parts.values[part].length));
    return 0;
}
