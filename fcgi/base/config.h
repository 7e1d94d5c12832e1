/*
 * The settings of a program: PARLEY_* environment variables, each declared in a table with what it is for. All mistakes are
 * reported at once, so that nobody starts a program five times to learn of five of them.
 *
 *     static const char *database;
 *     static long threads;
 *     static const struct config_item settings[] = {
 *         {"PARLEY_DB", CONFIG_TEXT, &database, NULL, 1, 0, "where PostgreSQL is, as libpq has it"},
 *         {"PARLEY_API_THREADS", CONFIG_NUMBER, &threads, "128", 1, 1024, "requests answered at a time"},
 *     };
 */
#pragma once
#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>

enum config_kind {
    CONFIG_TEXT,   /* const char *; min and max are bytes, max 0: no bound. Points into the environment or the table. */
    CONFIG_NUMBER, /* long; from min to max */
    CONFIG_SWITCH, /* bool; on or off */
    CONFIG_CHOICE  /* long; the number of the word in `help`, which lists them like debug|info|warn */
};

struct config_item {
    const char *name;
    enum config_kind kind;
    void *target;         /* what kind says */
    const char *fallback; /* taken when the variable is not set; NULL: it must be set */
    long min, max;
    const char *help;
};

enum { CONFIG_EXIT = 78 }; /* EX_CONFIG of sysexits */

/* Fills the targets from `lookup` (getenv, or a test's own) and appends one line for each mistake; true when there was none. */
typedef char *config_lookup(const char *name);
bool config_read(const struct config_item *items, size_t count, config_lookup *lookup, struct buf *mistakes)
    __attribute__((warn_unused_result));

/* The same for main(): prints the table for --help (and exits 0), all mistakes on stderr (and exits 78). */
void config_load(const char *program, const char *about, const struct config_item *items, size_t count, int argc, char **argv);
