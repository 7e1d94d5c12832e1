/* Three headers, one a line; without any the request comes from no page at all. */
#include "wire/site.h"

#include <assert.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct span rest = {(const char *)data, size};
    struct span origin = span_cut(&rest, '\n'), fetch_site = span_cut(&rest, '\n');
    (void)site_is_foreign(origin, fetch_site, rest);
    assert(!site_is_foreign((struct span){0}, (struct span){0}, rest));
    return 0;
}
