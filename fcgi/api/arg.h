/*
 * The arguments of a call: what a route declares, taken from the path, the query and the JSON body, checked for type, range and
 * allowed characters, and written as one JSON object for the database. Every fault is found, not only the first.
 * What stands in no declaration is ignored. Rules that need to know more than the request are the database's.
 */
#pragma once
#include "base/buf.h"
#include "wire/path.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

enum arg_source { ARG_BODY, ARG_QUERY };

enum arg_kind {
    ARG_TEXT,    /* least … most code points */
    ARG_NAME,    /* the same once the database has taken the blanks at its ends away; untrimmed up to ARGS_UNTRIMMED_MAX */
    ARG_SECRET,  /* as ARG_TEXT, but never among the arguments: args_secret() has it */
    ARG_ID,      /* a positive integer below 2^53 */
    ARG_NUMBER,  /* least … most */
    ARG_LIMIT,   /* at least 1; over `most` counts as `most` */
    ARG_FLAG,    /* true or false; in a query also 1 and 0 */
    ARG_UUID,
    ARG_TIME,    /* RFC 3339 */
    ARG_NETWORK, /* an address, with /BITS or without */
    ARG_CHOICE,  /* one of `choices` */
    ARG_IDS,     /* at most `most` of them; only in a body */
    ARG_OBJECT   /* any object of up to `most` bytes; only in a body */
};

struct arg {
    const char *name; /* NULL ends a list */
    enum arg_source source;
    enum arg_kind kind;
    bool required;    /* then null is a fault, too */
    int64_t least, most;
    const char *choices; /* "all|mentions|none" */
};

enum { ARGS_SECRETS_MAX = 2, ARGS_UNTRIMMED_MAX = 4000 };

struct args {
    struct buf json;    /* the object, without its last brace */
    struct buf faults;  /* the same, of {"name":"why"} */
    struct buf first_fault; /* as a sentence */
    struct buf scratch; /* one text at a time */
    struct {
        const char *name;
        struct buf text;
    } secrets[ARGS_SECRETS_MAX];
    size_t secret_count;
};

void args_init(struct args *args);
void args_free(struct args *args);
void args_begin(struct args *args); /* forgets everything, wipes the secrets, keeps some memory */

/*
 * A part named `room` is an id; `invite:text` is decoded text. False: there can be no such thing, 404. Of `emoji:value` what is no text is a
 * fault like others.
 */
bool args_take_path(struct args *args, const struct path_parts *parts) __attribute__((warn_unused_result));
void args_take_query(struct args *args, const struct arg *list, struct span query);
void args_take_body(struct args *args, const struct arg *list, const json_t *body); /* body: an object, or NULL for none */
void args_take_plain(struct args *args, const struct arg *list, struct span text);    /* a body that is the argument `text` */
void args_take_all(struct args *args, const json_t *body);                           /* every member, undeclared; text is checked */

void args_add_text(struct args *args, const char *name, struct span text); /* clean UTF-8 */
void args_add_int(struct args *args, const char *name, int64_t number);
bool args_add_clean(struct args *args, const char *name, struct span text, size_t most); /* left out, if it is no text or too long */

bool args_have_fault(const struct args *args);
const char *args_faults(struct args *args);      /* {"fields":{…}}; good until the next args_… */
const char *args_first_fault(struct args *args); /* "Text: at most 8000 characters." */
const char *args_json(struct args *args);   /* the whole object; good until the next args_… */
const char *args_secret(struct args *args, const char *name); /* NULL when it was not given */
