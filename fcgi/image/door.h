/*
 * Requests as they come over FastCGI. One door a thread: it takes a request (base/accept.h), gives its parameters and body, and
 * sends the answer. libfcgi reads and writes.
 */
#pragma once
#include "base/span.h"

#include <fcgiapp.h>

struct door {
    FCGX_Request request;
};

void door_init(struct door *door);
bool door_take(struct door *door);                         /* false when accept_stop() was called */
char *const *door_params(const struct door *door);
size_t door_read(void *door, char *bytes, size_t size);    /* of the body; 0 at its end */
void door_answer(struct door *door, struct span answer);   /* head and body; ends the request */
