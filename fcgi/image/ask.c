#include "image/ask.h"

#include "wire/address.h"
#include "wire/form.h"
#include "wire/path.h"
#include "wire/site.h"

#include <string.h>

static struct span param(char *const *params, const char *name)
{
    size_t length = strlen(name);
    for (; *params; params++)
        if (strncmp(*params, name, length) == 0 && (*params)[length] == '=')
            return span_of(*params + length + 1);
    return (struct span){"", 0};
}

/* --- Who asks ------------------------------------------------------------------------------------------------------------- */

/* Only a cookie comes along without anybody's doing. */
static void read_token(struct ask *ask, char *const *params)
{
    struct span token;
    enum token_source source = token_find(param(params, "HTTP_AUTHORIZATION"), param(params, "HTTP_COOKIE"), &token);
    if (source != TOKEN_NONE)
        token_hash(ask->token, token);
    ask->is_cross_site = source == TOKEN_COOKIE
        && site_is_foreign(param(params, "HTTP_ORIGIN"), param(params, "HTTP_SEC_FETCH_SITE"), param(params, "HTTP_HOST"));
}

/* --- What is asked -------------------------------------------------------------------------------------------------------- */

static const struct place {
    const char *pattern, *method;
    enum ask_kind kind;
    bool is_thumb;
} places[] = {
    {"/api/uploads", "POST", ASK_UPLOAD, false},
    {"/api/uploads/{upload}", "GET", ASK_IMAGE, false},
    {"/api/uploads/{upload}/thumb", "GET", ASK_IMAGE, true},
    {"/api/health/image", "GET", ASK_HEALTH, false},
    {"/metrics/image", "GET", ASK_METRICS, false},
};

static void read_place(struct ask *ask, const struct place *place, const struct path_parts *parts, struct span method)
{
    ask->is_thumb = place->is_thumb;
    ask->allow = strcmp(place->method, "GET") == 0 ? "GET, HEAD" : place->method;
    if (!span_is(method, place->method))
        ask->kind = ASK_WRONG_METHOD;
    else if (parts->count == 0 || form_id(parts->values[0], &ask->upload))
        ask->kind = place->kind;
}

static void read_address(struct ask *ask, char *const *params, struct span method)
{
    struct path_parts parts;
    struct span path = param(params, "REQUEST_URI");
    ask->query = path;
    path = span_cut(&ask->query, '?');
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        if (path_match(places[i].pattern, path, &parts))
            read_place(ask, &places[i], &parts, method);
}

static void read_blob(struct ask *ask, char *const *params)
{
    struct span sha256 = param(params, "PARLEY_SHA256");
    ask->is_thumb = span_is(param(params, "PARLEY_PART"), "thumb");
    if (sha256.length != ASK_SHA256_SIZE - 1)
        return;
    memcpy(ask->sha256, sha256.at, sha256.length);
    ask->kind = ASK_BLOB;
}

void ask_read(struct ask *ask, char *const *params)
{
    struct span task = param(params, "PARLEY_TASK"), method = param(params, "REQUEST_METHOD"), address = param(params, "REMOTE_ADDR");
    struct address ignored;
    *ask = (struct ask){.kind = ASK_NOTHING, .id = param(params, "REQUEST_ID"), .query = {"", 0}};
    if (address_parse(&ignored, address))
        ask->address = address;
    ask->is_head = span_is(method, "HEAD");
    if (!form_integer(param(params, "CONTENT_LENGTH"), &ask->body_length))
        ask->body_length = 0;
    read_token(ask, params);
    if (span_is(task, "check"))
        ask->kind = ASK_CHECK;
    else if (span_is(task, "blob"))
        read_blob(ask, params);
    else
        read_address(ask, params, ask->is_head ? span_of("GET") : method);
}
