/*
 * Requests as they come over FastCGI. One gateway a thread: it accepts a request (base/accept.h), gives its parameters and body, and
 * sends the answer. libfcgi reads and writes.
 */
#pragma once
#include "base/span.h"

#include <fcgiapp.h>

struct gateway {
    FCGX_Request fcgx;
};

void gateway_init(struct gateway *gateway);
bool gateway_accept(struct gateway *gateway);                         /* false when accept_stop() was called */
char *const *gateway_params(const struct gateway *gateway);
size_t gateway_read(void *gateway, char *bytes, size_t size);    /* of the body; 0 at its end */
void gateway_answer(struct gateway *gateway, struct span answer);   /* head and body; ends the request */
