#include "wire/envelope.h"

#include <jansson.h>
#include <stddef.h>
#include <string.h>

static const struct {
    const char *name;
    size_t offset;
} members[] = {
    {"ref", offsetof(struct envelope, ref)},
    {"method", offsetof(struct envelope, method)},
    {"path", offsetof(struct envelope, path)},
    {"body", offsetof(struct envelope, body)},
};

static void skip_spaces(struct span *rest)
{
    span_skip_any(rest, " \t\r\n");
}

/* Takes this character, and spaces around it. */
static bool take(struct span *rest, char wanted)
{
    skip_spaces(rest);
    if (rest->length == 0 || *rest->at != wanted)
        return false;
    span_skip(rest, 1);
    skip_spaces(rest);
    return true;
}

/* From its quote to the one that ends it. */
static bool skip_string(struct span *rest)
{
    size_t at = 1;
    while (at < rest->length && rest->at[at] != '"')
        at += rest->at[at] == '\\' ? 2 : 1;
    if (at >= rest->length)
        return false;
    span_skip(rest, at + 1);
    return true;
}

/* An object or an array: to the bracket that closes the first one, of whatever kind. */
static bool skip_nested(struct span *rest)
{
    size_t depth = 0;
    while (rest->length > 0) {
        char byte = *rest->at;
        if (byte == '"') {
            if (!skip_string(rest))
                return false;
            continue;
        }
        span_skip(rest, 1);
        if (span_byte_is(byte, "{["))
            depth++;
        else if (span_byte_is(byte, "}]") && --depth == 0)
            return true;
    }
    return false;
}

/* A number, true, false or null. */
static bool skip_word(struct span *rest)
{
    size_t length = 0;
    while (length < rest->length && span_byte_is(rest->at[length], "abcdefghijklmnopqrstuvwxyzE0123456789+-."))
        length++;
    span_skip(rest, length);
    return length > 0;
}

static bool take_value(struct span *rest, struct span *value)
{
    const char *from = rest->at;
    bool is_whole;
    if (rest->length == 0)
        return false;
    if (*from == '"')
        is_whole = skip_string(rest);
    else
        is_whole = span_byte_is(*from, "{[") ? skip_nested(rest) : skip_word(rest);
    *value = (struct span){from, (size_t)(rest->at - from)};
    return is_whole;
}

/* Hardly anybody writes a name with escapes; but it is the same name. */
static bool is_named(struct span string, const char *name)
{
    json_t *text;
    bool is_same;
    if (!memchr(string.at, '\\', string.length))
        return span_is((struct span){string.at + 1, string.length - 2}, name);
    text = json_loadb(string.at, string.length, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
    is_same = span_is((struct span){json_string_value(text), json_string_length(text)}, name);
    json_decref(text);
    return is_same;
}

static bool take_member(struct span *rest, struct envelope *envelope)
{
    struct span name, value;
    if (rest->length == 0 || *rest->at != '"' || !take_value(rest, &name) || !take(rest, ':') || !take_value(rest, &value))
        return false;
    for (size_t i = 0; i < sizeof members / sizeof *members; i++)
        if (is_named(name, members[i].name))
            *(struct span *)(void *)((char *)envelope + members[i].offset) = value;
    skip_spaces(rest);
    return true;
}

bool envelope_read(struct envelope *envelope, struct span text)
{
    struct span rest = text;
    *envelope = (struct envelope){0};
    if (!take(&rest, '{'))
        return false;
    if (!take(&rest, '}')) {
        do {
            if (!take_member(&rest, envelope))
                return false;
        } while (take(&rest, ','));
        if (!take(&rest, '}'))
            return false;
    }
    return rest.length == 0;
}
