#include "api/session.h"

#include "wire/site.h"

#include <sodium.h>

enum {
    COOKIE_SECONDS = 400 * 24 * 3600 /* as long as browsers allow: the server says when a session ends */
};

enum token_source session_find(const struct request *request, char hash[static TOKEN_HASH_SIZE])
{
    struct span token;
    enum token_source source = token_find(request->authorization, request->cookie, &token);
    *hash = '\0';
    if (source != TOKEN_NONE)
        token_hash(hash, token);
    return source;
}

void session_draw(char token[static ENCODE_TOKEN_SIZE], char hash[static TOKEN_HASH_SIZE])
{
    uint8_t bytes[ENCODE_TOKEN_BYTES];
    randombytes_buf(bytes, sizeof bytes);
    encode_token(token, bytes);
    token_hash(hash, span_of(token));
}

bool session_is_cross_site(const struct request *request)
{
    return site_is_foreign(request->origin, request->fetch_site, request->host);
}

static void add_cookie(struct buf *head, const char *value, int seconds, bool is_https)
{
    buf_printf(head, "Set-Cookie: " TOKEN_COOKIE_NAME "=%s; Path=/; Max-Age=%d; HttpOnly; SameSite=Lax%s\r\n", value, seconds,
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
