#include "wire/problem.h"

#include "wire/quote.h"

#include <string.h>

static const struct {
    int status;
    const char *code;  /* of which alone it is said; such a line stands before that of all others, with NULL */
    const char *detail;
} details[] = {
    {400, NULL, "The request cannot be read, so nothing was done."},
    {401, "bad_credentials", "Name and password are judged together: which of the two is wrong is not told."},
    {401, NULL, "A session comes as the cookie `parley` or as `Authorization: Bearer TOKEN`."},
    {403, NULL, "A rule refuses this: `code` names it."},
    {404, NULL, "What one may not know of is answered like what does not exist."},
    {405, NULL, "`allow`, like the header `Allow`, names the methods of this address."},
    {409, NULL, "It does not fit what is there: `code` says what."},
    {410, NULL, "It was there, and is over."},
    {413, NULL, "There is a bound to what may be sent, and to what one person may keep here."},
    {415, NULL, "What is sent here is JSON by its header `Content-Type`, or an image by its bytes."},
    {422, NULL, "`fields` names each argument and what is wrong with it. Nothing was changed."},
    {426, NULL, "The headers `Upgrade` and `Sec-WebSocket-Version` say what is spoken here."},
    {429, NULL, "`retry_after`, like the header `Retry-After`, says in how many seconds to try again."},
    {503, NULL, "This passes: `retry_after`, like the header `Retry-After`, says in how many seconds to try again."},
};

const char *problem_detail(int status, const char *code)
{
    for (size_t i = 0; i < sizeof details / sizeof *details; i++)
        if (details[i].status == status && (!details[i].code || strcmp(details[i].code, code) == 0))
            return details[i].detail;
    return "This should not happen.";
}

static bool has_members(const char *object)
{
    size_t length = strlen(object);
    return length > 2 && object[0] == '{' && object[length - 1] == '}';
}

void problem_add(struct buf *out, int status, const char *code, const char *title, const char *more)
{
    if (status == 503 && !has_members(more))
        more = "{\"retry_after\":2}";
    buf_printf(out, "{\"status\":%d,\"code\":", status);
    quote_add(out, span_of(code));
    buf_add_text(out, ",\"title\":");
    quote_add(out, span_of(title));
    buf_add_text(out, ",\"detail\":");
    quote_add(out, span_of(problem_detail(status, code)));
    if (has_members(more)) {
        buf_add_byte(out, ',');
        buf_add_text(out, more + 1);
    } else {
        buf_add_byte(out, '}');
    }
}
