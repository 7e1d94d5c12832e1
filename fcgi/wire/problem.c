#include "wire/problem.h"

#include "wire/quote.h"

#include <string.h>

static const struct {
    int status;
    const char *detail;
} details[] = {
    {400, "The request cannot be read, so nothing was done."},
    {401, "A session comes as the cookie `parley` or as `Authorization: Bearer TOKEN`."},
    {403, "A rule refuses this: `code` names it."},
    {404, "What one may not know of is answered like what does not exist."},
    {405, "`allow`, like the header `Allow`, names the methods of this address."},
    {409, "It does not fit what is there: `code` says what."},
    {410, "It was there, and is over."},
    {413, "There is a bound to what may be sent, and to what one person may keep here."},
    {415, "The header `Content-Type` names a type that is not taken here."},
    {422, "`fields` names each argument and what is wrong with it. Nothing was changed."},
    {426, "The headers `Upgrade` and `Sec-WebSocket-Version` say what is spoken here."},
    {429, "`retry_after`, like the header `Retry-After`, says in how many seconds to try again."},
    {503, "This passes: `retry_after`, like the header `Retry-After`, says in how many seconds to try again."},
};

const char *problem_detail(int status)
{
    for (size_t i = 0; i < sizeof details / sizeof *details; i++)
        if (details[i].status == status)
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
    quote_add(out, span_of(problem_detail(status)));
    if (has_members(more)) {
        buf_add_byte(out, ',');
        buf_add_text(out, more + 1);
    } else {
        buf_add_byte(out, '}');
    }
}
