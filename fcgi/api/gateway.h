/*
 * The FastCGI side of a request: accept, read, answer, close. libfcgi reads the request, in blocking mode; the rest is ours:
 *
 * - We accept ourselves, so that a thread that waits can be told to stop without a connection being lost, and without shutting down
 *   a listening socket that the next process is to go on with.
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

bool gateway_start(void);   /* once, on descriptor 0; false when that is no listening socket */

void gateway_init(struct gateway *gateway);

/* Waits for a request; false when gateway_stop_accepting() was called. */
bool gateway_accept(struct gateway *gateway);
char *const *gateway_params(const struct gateway *gateway);

/* Reads a body of `length` bytes; false when fewer came. */
bool gateway_read_body(struct gateway *gateway, struct buf *body, size_t length);

/* Sends head and body, ends the request and closes. The bytes stay the caller's. */
void gateway_answer(struct gateway *gateway, struct span head, struct span body);

/* The same piece by piece. False: nginx does not take any more. Without a whole end the client learns that something is missing. */
bool gateway_write(struct gateway *gateway, struct span piece);
void gateway_end(struct gateway *gateway, bool is_whole);

/*
 * No thread begins another request. A thread that waits in gateway_accept() only sees it when GATEWAY_WAKE is sent to it; there is
 * a moment in which that is missed, so send again until the thread has ended. Threads that work on a request are not disturbed.
 */
void gateway_stop_accepting(void);
#define GATEWAY_WAKE SIGUSR1
