/*
 * Whose the sessions are that were used of late: a table of fixed size. A rate holds for a person, however many sessions they open,
 * and the database hears once an hour that a session is in use. Whoever does not find a session asks the database, and notes it.
 * (Nothing is allowed by this: who may do what is asked for each call, in the database.)
 */
#pragma once
#include "base/span.h"

#include <stdbool.h>
#include <stdint.h>

struct known;

struct known_person {
    int64_t id;    /* 0: nobody who is known */
    bool is_guest; /* as it was when it was noted: whoever becomes a member counts as a guest for up to an hour, where that matters */
};

struct known *known_new(void);
void known_free(struct known *known);

/* `session` is the hash of a token in hex, as session_find() gives it; `now_ms` is of clock_ms(). */
struct known_person known_find(struct known *known, const char *session, int64_t now_ms); /* nobody: not known, or not for an hour */
void known_note(struct known *known, const char *session, struct known_person person, int64_t now_ms);

/* Whom {"user":{"id":7,"role":"guest",…}} is of, which the database says of whoever signs in; nobody when it is something else. */
struct known_person known_of_sign_in(struct span answer);
