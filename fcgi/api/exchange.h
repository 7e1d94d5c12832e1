/*
 * One request and its answer, while a thread works on it. Each request thread owns one exchange and uses it again and again, so
 * that a request allocates next to nothing. What a part of it points into (parameters, body) lives until the answer is sent.
 */
#pragma once
#include "api/arg.h"
#include "api/committer.h"
#include "api/request.h"
#include "api/route.h"
#include "api/server.h"
#include "api/session.h"
#include "db/outcome.h"
#include "wire/address.h"

enum exchange_body {
    EXCHANGE_BODY_READ,
    EXCHANGE_BODY_TOO_LARGE,
    EXCHANGE_BODY_CUT_SHORT
};

/* Where an answer goes that is sent piece by piece: the head first. False when nobody takes it any more. */
struct exchange_sink {
    void *owner;
    bool (*write)(void *owner, struct span piece);
};

struct exchange {
    struct server *server;
    struct exchange_sink sink;

    /* the question */
    struct request request;
    struct buf body;
    enum exchange_body body_state;
    const struct route *route; /* NULL: none fits */
    struct path_parts parts;
    char allow[ROUTE_ALLOW_SIZE];
    enum token_source source;
    char session[TOKEN_HASH_SIZE]; /* "" for nobody */
    int64_t person;                  /* whose it is; 0 for nobody, or while the database is away */
    bool is_member;                  /* and no guest */
    struct address from;             /* what counts of the client's address */
    json_t *json;                    /* the body, when it was an object; NULL else */
    struct args args;

    /* the answer */
    struct outcome outcome;
    const char *content_type;        /* NULL: JSON, or a problem by the status */
    bool is_streamed, is_broken;     /* it went to the sink; and its end is missing */
    struct buf piece;                /* on its way to the sink */
    char new_token[ENCODE_TOKEN_SIZE], new_session[TOKEN_HASH_SIZE];

    /* the call on its way through the committer */
    struct committer_call call;
    struct buf call_text;
};

void exchange_init(struct exchange *exchange, struct server *server, struct exchange_sink sink);
void exchange_free(struct exchange *exchange);
void exchange_begin(struct exchange *exchange); /* forgets the last one; the request and the body are filled in then */

const char *exchange_token(const struct exchange *exchange); /* for the database: NULL for nobody */

/* Answers with a problem; false, so that a step can return it. */
bool exchange_refuse(struct exchange *exchange, int status, const char *code, const char *title);

/* Runs another function of the database through the committer; fills the outcome. */
void exchange_commit(struct exchange *exchange, const char *function, const char *token, const char *args, bool may_repeat);

/* Fills the outcome, or sends the answer to the sink. What the route says happens, in its order. */
void exchange_answer(struct exchange *exchange);

/* The answer's status line and headers, as CGI has them, with the blank line. */
void exchange_add_head(struct exchange *exchange, struct buf *head);
