/*
 * Every endpoint of parley-api, in one table: what it is called by, which function of the database answers it and how, what it may
 * be told, and what must hold before. A new endpoint is a line in route.c and a function in sql/api/.
 */
#pragma once
#include "api/arg.h"
#include "api/limit.h"
#include "api/request.h"

#include <stddef.h>

enum route_way {
    ROUTE_READ,        /* on a pooled connection */
    ROUTE_RELAXED,     /* the same, for a write that is no part of a batch: it waits for no flush, or looks for long first; may be done twice */
    ROUTE_SEARCH,      /* a read that may be answered by a replica */
    ROUTE_EXPORT,      /* lines of JSON as long as they come, on connections of their own; may be a replica */
    ROUTE_COMMIT,      /* through the committer; may be done twice */
    ROUTE_COMMIT_ONCE, /* through the committer; twice would be one too many */
    ROUTE_OWN          /* no database: the first step answers */
};

enum route_flag {
    ROUTE_PUBLIC = 1 << 0,        /* needs no session */
    ROUTE_SIGNS_IN = 1 << 1,      /* draws a token and sets the cookie; whoever is signed in already does not matter */
    ROUTE_DRAWS_TOKEN = 1 << 2,   /* draws a token that is shown once */
    ROUTE_SIGNS_OUT = 1 << 3,     /* takes the cookie away */
    ROUTE_WITH_CONTEXT = 1 << 4,  /* the database is told the address and the agent */
    ROUTE_TAKES_PLAIN = 1 << 5,   /* text/plain is the argument `text` */
    ROUTE_TAKES_ANY = 1 << 6,     /* all members of the body are arguments */
    ROUTE_JUDGED = 1 << 7,        /* what is written is judged first (api/judge.h) */
    ROUTE_WITH_ADDRESS = 1 << 8   /* the database is told the address: it counts what comes from there */
};

struct exchange;

/* Something that C does before or after the database is asked; false when it has answered. */
typedef bool route_step(struct exchange *exchange);

struct route {
    enum method method;
    const char *pattern;   /* as wire/path.h has it */
    enum route_way way;
    const char *function;  /* api.FUNCTION; NULL for ROUTE_OWN */
    enum limit_class limit;
    unsigned flags;
    const struct arg *args;
    route_step *before, *after;
};

extern const struct route routes[];
extern const size_t routes_count;

enum { ROUTE_ALLOW_SIZE = 64 };

/* NULL when nothing answers; `allow` then lists the methods that this path knows ("" when it knows none). */
const struct route *route_find(enum method method, struct span path, struct path_parts *parts, char allow[static ROUTE_ALLOW_SIZE]);
