#include "base/notify.h"

#include "base/clock.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* Systemd's end. An abstract name, so that nothing is left behind. */
static int systemd;
static char name[64];

static int listen_as_systemd(void **state)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    (void)state;
    snprintf(name, sizeof name, "@parley-test-notify-%d", getpid());
    memcpy(address.sun_path + 1, name + 1, strlen(name) - 1);
    systemd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);
    return bind(systemd, (struct sockaddr *)&address, (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(name)));
}

static int stop_listening(void **state)
{
    (void)state;
    return close(systemd);
}

/* "" when nothing was said. */
static const char *heard(void)
{
    static char text[64];
    ssize_t length = recv(systemd, text, sizeof text - 1, 0);
    text[length > 0 ? length : 0] = '\0';
    return text;
}

static void start(const char *microseconds, int process)
{
    char number[16];
    snprintf(number, sizeof number, "%d", process);
    setenv("NOTIFY_SOCKET", name, 1);
    setenv("WATCHDOG_USEC", microseconds, 1);
    setenv("WATCHDOG_PID", number, 1);
    notify_start();
}

static void test_ready_and_stopping_are_told(void **state)
{
    (void)state;
    start("0", getpid());
    notify_ready();
    assert_string_equal(heard(), "READY=1");
    notify_stopping();
    assert_string_equal(heard(), "STOPPING=1");
    assert_null(getenv("NOTIFY_SOCKET"));
}

static void test_alive_is_told_four_times_a_period_however_often_it_is_said(void **state)
{
    (void)state;
    start("8000000", getpid());
    notify_alive(100000);
    assert_string_equal(heard(), "WATCHDOG=1");
    notify_alive(101999);
    assert_string_equal(heard(), "");
    notify_alive(102000);
    assert_string_equal(heard(), "WATCHDOG=1");
}

static void test_the_watchdog_of_another_process_is_not_ours(void **state)
{
    (void)state;
    start("8000000", getpid() + 1);
    notify_alive(clock_ms());
    assert_string_equal(heard(), "");
}

struct looks {
    int number;
    int stop_after;
};

static bool is_well_at_the_second_look(void *given)
{
    struct looks *looks = given;
    if (++looks->number == looks->stop_after)
        kill(getpid(), SIGTERM);
    return looks->number == 2;
}

static void test_while_all_is_not_well_nothing_is_told(void **state)
{
    struct looks looks = {.stop_after = 4};
    sigset_t stops;
    (void)state;
    start("4000", getpid()); /* a look each millisecond */
    sigemptyset(&stops);
    sigaddset(&stops, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &stops, NULL);
    assert_int_equal(notify_until(&stops, is_well_at_the_second_look, &looks), SIGTERM);
    assert_int_equal(looks.number, 4);
    assert_string_equal(heard(), "WATCHDOG=1");
    assert_string_equal(heard(), "");
}

static void test_a_path_too_long_is_nobody(void **state)
{
    char path[200] = "/";
    (void)state;
    memset(path + 1, 'x', sizeof path - 2);
    setenv("NOTIFY_SOCKET", path, 1);
    notify_start();
    notify_ready();
    assert_string_equal(heard(), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ready_and_stopping_are_told),
        cmocka_unit_test(test_alive_is_told_four_times_a_period_however_often_it_is_said),
        cmocka_unit_test(test_the_watchdog_of_another_process_is_not_ours),
        cmocka_unit_test(test_while_all_is_not_well_nothing_is_told),
        cmocka_unit_test(test_a_path_too_long_is_nobody),
    };
    return cmocka_run_group_tests(tests, listen_as_systemd, stop_listening);
}
