#include "wire/problem.h"

#include "wire/quote.h"

static bool has_members(const char *object, size_t length)
{
    return length > 2 && object[0] == '{' && object[length - 1] == '}';
}

void problem_add(struct buf *out, int status, const char *code, const char *title, const char *more)
{
    size_t length = strlen(more);
    buf_printf(out, "{\"status\":%d,\"code\":", status);
    quote_add(out, span_of(code));
    buf_add_text(out, ",\"title\":");
    quote_add(out, span_of(title));
    if (has_members(more, length)) {
        buf_add_byte(out, ',');
        buf_add(out, more + 1, length - 2);
    }
    buf_add_byte(out, '}');
}
