/* The end of a request, and a want of descriptors; how a thread is told to stop is seen in tests/unit/api/test_gateway.c. */
#include "base/accept.h"
#include "base/clock.h"

#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { THREADS = 4, TRIES_MS = 300 }; /* in which each of them tries some times, and may say no more */

/* BEGIN_REQUEST for a responder with the flag FCGI_KEEP_CONN, no parameters, no body. */
static const unsigned char question[] = {1, 1, 0, 1, 0, 8, 0, 0, /**/ 0, 1, 1, 0, 0, 0, 0, 0, /**/ 1, 4, 0, 1, 0, 0, 0, 0, /**/ 1, 5, 0, 1, 0, 0, 0, 0};

static struct sockaddr_un address = {.sun_family = AF_UNIX};

static int start(void **state)
{
    int listening = socket(AF_UNIX, SOCK_STREAM, 0);
    (void)state;
    snprintf(address.sun_path, sizeof address.sun_path, "/tmp/parley-accept-%d", (int)getpid());
    if (bind(listening, (struct sockaddr *)&address, sizeof address) != 0 || listen(listening, 2 * THREADS) != 0)
        return -1;
    return accept_start(listening) ? 0 : -1;
}

static int stop(void **state)
{
    (void)state;
    return unlink(address.sun_path);
}

static int ask(void)
{
    int peer = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_int_equal(connect(peer, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(write(peer, question, sizeof question), sizeof question);
    return peer;
}

static void assert_answered(int peer)
{
    char answer[1000];
    ssize_t got, all = 0;
    while ((got = read(peer, answer + all, sizeof answer - (size_t)all)) > 0)
        all += got;
    assert_int_equal(got, 0);
    assert_memory_equal(answer + 8, "Status: 204", 11);
    close(peer);
}

static void *serve_one(void *given)
{
    FCGX_Request *request = given;
    accept_init(request);
    if (accept_request(request))
        FCGX_PutS("Status: 204\r\n\r\n", request->out);
    accept_finish(request);
    return NULL;
}

static void test_the_connection_is_closed_even_when_the_other_side_would_keep_it(void **state)
{
    FCGX_Request request;
    pthread_t server;
    (void)state;
    pthread_create(&server, NULL, serve_one, &request);
    assert_answered(ask());
    pthread_join(server, NULL);
    assert_int_equal(request.ipcFd, -1);
}

/* No more descriptors for this process than it has; gives how many it might have before. */
static struct rlimit take_descriptors_away(void)
{
    struct rlimit before, none;
    int next = dup(STDIN_FILENO);
    close(next);
    getrlimit(RLIMIT_NOFILE, &before);
    none = (struct rlimit){.rlim_cur = (rlim_t)next, .rlim_max = before.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
    return before;
}

static int64_t count_in(FILE *log, const char *what)
{
    char line[500];
    int64_t count = 0;
    while (fgets(line, sizeof line, log))
        count += strstr(line, what) != NULL;
    return count;
}

static void test_a_want_of_descriptors_is_waited_out_and_told_once_a_second(void **state)
{
    FCGX_Request requests[THREADS];
    pthread_t servers[THREADS];
    int peers[THREADS], log[2], saved = dup(STDERR_FILENO);
    int64_t began = clock_ms();
    char first;
    (void)state;
    assert_int_equal(pipe(log), 0);
    dup2(log[1], STDERR_FILENO);
    close(log[1]);
    for (int i = 0; i < THREADS; i++)
        peers[i] = ask();
    struct rlimit before = take_descriptors_away();
    for (int i = 0; i < THREADS; i++)
        pthread_create(&servers[i], NULL, serve_one, &requests[i]);
    assert_int_equal(read(log[0], &first, 1), 1);
    poll(NULL, 0, TRIES_MS);
    setrlimit(RLIMIT_NOFILE, &before);
    for (int i = 0; i < THREADS; i++) {
        assert_answered(peers[i]);
        pthread_join(servers[i], NULL);
    }
    dup2(saved, STDERR_FILENO);
    close(saved);
    FILE *told = fdopen(log[0], "r");
    int64_t count = count_in(told, "out of descriptors");
    assert_in_range(count, 1, 1 + (clock_ms() - began) / 1000);
    fclose(told);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_connection_is_closed_even_when_the_other_side_would_keep_it),
        cmocka_unit_test(test_a_want_of_descriptors_is_waited_out_and_told_once_a_second),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
