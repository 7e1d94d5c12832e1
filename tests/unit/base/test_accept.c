/* The end of a request; how one begins, and how a thread is told to stop, is seen in tests/unit/api/test_gateway.c. */
#include "base/accept.h"

#include <pthread.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* BEGIN_REQUEST for a responder with the flag FCGI_KEEP_CONN, no parameters, no body. */
static const unsigned char question[] = {1, 1, 0, 1, 0, 8, 0, 0, /**/ 0, 1, 1, 0, 0, 0, 0, 0, /**/ 1, 4, 0, 1, 0, 0, 0, 0, /**/ 1, 5, 0, 1, 0, 0, 0, 0};

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
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int listening = socket(AF_UNIX, SOCK_STREAM, 0), peer = socket(AF_UNIX, SOCK_STREAM, 0);
    char answer[1000];
    ssize_t got, all = 0;
    FCGX_Request request;
    pthread_t server;
    (void)state;
    snprintf(address.sun_path, sizeof address.sun_path, "/tmp/parley-accept-%d", (int)getpid());
    assert_int_equal(bind(listening, (struct sockaddr *)&address, sizeof address) + listen(listening, 1), 0);
    assert_true(accept_start(listening));
    pthread_create(&server, NULL, serve_one, &request);
    assert_int_equal(connect(peer, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(write(peer, question, sizeof question), sizeof question);
    while ((got = read(peer, answer + all, sizeof answer - (size_t)all)) > 0)
        all += got;
    assert_int_equal(got, 0);
    assert_memory_equal(answer + 8, "Status: 204", 11);
    pthread_join(server, NULL);
    assert_int_equal(request.ipcFd, -1);
    close(peer);
    close(listening);
    unlink(address.sun_path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_connection_is_closed_even_when_the_other_side_would_keep_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
