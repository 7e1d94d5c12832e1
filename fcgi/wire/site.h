/*
 * Does a request come from a page of another site? A browser says so itself: by Sec-Fetch-Site, by Origin. What sends neither is
 * no browser, or one that was led by nobody. Shared by all programs that trust a cookie.
 */
#pragma once
#include "base/span.h"

/* `host` is the Host header: the origin's host and port must be the same. Empty spans for headers that were not sent. */
bool site_is_foreign(struct span origin, struct span fetch_site, struct span host);
