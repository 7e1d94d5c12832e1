#include "wire/record.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void test_the_header_of_output(void **state)
{
    static const unsigned char expected[] = {1, 6, 0x12, 0x34, 0xff, 0xf8, 0, 0};
    unsigned char header[RECORD_HEADER_SIZE];
    (void)state;
    record_stdout(header, 0x1234, RECORD_CONTENT_MAX);
    assert_memory_equal(header, expected, sizeof expected);
}

static void test_the_end_closes_the_output_and_the_request(void **state)
{
    static const unsigned char expected[] = {1, 6, 0, 1, 0, 0, 0, 0, 1, 3, 0, 1, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
    unsigned char end[RECORD_END_SIZE];
    (void)state;
    record_end(end, 1);
    assert_memory_equal(end, expected, sizeof expected);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_header_of_output),
        cmocka_unit_test(test_the_end_closes_the_output_and_the_request),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
