#include "wire/address.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const char *counted(const char *text)
{
    static char out[ADDRESS_TEXT_SIZE];
    struct address address, network;
    assert_true(address_parse(&address, span_of(text)));
    network = address_counted(&address);
    address_print(&network, out);
    return out;
}

static void test_of_ipv4_all_of_it_counts_whichever_way_it_came(void **state)
{
    (void)state;
    assert_string_equal(counted("192.0.2.7"), "192.0.2.7");
    assert_string_equal(counted("::ffff:192.0.2.7"), "192.0.2.7");
    assert_string_equal(counted("::FFFF:c000:0207"), "192.0.2.7");
}

static void test_of_ipv6_its_64_counts(void **state)
{
    (void)state;
    assert_string_equal(counted("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
    assert_string_equal(counted("2001:db8::6"), "2001:db8::");
    assert_string_equal(counted("::1"), "::");
}

static void test_what_is_no_address_is_all_zeros(void **state)
{
    static const char *const none[] = {"", "192.0.2", "192.0.2.256", "unix:", "2001:db8::1::2", "192.0.2.1/24", "1111:2222:3333:4444:5555:6666:7777:8888:9999:0000"};
    struct address address, zero = {0};
    (void)state;
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        assert_false(address_parse(&address, span_of(none[i])));
        assert_memory_equal(&address, &zero, sizeof zero);
    }
    assert_false(address_parse(&address, (struct span){"::1\0", 4}));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_of_ipv4_all_of_it_counts_whichever_way_it_came),
        cmocka_unit_test(test_of_ipv6_its_64_counts),
        cmocka_unit_test(test_what_is_no_address_is_all_zeros),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
