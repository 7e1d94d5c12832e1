/*
 * What travels inside a notification of parley_now and is nowhere else: typing, read marks, presence. At most once, to live
 * streams only, without an id.
 */
#pragma once

struct hub;

void passing_take(struct hub *hub, const char *payload);
