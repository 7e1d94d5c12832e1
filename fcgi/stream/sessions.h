/*
 * The sessions behind the streams: they end when an event says so, or when their time is over; an open stream is use, which is
 * told to the database about once an hour.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct hub;
struct session;

/* A session's time, just read. */
void sessions_set_expiry(struct hub *hub, struct session *session, double expires_at);

/* session.ended: all its streams get it as their last event, and no other stream does. `data` is its JSON. */
void sessions_end(struct hub *hub, int64_t session, const char *data);

/* Looks up again whose time seems to be over: it may have been prolonged. */
void sessions_tick(struct hub *hub);

bool sessions_ask_touch(struct hub *hub);  /* for the loader */
