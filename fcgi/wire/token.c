#include "wire/token.h"

#include "wire/cookie.h"
#include "wire/encode.h"

#include <sodium.h>
#include <string.h>
#include <strings.h>

static bool is_bearer(struct span scheme)
{
    return scheme.length == strlen("Bearer") && strncasecmp(scheme.at, "Bearer", scheme.length) == 0;
}

enum token_source token_find(struct span authorization, struct span cookie, struct span *token)
{
    enum token_source source = TOKEN_NONE;
    *token = (struct span){0};
    if (is_bearer(span_cut(&authorization, ' '))) {
        span_skip_any(&authorization, " ");
        *token = authorization;
        source = TOKEN_BEARER;
    } else if (cookie_find(cookie, TOKEN_COOKIE_NAME, token) && token->length) {
        source = TOKEN_COOKIE;
    }
    if (token->length > TOKEN_MAX)
        token->length = TOKEN_MAX;
    return source;
}

void token_hash(char hash[static TOKEN_HASH_SIZE], struct span token)
{
    uint8_t digest[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(digest, (const unsigned char *)token.at, token.length);
    encode_hex(hash, digest, sizeof digest);
}
