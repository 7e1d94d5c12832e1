/*
 * How fast one person, or one address without a session, may ask: token buckets in a table of fixed size. Who has not asked for
 * long makes room for others, and starts with a full bucket again. (How much somebody may do in an hour or a day is a rule of the
 * database.)
 */
#pragma once
#include "base/span.h"

#include <stdint.h>

enum limit_class {
    LIMIT_NONE,
    LIMIT_READ,
    LIMIT_WRITE,
    LIMIT_POST,    /* messages */
    LIMIT_POST_OF_ADDRESS, /* the same of all who come from one address */
    LIMIT_PASSING, /* typing, presence, read marks */
    LIMIT_COSTLY,  /* searches and the like */
    LIMIT_SIGN_IN, /* by address */
    LIMIT_CLASSES
};

struct limits;

struct limits *limits_new(void);
void limits_set_posts(struct limits *limits, int64_t per_minute, int64_t people_per_address); /* settings of the server; 0 people: any number */
void limits_free(struct limits *limits);

/* 0: go ahead. Else the seconds to wait before the next may pass. `now_ms` is of clock_ms(). */
int limits_take(struct limits *limits, enum limit_class class, struct span who, int64_t now_ms);
