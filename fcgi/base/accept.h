/*
 * The next FastCGI request of a listening socket. libfcgi (2.4.2) reads it, but does not accept it: told to stop while a connection
 * is silent it turns in a circle for ever, and it would shut down a socket that the next process is to go on with. So:
 *
 * - A thread that waits can be told to stop without a connection being lost.
 * - A connection whose client says nothing is closed after a while, and soon once we stop.
 *
 * One socket a process. Before any of it, a thread must not block ACCEPT_WAKE.
 */
#pragma once
#include <fcgiapp.h>
#include <signal.h>
#include <stdbool.h>

enum { ACCEPT_WAKE = SIGUSR1 };

bool accept_start(int listening) __attribute__((warn_unused_result)); /* once, before the threads; false: it does not listen */

void accept_init(FCGX_Request *request); /* each belongs to one thread */

/* Waits for a request; false when accept_stop() was called. It ends by accept_finish(), or ipcFd is taken out and -1 put there. */
bool accept_request(FCGX_Request *request);

/* What was written goes out, and the connection is closed, whatever nginx would like: each request has one of its own. */
void accept_finish(FCGX_Request *request);

/*
 * No thread begins another request. A thread that waits in accept_request() only sees it when ACCEPT_WAKE is sent to it; there is
 * a moment in which that is missed, so send again until the thread has ended (crew_stop() does). Threads that work on a request
 * are not disturbed.
 */
void accept_stop(void);
