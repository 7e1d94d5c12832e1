/*
 * The FastCGI side of a request: accept (base/accept.h), read, answer, close. libfcgi reads the request, in blocking mode; the rest is ours:
 *
 * - The answer leaves in one system call, as finished records (libfcgi would write 8 KB at a time).
 * - Closing does not wait for nginx to close first, unless it may still be sending.
 */
#pragma once
#include "base/buf.h"

#include <fcgiapp.h>
#include <stdbool.h>

/* Belongs to one thread. */
struct gateway {
    FCGX_Request fcgx;
    bool has_unread_body;
};

void gateway_init(struct gateway *gateway);

/* Waits for a request; false when accept_stop() was called. */
bool gateway_accept(struct gateway *gateway);
char *const *gateway_params(const struct gateway *gateway);

/* Reads a body of `length` bytes; false when fewer came. */
bool gateway_read_body(struct gateway *gateway, struct buf *body, size_t length);

/* Sends head and body, ends the request and closes. The bytes stay the caller's. */
void gateway_answer(struct gateway *gateway, struct span head, struct span body);

/* The same piece by piece. False: nginx does not take any more. Without a whole end the client learns that something is missing. */
bool gateway_write(struct gateway *gateway, struct span piece);
void gateway_end(struct gateway *gateway, bool is_whole);
