/* A connection to servers that are not there, or not as they should be. (What a real one answers is asked by the HTTP tests.) */
#include "db/conn.h"

#include "base/clock.h"
#include "base/log.h"

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

static char folder[] = "/tmp/parley-conn-XXXXXX", conninfo[100], socket_path[60];
static const char question[] = "select 1";

static int make_folder(void **state)
{
    (void)state;
    log_start("test", LOG_ERROR);
    if (!mkdtemp(folder))
        return -1;
    snprintf(conninfo, sizeof conninfo, "host=%s dbname=none", folder);
    snprintf(socket_path, sizeof socket_path, "%s/.s.PGSQL.5432", folder);
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    return rmdir(folder);
}

static struct conn_plan plan(void)
{
    return (struct conn_plan){conninfo, "test", 1000, 1000, 200, NULL};
}

static int listen_silently(void)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    strcpy(address.sun_path, socket_path);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(fd, 5), 0);
    return fd;
}

static void test_a_server_that_is_not_there_is_away_and_is_left_alone_for_a_while(void **state)
{
    (void)state;
    struct conn_plan here = plan();
    struct conn *conn = conn_new(&here);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(conn_ask(conn, question, NULL, 0, clock_ms() + 5000), CONN_AWAY);
        assert_string_not_equal(conn_error(conn)->message, "");
    }
    int fd = listen_silently();
    int64_t before = clock_ms();
    assert_int_equal(conn_ask(conn, question, NULL, 0, clock_ms() + 5000), CONN_AWAY);
    assert_true(clock_ms() - before < 150); /* it did not even try: a silent server takes 200 ms to be given up */
    close(fd);
    unlink(socket_path);
    conn_free(conn);
}

static void test_a_server_that_says_nothing_is_given_up(void **state)
{
    (void)state;
    struct conn_plan here = plan();
    int fd = listen_silently();
    struct conn *conn = conn_new(&here);
    int64_t before = clock_ms();
    assert_int_equal(conn_ask(conn, question, NULL, 0, clock_ms() + 60000), CONN_AWAY);
    assert_in_range(clock_ms() - before, 200, 30000);
    assert_string_equal(conn_error(conn)->message, "no connection in time");
    conn_free(conn);
    close(fd);
    unlink(socket_path);
}

static void test_the_callers_deadline_counts_when_it_is_sooner(void **state)
{
    (void)state;
    struct conn_plan here = plan();
    here.connect_timeout_ms = 60000;
    int fd = listen_silently();
    struct conn *conn = conn_new(&here);
    assert_int_equal(conn_ask(conn, question, NULL, 0, clock_ms() + 50), CONN_AWAY);
    conn_free(conn);
    close(fd);
    unlink(socket_path);
}

static void test_a_connection_string_that_is_none_does_no_harm(void **state)
{
    (void)state;
    struct conn_plan odd = plan();
    odd.conninfo = "host=/nowhere port=nonsense =";
    struct conn *conn = conn_new(&odd);
    assert_int_equal(conn_ask(conn, question, NULL, 0, clock_ms() + 1000), CONN_AWAY);
    conn_freshen(conn);
    conn_free(conn);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_server_that_is_not_there_is_away_and_is_left_alone_for_a_while),
        cmocka_unit_test(test_a_server_that_says_nothing_is_given_up),
        cmocka_unit_test(test_the_callers_deadline_counts_when_it_is_sooner),
        cmocka_unit_test(test_a_connection_string_that_is_none_does_no_harm),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
