#include "base/log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static int saved_stderr;
static FILE *captured;

static int capture(void **state)
{
    (void)state;
    captured = tmpfile();
    saved_stderr = dup(STDERR_FILENO);
    dup2(fileno(captured), STDERR_FILENO);
    return 0;
}

static int release(void **state)
{
    (void)state;
    dup2(saved_stderr, STDERR_FILENO);
    close(saved_stderr);
    fclose(captured);
    return 0;
}

static void assert_logged(const char *end)
{
    static char line[8192];
    rewind(captured);
    size_t length = fread(line, 1, sizeof line - 1, captured);
    line[length] = '\0';
    assert_int_equal(ftruncate(fileno(captured), 0), 0);
    rewind(captured);
    if (!strstr(line, end))
        fail_msg("no \"%s\" in \"%s\"", end, line);
    assert_int_equal(length == 0 || line[length - 1] == '\n', 1);
}

static void test_one_line_with_quoted_values(void **state)
{
    (void)state;
    log_start("tester", LOG_INFO);
    log_info("all is well", log_text("plain", "a.b"), log_text("odd", "say \"x\"\n\x01"), log_int("n", -5), log_text("none", NULL));
    assert_logged("level=info prog=tester msg=\"all is well\" plain=a.b odd=\"say \\\"x\\\"\\n\\x01\" n=-5 none=\"\"\n");
}

static void test_request_id_is_added_while_it_is_set(void **state)
{
    (void)state;
    log_set_request(span_of("r1"));
    log_warn("late");
    assert_logged("msg=late request=r1\n");
    log_set_request((struct span){0});
    log_warn("later");
    assert_logged("msg=later\n");
}

static void test_lower_levels_are_silent(void **state)
{
    (void)state;
    log_start("tester", LOG_WARN);
    log_info("nobody hears this");
    assert_int_equal(lseek(fileno(captured), 0, SEEK_END), 0);
    log_start("tester", LOG_INFO);
}

static void test_a_line_has_an_end_however_long_its_values(void **state)
{
    (void)state;
    static char value[5000];
    memset(value, 'v', sizeof value - 1);
    log_error("x", log_text("a", value), log_text("b", value), log_text("c", value), log_text("d", value), log_text("e", value));
    assert_true(lseek(fileno(captured), 0, SEEK_END) <= 4096);
    assert_logged("\n");
}

static void say_that_stderr_is_the_journal(ino_t inode_off_by)
{
    struct stat status;
    char stream[64];
    fstat(STDERR_FILENO, &status);
    snprintf(stream, sizeof stream, "%lu:%lu", (unsigned long)status.st_dev, (unsigned long)(status.st_ino + inode_off_by));
    setenv("JOURNAL_STREAM", stream, 1);
    log_start("tester", LOG_INFO);
}

static void test_the_journal_is_told_the_priority_and_nobody_else(void **state)
{
    (void)state;
    say_that_stderr_is_the_journal(0);
    log_warn("careful");
    assert_logged("<4>ts=");
    say_that_stderr_is_the_journal(1);
    log_warn("careful");
    rewind(captured);
    assert_int_equal(fgetc(captured), 't');
    unsetenv("JOURNAL_STREAM");
    log_start("tester", LOG_INFO);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_one_line_with_quoted_values, capture, release),
        cmocka_unit_test_setup_teardown(test_request_id_is_added_while_it_is_set, capture, release),
        cmocka_unit_test_setup_teardown(test_lower_levels_are_silent, capture, release),
        cmocka_unit_test_setup_teardown(test_the_journal_is_told_the_priority_and_nobody_else, capture, release),
        cmocka_unit_test_setup_teardown(test_a_line_has_an_end_however_long_its_values, capture, release),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
