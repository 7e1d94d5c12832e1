/*
 * What travels inside a notification of parley_now and is nowhere else. Typing, read marks and presence go on to live streams, at
 * most once, without an id; that a network is shut out is for the hub itself, which looks up again who comes from there.
 */
#pragma once

struct hub;

void passing_take(struct hub *hub, const char *payload);
