/*
 * How every connection to PostgreSQL begins: what PARLEY_DB says, over defaults with which a host that vanished is noticed within 15
 * seconds, and of several hosts the one that can be written to.
 */
#pragma once

#include <libpq-fe.h>

/* Begins to connect. `options` are settings of the session, as `-c name=value`, or null. Null only without memory. */
PGconn *connect_start(const char *conninfo, const char *name, const char *options);
