/*
 * What an attack makes parley-api ask for: whether what is written is judged by rules first, and from which networks nothing is
 * answered. The database says so (api.guard); one thread asks it again at most once a second, so that a server that is not attacked
 * pays two atomic reads a request.
 */
#pragma once
#include "base/span.h"

#include <stdbool.h>
#include <stdint.h>

struct guard;

struct guard *guard_new(void);
void guard_free(struct guard *guard);

bool guard_is_due(struct guard *guard, int64_t now_ms); /* true for one thread a second: ask, then guard_take() */
void guard_take(struct guard *guard, struct span answer); /* of api.guard; what makes no sense changes nothing */

bool guard_judges(const struct guard *guard);
bool guard_shuts_out(struct guard *guard, struct span address); /* false also for what is no address */
