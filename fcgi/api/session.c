#include "api/session.h"

#include "wire/cookie.h"
#include "wire/site.h"

#include <sodium.h>
#include <strings.h>

#define COOKIE_NAME "parley"

enum {
    TOKEN_MAX = 200,                /* characters; ours have 43 */
    COOKIE_SECONDS = 400 * 24 * 3600 /* as long as browsers allow: the server says when a session ends */
};

static void hash_token(struct span token, char hash[static SESSION_HASH_SIZE])
{
    uint8_t digest[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(digest, (const unsigned char *)token.at, token.length);
    encode_hex(hash, digest, sizeof digest);
}

/* An Authorization header that is not Bearer is somebody else's business. */
static bool find_bearer(struct span authorization, struct span *token)
{
    struct span scheme = span_cut(&authorization, ' ');
    if (scheme.length != 6 || strncasecmp(scheme.at, "Bearer", 6) != 0)
        return false;
    while (authorization.length && authorization.at[0] == ' ') {
        authorization.at++;
        authorization.length--;
    }
    *token = authorization;
    return true;
}

enum session_source session_find(const struct request *request, char hash[static SESSION_HASH_SIZE])
{
    struct span token;
    enum session_source source = SESSION_NONE;
    *hash = '\0';
    if (find_bearer(request->authorization, &token))
        source = SESSION_BEARER;
    else if (cookie_find(request->cookie, COOKIE_NAME, &token) && token.length)
        source = SESSION_COOKIE;
    if (source == SESSION_NONE)
        return SESSION_NONE;
    if (token.length > TOKEN_MAX)
        token.length = TOKEN_MAX; /* nobody's token, either way */
    hash_token(token, hash);
    return source;
}

void session_draw(char token[static ENCODE_TOKEN_SIZE], char hash[static SESSION_HASH_SIZE])
{
    uint8_t bytes[ENCODE_TOKEN_BYTES];
    randombytes_buf(bytes, sizeof bytes);
    encode_token(token, bytes);
    hash_token(span_of(token), hash);
}

bool session_is_cross_site(const struct request *request)
{
    return site_is_foreign(request->origin, request->fetch_site, request->host);
}

static void add_cookie(struct buf *head, const char *value, int seconds, bool is_https)
{
    buf_printf(head, "Set-Cookie: " COOKIE_NAME "=%s; Path=/; Max-Age=%d; HttpOnly; SameSite=Lax%s\r\n", value, seconds,
               is_https ? "; Secure" : "");
}

void session_add_cookie(struct buf *head, const char *token, bool is_https)
{
    add_cookie(head, token, COOKIE_SECONDS, is_https);
}

void session_add_cookie_end(struct buf *head, bool is_https)
{
    add_cookie(head, "", 0, is_https);
}
