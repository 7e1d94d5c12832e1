#include "base/notify.h"

#include "base/clock.h"
#include "base/log.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { A_DAY_MS = 24 * 3600 * 1000 };

/* A quarter of what the watchdog waits: a lost look or two does no harm. */
enum { LOOKS_A_PERIOD = 4 };

static struct {
    int socket; /* -1: nobody listens */
    struct sockaddr_un address;
    socklen_t address_length;
    int64_t pause_ms; /* between two "alive"; 0: no watchdog */
    int64_t next_ms;
} notify = {.socket = -1};

/* A path, or an abstract name behind '@'. */
static bool read_address(const char *name)
{
    size_t length = name ? strlen(name) : 0;
    if (length < 2 || (*name != '/' && *name != '@') || length >= sizeof notify.address.sun_path)
        return false;
    notify.address.sun_family = AF_UNIX;
    memcpy(notify.address.sun_path, name, length + 1);
    if (*name == '@')
        notify.address.sun_path[0] = '\0';
    notify.address_length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length + (*name == '/'));
    return true;
}

/* The watchdog may be meant for another process, one that has started us. */
static int64_t read_pause_ms(const char *microseconds, const char *process)
{
    int64_t period_us = microseconds ? strtoll(microseconds, NULL, 10) : 0;
    if (period_us <= 0 || (process && strtoll(process, NULL, 10) != getpid()))
        return 0;
    int64_t pause_ms = period_us / 1000 / LOOKS_A_PERIOD;
    return pause_ms < 1 ? 1 : pause_ms > A_DAY_MS ? A_DAY_MS : pause_ms;
}

void notify_start(void)
{
    notify.socket = -1;
    notify.pause_ms = 0;
    notify.next_ms = 0;
    if (read_address(getenv("NOTIFY_SOCKET"))) {
        notify.socket = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        notify.pause_ms = read_pause_ms(getenv("WATCHDOG_USEC"), getenv("WATCHDOG_PID"));
    }
    unsetenv("NOTIFY_SOCKET");
    unsetenv("WATCHDOG_USEC");
    unsetenv("WATCHDOG_PID");
}

static void send_state(const char *state)
{
    if (notify.socket < 0)
        return;
    ssize_t sent = sendto(notify.socket, state, strlen(state), MSG_NOSIGNAL, (struct sockaddr *)&notify.address, notify.address_length);
    if (sent < 0)
        log_warn("systemd does not listen", log_text("state", state), log_text("why", strerror(errno)));
}

void notify_ready(void)
{
    send_state("READY=1");
}

void notify_stopping(void)
{
    send_state("STOPPING=1");
}

void notify_alive(int64_t now_ms)
{
    if (notify.pause_ms == 0 || now_ms < notify.next_ms)
        return;
    notify.next_ms = now_ms + notify.pause_ms;
    send_state("WATCHDOG=1");
}

int notify_until(const sigset_t *stops, bool (*is_well)(void *owner), void *owner)
{
    int64_t pause_ms = notify.pause_ms ? notify.pause_ms : A_DAY_MS;
    struct timespec pause = clock_timespec(pause_ms);
    int signal;
    while ((signal = sigtimedwait(stops, NULL, &pause)) < 0)
        if (is_well(owner))
            notify_alive(clock_ms());
    return signal;
}
