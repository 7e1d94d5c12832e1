/* Cookie headers, and a line before them for an Authorization header: what is found lies within its header. */
#include "wire/cookie.h"
#include "wire/token.h"

#include <assert.h>
#include <stdint.h>

static bool is_within(struct span part, struct span whole)
{
    return part.at >= whole.at && part.at + part.length <= whole.at + whole.length;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct span header = {(const char *)data, size}, value, token;
    if (cookie_find(header, "parley", &value))
        assert(is_within(value, header));
    struct span authorization = span_cut(&header, '\n');
    enum token_source source = token_find(authorization, header, &token);
    assert(token.length <= TOKEN_MAX);
    if (source != TOKEN_NONE)
        assert(is_within(token, source == TOKEN_BEARER ? authorization : header));
    return 0;
}
