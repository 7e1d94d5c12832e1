/*
 * Who asks (wire/token), and whether a browser was made to ask by another site. Tokens are 256 random bits as base64url; only their
 * SHA-256 goes further than this file.
 */
#pragma once
#include "api/request.h"
#include "base/buf.h"
#include "wire/encode.h"
#include "wire/token.h"

/* The hash of the token that the request brings, in hex. */
enum token_source session_find(const struct request *request, char hash[static TOKEN_HASH_SIZE]);

void session_draw(char token[static ENCODE_TOKEN_SIZE], char hash[static TOKEN_HASH_SIZE]);

/* Does a browser say that another site (or another host of this one) is behind it? Programs that are no browsers say nothing. */
bool session_is_cross_site(const struct request *request);

/* Header lines. */
void session_add_cookie(struct buf *head, const char *token, bool is_https);
void session_add_cookie_end(struct buf *head, bool is_https);
