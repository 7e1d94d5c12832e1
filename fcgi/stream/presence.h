/*
 * Who is here. The hub reports to the database which sessions have a stream (gathered, and with a grace after the last one
 * closed), hears from it who changed on any node, and tells each reader of those with whom they share a room, in one event.
 * Rooms of more than PRESENCE_LARGE members only get a count. A hub is known by a lease on its LISTEN connection; what a dead
 * one left is taken away by whoever finds it. Nothing is written, and nobody told, while nothing changes.
 */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

struct hub;
struct presence;
struct reader;
struct session;

enum { PRESENCE_LARGE = 500 };

struct presence *presence_new(struct hub *hub);
void presence_free(struct presence *presence);

void presence_on_lease(struct hub *hub, int lease);  /* a new connection: everything has to be reported anew */
void presence_on_lost(struct hub *hub);

/* A session got its first reader, lost its last one, or is over. May free a session that nobody needs any more. */
void presence_settle(struct hub *hub, struct session *session);

/* The replica is dropped: sessions without readers go at once. Call when all readers are detached. */
void presence_forget(struct hub *hub);

/* {"online":[…],"idle":[…],"offline":[…]} from a notification. */
void presence_take(struct hub *hub, const json_t *said);

/* Somebody came into a large room or left it: its count may be another one. */
void presence_recount(struct hub *hub, int64_t room);

/* What a new stream cannot know otherwise: how many are in its large rooms. */
void presence_greet(struct hub *hub, struct reader *reader);

void presence_tick(struct hub *hub);
bool presence_ask(struct hub *hub);  /* for the loader */
