#include "base/listening.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

static int forget(void **state)
{
    (void)state;
    unsetenv("LISTEN_FDS");
    unsetenv("LISTEN_FDNAMES");
    unsetenv("LISTEN_PID");
    return 0;
}

static void test_alone_it_is_descriptor_0(void **state)
{
    (void)state;
    assert_int_equal(listening_socket("stream", "stream"), 0);
    assert_int_equal(listening_socket("socket", "stream"), LISTENING_NONE);
}

static void test_several_are_found_by_their_names(void **state)
{
    (void)state;
    setenv("LISTEN_FDS", "2", 1);
    setenv("LISTEN_FDNAMES", "socket:stream", 1);
    assert_int_equal(listening_socket("socket", "stream"), 3);
    assert_int_equal(listening_socket("stream", "stream"), 4);
    assert_int_equal(listening_socket("other", "stream"), LISTENING_NONE);
}

static void test_those_of_another_process_are_not_ours(void **state)
{
    char pid[24];
    (void)state;
    setenv("LISTEN_FDS", "2", 1);
    setenv("LISTEN_FDNAMES", "stream:socket", 1);
    snprintf(pid, sizeof pid, "%d", getpid() + 1);
    setenv("LISTEN_PID", pid, 1);
    assert_int_equal(listening_socket("stream", "stream"), 0);
    snprintf(pid, sizeof pid, "%d", getpid());
    setenv("LISTEN_PID", pid, 1);
    assert_int_equal(listening_socket("stream", "stream"), 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_alone_it_is_descriptor_0, forget),
        cmocka_unit_test_teardown(test_several_are_found_by_their_names, forget),
        cmocka_unit_test_teardown(test_those_of_another_process_are_not_ours, forget),
    };
    return cmocka_run_group_tests(tests, forget, NULL);
}
