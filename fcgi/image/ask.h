/*
 * What was asked of this program: the FastCGI parameters as a struct. Spans point into the parameters and live as long as they.
 * nginx says which parameters there are (nginx/fastcgi.conf), and PARLEY_TASK is from nginx alone: no header of a client becomes
 * a parameter of that name.
 */
#pragma once
#include "base/span.h"
#include "wire/token.h"

#include <stdint.h>

enum ask_kind {
    ASK_CHECK,        /* PARLEY_TASK=check: may this upload be sent? Before its body is taken */
    ASK_UPLOAD,       /* POST /api/uploads */
    ASK_IMAGE,        /* GET /api/uploads/ID, /api/uploads/ID/thumb: may this person see it, and where is it? */
    ASK_BLOB,         /* PARLEY_TASK=blob: the bytes, for nginx's cache */
    ASK_METRICS,      /* GET /metrics/image */
    ASK_HEALTH,       /* GET /api/health/image */
    ASK_WRONG_METHOD,
    ASK_NOTHING       /* there is nothing at this address */
};

enum { ASK_SHA256_SIZE = 64 + 1 };

struct ask {
    enum ask_kind kind;
    bool is_head, is_thumb;
    bool is_cross_site;           /* a browser sent it with its cookie, from somebody else's page */
    char token[TOKEN_HASH_SIZE];  /* of the session's; "": none */
    int64_t body_length;          /* as nginx says it, who has the whole body; 0: it says none */
    int64_t upload;               /* of ASK_IMAGE */
    char sha256[ASK_SHA256_SIZE]; /* of ASK_BLOB */
    const char *allow;            /* of ASK_WRONG_METHOD */
    struct span query, id;
    struct span address;          /* the client's; empty when it is none */
};

void ask_read(struct ask *ask, char *const *params); /* "NAME=value", NULL at the end */
