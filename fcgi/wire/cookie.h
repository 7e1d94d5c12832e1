/* Reading one cookie from a Cookie header (RFC 6265, 5.4). */
#pragma once
#include "base/span.h"

/* The value of the first cookie of this name, without quotes around it; false when there is none. Points into the header. */
bool cookie_find(struct span header, const char *name, struct span *value) __attribute__((warn_unused_result));
