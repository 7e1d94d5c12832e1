/* Small things that have a form: numbers, times. They say whether a text has it; what it means is for others. */
#pragma once
#include "base/span.h"

#include <stdint.h>

bool form_integer(struct span text, int64_t *number) __attribute__((warn_unused_result)); /* digits with an optional minus, no overflow */
bool form_id(struct span text, int64_t *id) __attribute__((warn_unused_result));          /* a positive integer below 2^53, no leading zero */
bool form_flag(struct span text, bool *flag) __attribute__((warn_unused_result));           /* 1 or true, 0 or false */
bool form_is_time(struct span text);    /* RFC 3339 with a zone: 2026-11-23T12:00:00.000Z, of a day that exists */

#define FORM_ID_LIMIT (INT64_C(1) << 53)
