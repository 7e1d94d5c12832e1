/*
 * Requests as they come over FastCGI on descriptor 0. One door a thread: it takes a request, gives its parameters and body, and
 * sends the answer. libfcgi reads and writes; accepting is done here, so that a thread can be told to stop.
 */
#pragma once
#include "base/span.h"

#include <fcgiapp.h>
#include <signal.h>

enum { DOOR_WAKE = SIGUSR2 }; /* wakes a thread that waits at its door */

struct door {
    FCGX_Request request;
};

bool door_start(void) __attribute__((warn_unused_result)); /* once; false: descriptor 0 does not listen */
void door_close_all(void);                                 /* from now on door_take() gives false; who waits must be woken */

void door_init(struct door *door);
bool door_take(struct door *door);
char *const *door_params(const struct door *door);
size_t door_read(void *door, char *bytes, size_t size);    /* of the body; 0 at its end */
void door_answer(struct door *door, struct span answer);   /* head and body; ends the request */
