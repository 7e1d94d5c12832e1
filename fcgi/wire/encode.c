#include "wire/encode.h"

#include <ctype.h>
#include <string.h>

void encode_hex(char *out, const uint8_t *bytes, size_t length)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < length; i++) {
        *out++ = digits[bytes[i] >> 4];
        *out++ = digits[bytes[i] & 15];
    }
    *out = '\0';
}

void encode_token(char out[static ENCODE_TOKEN_SIZE], const uint8_t bytes[static ENCODE_TOKEN_BYTES])
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    uint32_t bits = 0;
    int held = 0;
    for (size_t i = 0; i < ENCODE_TOKEN_BYTES; i++) {
        bits = bits << 8 | bytes[i];
        for (held += 8; held >= 6; held -= 6)
            *out++ = digits[bits >> (held - 6) & 63];
    }
    *out++ = digits[bits << (6 - held) & 63];
    *out = '\0';
}

void encode_uuid(char out[static ENCODE_UUID_SIZE], const uint8_t bytes[static ENCODE_UUID_BYTES])
{
    uint8_t uuid[ENCODE_UUID_BYTES];
    memcpy(uuid, bytes, sizeof uuid);
    uuid[6] = (uint8_t)((uuid[6] & 0x0f) | 0x40);
    uuid[8] = (uint8_t)((uuid[8] & 0x3f) | 0x80);
    for (size_t i = 0; i < sizeof uuid; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            *out++ = '-';
        encode_hex(out, &uuid[i], 1);
        out += 2;
    }
}

bool encode_is_uuid(struct span text)
{
    if (text.length != ENCODE_UUID_SIZE - 1)
        return false;
    for (size_t i = 0; i < text.length; i++) {
        bool is_hyphen_place = i == 8 || i == 13 || i == 18 || i == 23;
        if (is_hyphen_place ? text.at[i] != '-' : !isxdigit((unsigned char)text.at[i]))
            return false;
    }
    return true;
}
