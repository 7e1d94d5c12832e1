/*
 * Follows the log: the only file that knows where events come from. LISTENs first, makes sure that its own position still names
 * an event of this log, then reads what is newer, whenever the doorbell rings and by a slow poll. A batch of events is published
 * only after everything that it makes out of date in the ring was read again, so that a replay never shows old text.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct feed;
struct hub;

struct feed *feed_new(struct hub *hub);
void feed_free(struct feed *feed);

bool feed_is_up(const struct feed *feed);
int64_t feed_reconnects(const struct feed *feed);
double feed_seconds_behind(const struct hub *hub);  /* for how long there has been log that was not read */

int feed_socket(const struct feed *feed);
bool feed_wants_write(const struct feed *feed);
void feed_handle(struct hub *hub);
void feed_tick(struct hub *hub);

/* Reads the log when there may be something new, the connection is free, and the readers keep up. */
void feed_turn(struct hub *hub);
