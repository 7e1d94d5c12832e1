/*
 * The token that says who asks: of `Authorization: Bearer TOKEN`, which wins, or of the cookie `parley`. Shared by all programs, so
 * that the same request is the same person to each of them.
 */
#pragma once
#include "base/span.h"

enum token_source { TOKEN_NONE, TOKEN_BEARER, TOKEN_COOKIE };

enum {
    TOKEN_MAX = 200,          /* characters; ours have 43. Of a longer one only so many are given: nobody's token, either way */
    TOKEN_HASH_SIZE = 64 + 1
};

#define TOKEN_COOKIE_NAME "parley"

/*
 * Points into one of the headers, empty spans for those that were not sent. An Authorization header that is not Bearer is somebody
 * else's business; one that is, without a token, is a bearer of none all the same. A cookie without a value is no cookie.
 */
enum token_source token_find(struct span authorization, struct span cookie, struct span *token);

void token_hash(char hash[static TOKEN_HASH_SIZE], struct span token); /* SHA-256 in hex: all that the database knows of it */
