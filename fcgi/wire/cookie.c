#include "wire/cookie.h"

static struct span trim(struct span text)
{
    return span_trim(text, " \t");
}

static struct span unquote(struct span text)
{
    if (text.length >= 2 && text.at[0] == '"' && text.at[text.length - 1] == '"')
        return (struct span){text.at + 1, text.length - 2};
    return text;
}

bool cookie_find(struct span header, const char *name, struct span *value)
{
    while (header.length) {
        struct span rest = span_cut(&header, ';');
        struct span this_name = span_cut(&rest, '=');
        if (!span_is(trim(this_name), name))
            continue;
        *value = unquote(trim(rest));
        return true;
    }
    return false;
}
