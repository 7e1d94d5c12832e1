/*
 * All SQL of this program: calls of functions of the schema api, prepared on each connection at its start.
 */
#pragma once

#include <stddef.h>

enum statement {
    STATEMENT_LOG_HEAD,
    STATEMENT_READ_LOG,
    STATEMENT_READ_EVENTS,
    STATEMENT_LOAD_READERS,
    STATEMENT_COUNT_MISSED,
    STATEMENT_REPLAY,
    STATEMENT_TOUCH_SESSIONS,
    STATEMENT_TAKE_LEASE,
    STATEMENT_REPORT_PRESENCE,
    STATEMENT_FIND_DEAD_HUBS,
    STATEMENT_REAP_HUB,
    STATEMENT_ROOMS_OF,
    STATEMENT_COUNT_ONLINE,
    STATEMENT_COUNT,
};

extern const char *const statements[STATEMENT_COUNT];
