/*
 * Whose the sessions are that were used of late: a table of fixed size. A rate holds for a person, however many sessions they open,
 * and the database hears once an hour that a session is in use. Whoever does not find a session asks the database, and notes it.
 * (Nothing is allowed by this: who may do what is asked for each call, in the database.)
 */
#pragma once
#include <stdint.h>

struct known;

struct known *known_new(void);
void known_free(struct known *known);

/* `session` is the hash of a token in hex, as session_find() gives it; `now_ms` is of clock_ms(). */
int64_t known_person(struct known *known, const char *session, int64_t now_ms); /* 0: not known, or not for an hour */
void known_note(struct known *known, const char *session, int64_t person, int64_t now_ms);
