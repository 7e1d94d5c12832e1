#include "wire/site.h"

#include <string.h>
#include <strings.h>

static bool is_same_host(struct span origin, struct span host)
{
    const char *host_begin = memmem(origin.at, origin.length, "://", 3);
    if (!host_begin)
        return false; /* "null": a sandboxed page, a file, a redirect from elsewhere */
    host_begin += 3;
    size_t length = origin.length - (size_t)(host_begin - origin.at);
    return length == host.length && strncasecmp(host_begin, host.at, length) == 0;
}

bool site_is_foreign(struct span origin, struct span fetch_site, struct span host)
{
    if (span_is(fetch_site, "cross-site") || span_is(fetch_site, "same-site"))
        return true;
    return origin.length && !is_same_host(origin, host);
}
