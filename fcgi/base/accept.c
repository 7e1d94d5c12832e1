#include "base/accept.h"

#include "base/clock.h"
#include "base/log.h"

#include <errno.h>
#include <poll.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

enum {
    PATIENCE_MS = 2000,     /* for the first byte of a request; nginx sends it along with the connection */
    LAST_PATIENCE_MS = 100, /* the same once we stop */
    WARN_EVERY_MS = 1000
};

static int listening_socket;
static atomic_bool is_stopping;

static void ignore(int signal)
{
    (void)signal;
}

/*
 * SA_RESTART lets a read or write of a request go on after the wake-up call, and a socket with a receive time-out, however long,
 * does not restart accept() all the same (signal(7)).
 */
bool accept_start(int listening)
{
    struct sigaction wake = {.sa_handler = ignore, .sa_flags = SA_RESTART};
    struct timeval a_day = {.tv_sec = 24 * 3600};
    int is_listening = 0;
    socklen_t size = sizeof is_listening;
    if (getsockopt(listening, SOL_SOCKET, SO_ACCEPTCONN, &is_listening, &size) != 0 || !is_listening)
        return false;
    listening_socket = listening;
    setsockopt(listening, SOL_SOCKET, SO_RCVTIMEO, &a_day, sizeof a_day);
    FCGX_Init(); /* installs handlers of its own: ours come after */
    sigaction(ACCEPT_WAKE, &wake, NULL);
    signal(SIGPIPE, SIG_IGN);
    return true;
}

void accept_stop(void)
{
    atomic_store(&is_stopping, true);
}

/* A listening socket of its own is denied to libfcgi: when a request is broken, it must not go and accept the next one. */
void accept_init(FCGX_Request *request)
{
    FCGX_InitRequest(request, -1, 0);
}

/* All threads come here at once, ten times a second: it is said by one of them, once. */
static void warn_of_descriptors(int64_t now_ms)
{
    static _Atomic int64_t due_ms;
    int64_t due = due_ms;
    if (now_ms >= due && atomic_compare_exchange_strong(&due_ms, &due, now_ms + WARN_EVERY_MS))
        log_warn("out of descriptors");
}

static void wait_for_descriptors(void)
{
    warn_of_descriptors(clock_ms());
    nanosleep(&(struct timespec){.tv_nsec = 100 * 1000000L}, NULL); /* some come back when somebody leaves */
}

/* -1 when it is time to stop. */
static int accept_one(void)
{
    while (!atomic_load(&is_stopping)) {
        int fd = accept4(listening_socket, NULL, NULL, SOCK_CLOEXEC);
        if (fd >= 0)
            return fd;
        if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM)
            wait_for_descriptors();
    }
    return -1;
}

static bool has_something_to_say(int fd)
{
    struct pollfd socket = {.fd = fd, .events = POLLIN};
    int64_t until = clock_ms() + PATIENCE_MS;
    bool is_last = false;
    int ready;
    while ((ready = poll(&socket, 1, clock_left_ms(until))) < 0 && errno == EINTR)
        if (!is_last && atomic_load(&is_stopping)) {
            is_last = true;
            until = clock_ms() + LAST_PATIENCE_MS;
        }
    return ready > 0;
}

/* libfcgi closes a connection that it cannot make sense of, and then fails to accept on no socket. */
static bool read_request(FCGX_Request *request, int fd)
{
    request->ipcFd = fd;
    request->keepConnection = 1; /* or FCGX_Accept_r would begin by closing it */
    return FCGX_Accept_r(request) == 0;
}

bool accept_request(FCGX_Request *request)
{
    int fd;
    while ((fd = accept_one()) >= 0) {
        if (!has_something_to_say(fd))
            close(fd);
        else if (read_request(request, fd))
            return true;
    }
    return false;
}

void accept_finish(FCGX_Request *request)
{
    request->keepConnection = 0;
    FCGX_Finish_r(request);
}
