#include "wire/encode.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void test_hex_and_token_of_known_bytes(void **state)
{
    (void)state;
    uint8_t bytes[ENCODE_TOKEN_BYTES];
    char hex[5], token[ENCODE_TOKEN_SIZE];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)(255 - i * 8);
    encode_hex(hex, bytes, 2);
    assert_string_equal(hex, "fff7");
    encode_token(token, bytes);
    assert_string_equal(token, "__fv59_Xz8e_t6-nn5ePh393b2dfV09HPzcvJx8XDwc");
}

static void test_uuid_has_its_version_and_variant(void **state)
{
    (void)state;
    char uuid[ENCODE_UUID_SIZE];
    encode_uuid(uuid, (const uint8_t[ENCODE_UUID_BYTES]){[0] = 0xab, [6] = 0xff, [8] = 0xff, [15] = 0x01});
    assert_string_equal(uuid, "ab000000-0000-4f00-bf00-000000000001");
    assert_true(encode_is_uuid(span_of(uuid)));
}

static void test_only_uuids_are_uuids(void **state)
{
    (void)state;
    assert_true(encode_is_uuid(span_of("AB000000-0000-1f00-bf00-00000000000f")));
    const char *others[] = {"", "ab000000-0000-4f00-bf00-00000000000", "ab000000-0000-4f00-bf00-0000000000011", "ab0000000000-4f00-bf00-0000000000001",
                            "gb000000-0000-4f00-bf00-000000000001", "ab000000 0000-4f00-bf00-000000000001", "{b000000-0000-4f00-bf00-00000000001}"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        assert_false(encode_is_uuid(span_of(others[i])));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hex_and_token_of_known_bytes),
        cmocka_unit_test(test_uuid_has_its_version_and_variant),
        cmocka_unit_test(test_only_uuids_are_uuids),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
