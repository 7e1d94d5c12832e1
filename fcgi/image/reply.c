#include "image/reply.h"

#include <jansson.h>

static void add_body(struct buf *out, const char *type, struct span body, bool is_head)
{
    buf_printf(out, "Content-Type: %s\r\nContent-Length: %zu\r\n\r\n", type, body.length);
    if (!is_head)
        buf_add_span(out, body);
}

void reply_add_outcome(struct buf *out, const struct request *request, const struct outcome *outcome)
{
    int status = outcome->status;
    buf_printf(out, "Status: %d\r\nCache-Control: no-store\r\n", status);
    if (status == 401)
        buf_add_text(out, "WWW-Authenticate: Bearer\r\n");
    if (status == 405)
        buf_printf(out, "Allow: %s\r\n", request->allow);
    if (status == 429 || status == 503)
        buf_printf(out, "Retry-After: %ld\r\n", outcome_retry_after(outcome));
    add_body(out, status >= 400 ? "application/problem+json" : "application/json", buf_span(&outcome->body), request->is_head);
}

void reply_add_text(struct buf *out, const char *type, struct span text)
{
    buf_add_text(out, "Status: 200\r\n");
    add_body(out, type, text, false);
}

void reply_add_check(struct buf *out, const struct outcome *outcome)
{
    if (outcome->status == 204) {
        buf_add_text(out, "Status: 204\r\n\r\n");
        return;
    }
    buf_printf(out, "Status: 403\r\nX-Parley-Status: %d\r\nX-Parley-Problem: ", outcome->status);
    buf_add_span(out, buf_span(&outcome->body));
    if (outcome->status == 429 || outcome->status == 503)
        buf_printf(out, "\r\nX-Parley-Retry: %ld", outcome_retry_after(outcome));
    buf_add_text(out, "\r\n\r\n");
}

void reply_add_place(struct buf *out, const struct request *request, const struct outcome *found)
{
    json_t *answer = json_loadb(found->body.bytes, found->body.length, 0, NULL);
    const char *sha256 = json_string_value(json_object_get(answer, "sha256"));
    buf_printf(out, "Status: 200\r\nX-Accel-Redirect: /-/images/%s/%s\r\n\r\n", sha256 ? sha256 : "none", request->is_thumb ? "thumb" : "picture");
    json_decref(answer);
}

void reply_add_blob(struct buf *out, const struct request *request, const struct outcome *blob)
{
    buf_printf(out, "Status: 200\r\nETag: \"%.32s%s\"\r\n", request->sha256, request->is_thumb ? "t" : "");
    add_body(out, "image/webp", buf_span(&blob->body), false);
}
