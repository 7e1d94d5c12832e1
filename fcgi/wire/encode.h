/* Bytes as text: hex, base64url without padding, and UUIDs. Random bytes come from the caller. */
#pragma once
#include "base/span.h"

#include <stdint.h>

/* out: 2 × length + 1 characters. */
void encode_hex(char *out, const uint8_t *bytes, size_t length);

enum { ENCODE_TOKEN_BYTES = 32, ENCODE_TOKEN_SIZE = 43 + 1 };
/* 256 bits as 43 characters of base64url. */
void encode_token(char out[static ENCODE_TOKEN_SIZE], const uint8_t bytes[static ENCODE_TOKEN_BYTES]);

enum { ENCODE_UUID_BYTES = 16, ENCODE_UUID_SIZE = 36 + 1 };
/* A random UUID (version 4) of these bytes. */
void encode_uuid(char out[static ENCODE_UUID_SIZE], const uint8_t bytes[static ENCODE_UUID_BYTES]);
bool encode_is_uuid(struct span text); /* the form with hyphens, of any version */
