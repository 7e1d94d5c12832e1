#include "image/sandbox.h"


#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

typedef bool attempt(void);

/* Whether an attempt succeeds inside of the sandbox; in a process of its own. */
static bool can(attempt *try_it)
{
    int status = 0;
    pid_t pid = fork();
    if (pid == 0) {
        if (!sandbox_enter(&(struct sandbox_plan){256, 5}))
            _exit(2);
        _exit(try_it() ? 0 : 1);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    assert_int_not_equal(WEXITSTATUS(status), 2);
    return WEXITSTATUS(status) == 0;
}

static bool reads_a_file(void) { return open("/etc/passwd", O_RDONLY) >= 0; }
static bool makes_a_file(void) { return open("/tmp/parley-sandbox-test", O_CREAT | O_WRONLY, 0600) >= 0; }
static bool opens_a_socket(void) { return socket(AF_INET, SOCK_STREAM, 0) >= 0 || socket(AF_UNIX, SOCK_STREAM, 0) >= 0; }
static bool starts_a_program(void) { return execl("/bin/true", "true", NULL) != -1; }
static bool starts_a_process(void) { return fork() >= 0; }
static bool signals_its_parent(void) { return kill(getppid(), 0) == 0; }
static bool traces_its_parent(void) { return ptrace(PTRACE_ATTACH, getppid(), NULL, NULL) == 0; }
static bool becomes_dumpable(void) { return prctl(PR_SET_DUMPABLE, 1) == 0; }
static bool makes_a_memfd(void) { return memfd_create("x", 0) >= 0; }

static bool runs_what_it_wrote(void)
{
    return mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED;
}

static bool makes_memory_executable(void)
{
    void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return page != MAP_FAILED && mprotect(page, 4096, PROT_READ | PROT_EXEC) == 0;
}

static void *nothing(void *given)
{
    return given;
}

static bool computes_with_threads(void)
{
    pthread_t thread;
    char *memory = malloc(8 << 20);
    if (!memory || pthread_create(&thread, NULL, nothing, NULL) != 0)
        return false;
    memory[0] = 1;
    free(memory);
    return pthread_join(thread, NULL) == 0;
}

static bool takes_much_memory(void)
{
    return mmap(NULL, (size_t)1 << 30, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED;
}

static void test_nothing_of_the_world_is_left(void **state)
{
    (void)state;
    attempt *const attempts[] = {reads_a_file, makes_a_file, opens_a_socket, starts_a_program, starts_a_process, signals_its_parent,
                                 traces_its_parent, becomes_dumpable, makes_a_memfd, runs_what_it_wrote, makes_memory_executable};
    for (size_t i = 0; i < sizeof attempts / sizeof *attempts; i++)
        assert_false(can(attempts[i]));
}

static void test_computing_is_left(void **state)
{
    (void)state;
    assert_true(can(computes_with_threads));
}

/* A sanitizer's own memory has no bound. */
static void test_memory_is_bounded(void **state)
{
    (void)state;
    if (SANDBOX_HAS_SHADOW)
        skip(); /* the sanitizer's own memory has no bound */
    assert_false(can(takes_much_memory));
}

static void test_time_is_bounded(void **state)
{
    (void)state;
    int status = 0;
    pid_t pid = fork();
    if (pid == 0) {
        if (!sandbox_enter(&(struct sandbox_plan){256, 1}))
            _exit(2);
        for (;;)
            ;
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFSIGNALED(status));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nothing_of_the_world_is_left),
        cmocka_unit_test(test_computing_is_left),
        cmocka_unit_test(test_memory_is_bounded),
        cmocka_unit_test(test_time_is_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
