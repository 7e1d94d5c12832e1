#include "image/request.h"

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
static void read_token(struct request *request, char *const *params)
{
    struct span token;
    enum token_source source = token_find(param(params, "HTTP_AUTHORIZATION"), param(params, "HTTP_COOKIE"), &token);
    if (source != TOKEN_NONE)
        token_hash(request->token, token);
    request->is_cross_site = source == TOKEN_COOKIE
        && site_is_foreign(param(params, "HTTP_ORIGIN"), param(params, "HTTP_SEC_FETCH_SITE"), param(params, "HTTP_HOST"));
}

/* --- What is asked -------------------------------------------------------------------------------------------------------- */

static const struct place {
    const char *pattern, *method;
    enum request_kind kind;
    bool is_thumb;
} places[] = {
    {"/api/uploads", "POST", REQUEST_UPLOAD, false},
    {"/api/uploads/{upload}", "GET", REQUEST_IMAGE, false},
    {"/api/uploads/{upload}/thumb", "GET", REQUEST_IMAGE, true},
    {"/api/health/image", "GET", REQUEST_HEALTH, false},
    {"/metrics/image", "GET", REQUEST_METRICS, false},
};

static void read_place(struct request *request, const struct place *place, const struct path_parts *parts, struct span method)
{
    request->is_thumb = place->is_thumb;
    request->allow = strcmp(place->method, "GET") == 0 ? "GET, HEAD" : place->method;
    if (!span_is(method, place->method))
        request->kind = REQUEST_WRONG_METHOD;
    else if (parts->count == 0 || form_id(parts->values[0], &request->upload))
        request->kind = place->kind;
}

static void read_address(struct request *request, char *const *params, struct span method)
{
    struct path_parts parts;
    struct span path = param(params, "REQUEST_URI");
    request->query = path;
    path = span_cut(&request->query, '?');
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        if (path_match(places[i].pattern, path, &parts))
            read_place(request, &places[i], &parts, method);
}

static void read_blob(struct request *request, char *const *params)
{
    struct span sha256 = param(params, "PARLEY_SHA256");
    request->is_thumb = span_is(param(params, "PARLEY_PART"), "thumb");
    if (sha256.length != REQUEST_SHA256_SIZE - 1)
        return;
    memcpy(request->sha256, sha256.at, sha256.length);
    request->kind = REQUEST_BLOB;
}

void request_read(struct request *request, char *const *params)
{
    struct span task = param(params, "PARLEY_TASK"), method = param(params, "REQUEST_METHOD"), address = param(params, "REMOTE_ADDR");
    struct address ignored;
    *request = (struct request){.kind = REQUEST_NOTHING, .id = param(params, "REQUEST_ID"), .query = {"", 0}};
    if (address_parse(&ignored, address))
        request->address = address;
    request->is_head = span_is(method, "HEAD");
    if (!form_integer(param(params, "CONTENT_LENGTH"), &request->body_length))
        request->body_length = 0;
    read_token(request, params);
    if (span_is(task, "check"))
        request->kind = REQUEST_CHECK;
    else if (span_is(task, "blob"))
        read_blob(request, params);
    else
        read_address(request, params, request->is_head ? span_of("GET") : method);
}
