/*
 * What was asked of this program: the FastCGI parameters as a struct. Spans point into the parameters and live as long as they.
 * nginx says which parameters there are (nginx/fastcgi.conf), and PARLEY_TASK is from nginx alone: no header of a client becomes
 * a parameter of that name.
 */
#pragma once
#include "base/span.h"
#include "wire/token.h"

#include <stdint.h>

enum request_kind {
    REQUEST_CHECK,        /* PARLEY_TASK=check: may this upload be sent? Before its body is taken */
    REQUEST_UPLOAD,       /* POST /api/uploads */
    REQUEST_IMAGE,        /* GET /api/uploads/ID, /api/uploads/ID/thumb: may this person see it, and where is it? */
    REQUEST_BLOB,         /* PARLEY_TASK=blob: the bytes, for nginx's cache */
    REQUEST_METRICS,      /* GET /metrics/image */
    REQUEST_HEALTH,       /* GET /api/health/image */
    REQUEST_WRONG_METHOD,
    REQUEST_NOTHING       /* there is nothing at this address */
};

enum { REQUEST_SHA256_SIZE = 64 + 1 };

struct request {
    enum request_kind kind;
    bool is_head, is_thumb;
    bool is_cross_site;           /* a browser sent it with its cookie, from somebody else's page */
    char token[TOKEN_HASH_SIZE];  /* of the session's; "": none */
    int64_t body_length;          /* as nginx says it, who has the whole body; 0: it says none */
    int64_t upload;               /* of REQUEST_IMAGE */
    char sha256[REQUEST_SHA256_SIZE]; /* of REQUEST_BLOB */
    const char *allow;            /* of REQUEST_WRONG_METHOD */
    struct span query, id;
    struct span address;          /* the client's; empty when it is none */
};

void request_read(struct request *request, char *const *params); /* "NAME=value", NULL at the end */
