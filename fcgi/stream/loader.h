/*
 * The second connection: everything that is asked beside following the log. One question at a time, in turns between those who
 * have something to ask, so that a storm of one kind does not starve the others.
 */
#pragma once

#include "stream/statement.h"

#include <stdbool.h>
#include <stdint.h>

struct hub;
struct loader;
struct rows;

typedef void loader_on_rows(struct hub *hub, const struct rows *rows);
typedef void loader_on_failure(struct hub *hub);

struct loader *loader_new(struct hub *hub);
void loader_free(struct loader *loader);

bool loader_is_up(const struct loader *loader);
int64_t loader_reconnects(const struct loader *loader);
int loader_socket(const struct loader *loader);
bool loader_wants_write(const struct loader *loader);
void loader_handle(struct hub *hub);
void loader_tick(struct hub *hub);

/* Asks whoever has a question, when none is open. */
void loader_turn(struct hub *hub);

/* From one whose turn it is: `on_failure` when there will be no answer, and the question has to be asked again. */
void loader_ask(struct hub *hub, enum statement statement, const char *const *values, int count,
                loader_on_rows *on_rows, loader_on_failure *on_failure);
