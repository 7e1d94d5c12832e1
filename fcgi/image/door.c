#include "image/door.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

enum { LISTENING = 0, PATIENCE_MS = 2000 }; /* nginx sends the first byte along with the connection */

static atomic_bool closed;

static void ignore(int signal)
{
    (void)signal;
}

/* SA_RESTART keeps the wake-up from disturbing a request; accept() on a socket with a time-out is not restarted all the same. */
bool door_start(void)
{
    struct sigaction wake = {.sa_handler = ignore, .sa_flags = SA_RESTART};
    struct timeval a_day = {.tv_sec = 24 * 3600};
    int listens = 0;
    socklen_t size = sizeof listens;
    if (getsockopt(LISTENING, SOL_SOCKET, SO_ACCEPTCONN, &listens, &size) != 0 || !listens)
        return false;
    setsockopt(LISTENING, SOL_SOCKET, SO_RCVTIMEO, &a_day, sizeof a_day);
    FCGX_Init(); /* its signal handlers come first, ours after */
    sigaction(DOOR_WAKE, &wake, NULL);
    signal(SIGPIPE, SIG_IGN);
    return true;
}

void door_close_all(void)
{
    atomic_store(&closed, true);
}

/* No listening socket for libfcgi: after a broken request it must not accept the next one by itself. */
void door_init(struct door *door)
{
    FCGX_InitRequest(&door->request, -1, 0);
}

static int accept_next(void)
{
    while (!atomic_load(&closed)) {
        int connection = accept4(LISTENING, NULL, NULL, SOCK_CLOEXEC);
        if (connection >= 0)
            return connection;
        if (errno != EINTR && errno != EAGAIN && errno != ECONNABORTED)
            nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL); /* out of descriptors: some come back soon */
    }
    return -1;
}

static bool speaks(int connection)
{
    struct pollfd ear = {.fd = connection, .events = POLLIN};
    int ready;
    do
        ready = poll(&ear, 1, PATIENCE_MS);
    while (ready < 0 && errno == EINTR);
    return ready > 0;
}

bool door_take(struct door *door)
{
    int connection;
    while ((connection = accept_next()) >= 0) {
        if (!speaks(connection)) {
            close(connection);
            continue;
        }
        door->request.ipcFd = connection;
        door->request.keepConnection = 1; /* or FCGX_Accept_r would begin by closing it */
        if (FCGX_Accept_r(&door->request) == 0)
            return true;
    }
    return false;
}

char *const *door_params(const struct door *door)
{
    return door->request.envp;
}

size_t door_read(void *owner, char *bytes, size_t size)
{
    struct door *door = owner;
    int length = FCGX_GetStr(bytes, (int)size, door->request.in);
    return length > 0 ? (size_t)length : 0;
}

void door_answer(struct door *door, struct span answer)
{
    enum { PIECE = 1 << 20 };
    for (size_t at = 0; at < answer.length; at += PIECE) {
        size_t length = answer.length - at < PIECE ? answer.length - at : PIECE;
        if (FCGX_PutStr(answer.at + at, (int)length, door->request.out) < 0)
            break;
    }
    door->request.keepConnection = 0;
    FCGX_Finish_r(&door->request);
    door->request.ipcFd = -1;
}
