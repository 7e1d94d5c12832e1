#include "wire/network.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static bool holds(const char *text, const char *one)
{
    struct network network;
    struct address address;
    assert_true(network_parse(&network, span_of(text)));
    assert_true(address_parse(&address, span_of(one)));
    return network_holds(&network, &address);
}

static void test_a_network_holds_what_its_bits_say(void **state)
{
    (void)state;
    assert_true(holds("192.0.2.0/24", "192.0.2.7"));
    assert_true(holds("192.0.2.0/24", "::ffff:192.0.2.255"));
    assert_false(holds("192.0.2.0/24", "192.0.3.0"));
    assert_true(holds("192.0.2.128/25", "192.0.2.128"));
    assert_false(holds("192.0.2.128/25", "192.0.2.127"));
    assert_true(holds("192.0.2.7", "192.0.2.7"));
    assert_false(holds("192.0.2.7/32", "192.0.2.8"));
    assert_true(holds("2001:db8:5:5::/64", "2001:db8:5:5::"));
    assert_false(holds("2001:db8:5:5::/64", "2001:db8:5:6::"));
    assert_true(holds("0.0.0.0/0", "192.0.2.7"));
    assert_false(holds("0.0.0.0/0", "2001:db8::1"));
    assert_true(holds("::/0", "192.0.2.7"));
    assert_true(holds("2001:db8::1/128", "2001:db8::1"));
    assert_true(holds("::1", "::1"));
}

static void test_what_is_no_network_is_refused(void **state)
{
    static const char *const none[] = {"", "nonsense", "/", "/24", "192.0.2/24", "192.0.2.256", "a.b.c.d", "unix:", "192.0.2.0/33", "192.0.2.0/",
                                       "192.0.2.0/-1", "192.0.2.0/-0", "192.0.2.0/+8", "192.0.2.0/024", "192.0.2.0/8x", "192.0.2.0/ 24",
                                       "192.0.2.0/24/1", "192.0.2.0/4294967304", "2001:db8::/129", "2001:db8::/x", "2001:db8::/"};
    struct network network;
    (void)state;
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        assert_false(network_parse(&network, span_of(none[i])));
    assert_false(network_parse(&network, (struct span){"::1\0x", 5}));
    assert_false(network_parse(&network, (struct span){0}));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_network_holds_what_its_bits_say),
        cmocka_unit_test(test_what_is_no_network_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
