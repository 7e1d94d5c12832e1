#include "api/arg.h"

#include "wire/encode.h"
#include "wire/form.h"
#include "wire/network.h"
#include "wire/query.h"
#include "wire/quote.h"
#include "wire/text.h"

#include <ctype.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    QUERY_VALUE_MAX = 4000, /* bytes */
    PATH_TEXT_MAX = 200     /* bytes */
};

void args_init(struct args *args)
{
    *args = (struct args){.secret_count = 0};
    buf_init(&args->scratch, 0);
    args_begin(args);
}

void args_free(struct args *args)
{
    args_begin(args);
    buf_free(&args->json);
    buf_free(&args->faults);
    buf_free(&args->first_fault);
    buf_free(&args->scratch);
    for (size_t i = 0; i < ARGS_SECRETS_MAX; i++)
        buf_free(&args->secrets[i].text);
}

static void wipe(struct buf *text)
{
    if (text->bytes)
        sodium_memzero(text->bytes, text->capacity);
    buf_reuse(text);
}

void args_begin(struct args *args)
{
    for (size_t i = 0; i < args->secret_count; i++)
        wipe(&args->secrets[i].text);
    if (args->secret_count)
        wipe(&args->scratch);
    args->secret_count = 0;
    buf_reuse(&args->json);
    buf_reuse(&args->faults);
    buf_reuse(&args->first_fault);
    buf_reuse(&args->scratch);
    buf_add_byte(&args->json, '{');
    buf_add_byte(&args->faults, '{');
}

static void add_raw(struct args *args, const char *name, struct span json)
{
    quote_add_name(&args->json, span_of(name));
    buf_add_span(&args->json, json);
}

void args_add_text(struct args *args, const char *name, struct span text)
{
    quote_add_member(&args->json, span_of(name), text);
}

void args_add_int(struct args *args, const char *name, int64_t number)
{
    quote_add_name(&args->json, span_of(name));
    buf_add_int(&args->json, number);
}

bool args_add_clean(struct args *args, const char *name, struct span text, size_t most)
{
    size_t code_points;
    buf_clear(&args->scratch);
    if (text_clean(&args->scratch, text, &code_points) != TEXT_FINE || code_points > most)
        return false;
    args_add_text(args, name, buf_span(&args->scratch));
    return true;
}

/* "Client id: must be a UUID.", as the database says it of its own refusals (rule.refuse_invalid). */
static void say_fault(struct buf *sentence, const char *name, const char *why)
{
    buf_add_byte(sentence, (char)toupper((unsigned char)*name));
    while (*++name)
        buf_add_byte(sentence, *name == '_' ? ' ' : *name);
    buf_printf(sentence, ": %s.", why);
}

static void fault(struct args *args, const char *name, const char *why)
{
    if (!args->first_fault.length)
        say_fault(&args->first_fault, name, why);
    quote_add_member(&args->faults, span_of(name), span_of(why));
}

static void fault_range(struct args *args, const struct arg *arg, const char *unit)
{
    struct buf why;
    buf_init(&why, 0);
    if (arg->least > 0 || arg->kind == ARG_NUMBER)
        buf_printf(&why, "%lld to %lld%s", (long long)arg->least, (long long)arg->most, unit);
    else
        buf_printf(&why, "at most %lld%s", (long long)arg->most, unit);
    fault(args, arg->name, buf_text(&why));
    buf_free(&why);
}

static void keep_secret(struct args *args, const char *name)
{
    if (args->secret_count == ARGS_SECRETS_MAX)
        return;
    args->secrets[args->secret_count].name = name;
    buf_clear(&args->secrets[args->secret_count].text);
    buf_add_span(&args->secrets[args->secret_count++].text, buf_span(&args->scratch));
}

static bool is_text_kind(enum arg_kind kind)
{
    return kind == ARG_TEXT || kind == ARG_NAME || kind == ARG_SECRET;
}

static bool is_of_length(const struct arg *arg, size_t code_points)
{
    int64_t most = arg->kind == ARG_NAME ? ARGS_UNTRIMMED_MAX : arg->most;
    return (int64_t)code_points >= arg->least && (int64_t)code_points <= most;
}

/* Text of any kind, from either source. */
static void take_text(struct args *args, const struct arg *arg, struct span text)
{
    size_t code_points;
    if (arg->kind == ARG_SECRET)
        sodium_memzero(args->scratch.bytes, args->scratch.bytes ? args->scratch.capacity : 0);
    buf_clear(&args->scratch);
    switch (text_clean(&args->scratch, text, &code_points)) {
    case TEXT_NOT_UTF8:
        fault(args, arg->name, "not valid UTF-8");
        return;
    case TEXT_CONTROL:
        fault(args, arg->name, "no control characters but tab and newline");
        return;
    case TEXT_FINE:
        break;
    }
    if (!is_of_length(arg, code_points))
        fault_range(args, arg, " characters");
    else if (arg->kind == ARG_SECRET)
        keep_secret(args, arg->name);
    else
        args_add_text(args, arg->name, buf_span(&args->scratch));
}

static bool is_choice(const char *choices, struct span text)
{
    struct span rest = span_of(choices);
    while (rest.length) {
        struct span choice = span_cut(&rest, '|');
        if (choice.length == text.length && memcmp(choice.at, text.at, text.length) == 0)
            return true;
    }
    return false;
}

static void take_form_of(struct args *args, const struct arg *arg, struct span text)
{
    struct network network;
    bool is_well = false;
    const char *why = "";
    switch (arg->kind) {
    case ARG_UUID:
        is_well = encode_is_uuid(text);
        why = "must be a UUID";
        break;
    case ARG_TIME:
        is_well = form_is_time(text);
        why = "must be a time like 2030-01-31T12:00:00Z";
        break;
    case ARG_NETWORK:
        is_well = network_parse(&network, text);
        why = "must be an address or a network like 192.0.2.0/24";
        break;
    default:
        abort();  /* not one of these */
    }
    if (is_well)
        args_add_text(args, arg->name, text);
    else
        fault(args, arg->name, why);
}

/* "must be one of channel, group" */
static void fault_choice(struct args *args, const struct arg *arg)
{
    struct span rest = span_of(arg->choices);
    struct buf why = {0};
    buf_add_text(&why, "must be one of ");
    while (rest.length) {
        buf_add_span(&why, span_cut(&rest, '|'));
        buf_add_text(&why, rest.length ? ", " : "");
    }
    fault(args, arg->name, buf_text(&why));
    buf_free(&why);
}

/* Kinds that are text with a form. */
static void take_form(struct args *args, const struct arg *arg, struct span text)
{
    if (arg->kind != ARG_CHOICE)
        take_form_of(args, arg, text);
    else if (is_choice(arg->choices, text))
        args_add_text(args, arg->name, text);
    else
        fault_choice(args, arg);
}

static void take_number(struct args *args, const struct arg *arg, int64_t number)
{
    bool is_id = arg->kind == ARG_ID;
    int64_t most = is_id ? FORM_ID_LIMIT - 1 : arg->most;
    if (arg->kind == ARG_LIMIT && number > most)
        number = most;
    if (number < (is_id ? 1 : arg->least) || number > most) {
        if (is_id)
            fault(args, arg->name, "must be an id");
        else
            fault_range(args, arg, "");
        return;
    }
    args_add_int(args, arg->name, number);
}

static bool is_all_digits(struct span text)
{
    for (size_t i = 0; i < text.length; i++)
        if (text.at[i] < '0' || text.at[i] > '9')
            return false;
    return text.length > 0;
}

static void take_number_text(struct args *args, const struct arg *arg, struct span text)
{
    int64_t number;
    bool is_number = form_integer(text, &number);
    if (arg->kind == ARG_LIMIT && !is_number && is_all_digits(text))
        take_number(args, arg, arg->most); /* more than 64 bits hold is over any limit */
    else if (is_number)
        take_number(args, arg, number);
    else
        fault(args, arg->name, "must be a whole number");
}

static void take_flag_text(struct args *args, const struct arg *arg, struct span text)
{
    bool is_true;
    if (form_flag(text, &is_true))
        add_raw(args, arg->name, span_of(is_true ? "true" : "false"));
    else
        fault(args, arg->name, "must be 1 or 0");
}

/* A value of the query, decoded. */
static void take_from_text(struct args *args, const struct arg *arg, struct span text)
{
    switch (arg->kind) {
    case ARG_TEXT:
    case ARG_NAME:
    case ARG_SECRET:
        take_text(args, arg, text);
        break;
    case ARG_ID:
    case ARG_NUMBER:
    case ARG_LIMIT:
        take_number_text(args, arg, text);
        break;
    case ARG_FLAG:
        take_flag_text(args, arg, text);
        break;
    default:
        take_form(args, arg, text);
    }
}

static bool find_in_query(struct span query, const char *wanted, struct span *value)
{
    struct span name;
    while (query_next(&query, &name, value))
        if (span_is(name, wanted))
            return true;
    return false;
}

static void take_one_of_query(struct args *args, const struct arg *arg, struct span query)
{
    struct span encoded;
    struct buf decoded;
    if (!find_in_query(query, arg->name, &encoded)) {
        if (arg->required)
            fault(args, arg->name, "must be given");
        return;
    }
    buf_init(&decoded, QUERY_VALUE_MAX);
    if (query_decode(&decoded, encoded))
        take_from_text(args, arg, buf_span(&decoded));
    else
        fault(args, arg->name, "too long, or a % without two hex digits");
    buf_free(&decoded);
}

void args_take_query(struct args *args, const struct arg *list, struct span query)
{
    for (; list && list->name; list++)
        if (list->source == ARG_QUERY)
            take_one_of_query(args, list, query);
}

static struct span text_of(const json_t *value)
{
    return (struct span){json_string_value(value), json_string_length(value)};
}

static void take_ids(struct args *args, const struct arg *arg, const json_t *value)
{
    struct buf list;
    size_t count = json_array_size(value);
    if (!json_is_array(value)) {
        fault(args, arg->name, "must be a list of ids");
        return;
    }
    if (count > (size_t)arg->most) {
        fault_range(args, arg, " ids");
        return;
    }
    buf_init(&list, 0);
    buf_add_byte(&list, '[');
    for (size_t i = 0; i < count; i++) {
        json_int_t id = json_integer_value(json_array_get(value, i)); /* 0 for what is no integer */
        if (id < 1 || id >= FORM_ID_LIMIT) {
            buf_free(&list);
            fault(args, arg->name, "must be a list of ids");
            return;
        }
        if (i)
            buf_add_byte(&list, ',');
        buf_add_int(&list, id);
    }
    buf_add_byte(&list, ']');
    add_raw(args, arg->name, buf_span(&list));
    buf_free(&list);
}

/* True when no text in it, also no name, has what text must not have. What jansson parsed is UTF-8. */
static bool is_clean(const json_t *value)
{
    const char *name;
    size_t i, name_length;
    json_t *member;
    struct span text = text_of(value);
    if (json_is_string(value))
        return !text_has_control(text);
    json_array_foreach((json_t *)(uintptr_t)value, i, member)
        if (!is_clean(member))
            return false;
    json_object_keylen_foreach((json_t *)(uintptr_t)value, name, name_length, member)
        if (text_has_control((struct span){name, name_length}) || !is_clean(member))
            return false;
    return true;
}

static int write_to_buf(const char *bytes, size_t length, void *buf)
{
    buf_add(buf, bytes, length);
    return ((struct buf *)buf)->failed ? -1 : 0;
}

/* Any JSON value as it is. */
static bool write_value(struct buf *out, const json_t *value, size_t most)
{
    out->limit = out->length + most;
    bool is_written = json_dump_callback(value, write_to_buf, out, JSON_COMPACT | JSON_ENCODE_ANY) == 0;
    out->limit = 0;
    return is_written;
}

static void take_value(struct args *args, const char *name, const json_t *value, size_t most)
{
    buf_clear(&args->scratch);
    if (!is_clean(value))
        fault(args, name, "no control characters but tab and newline in any text");
    else if (!write_value(&args->scratch, value, most))
        fault(args, name, "too large");
    else
        add_raw(args, name, buf_span(&args->scratch));
}

static bool is_number_kind(enum arg_kind kind)
{
    return kind == ARG_ID || kind == ARG_NUMBER || kind == ARG_LIMIT;
}

/* A member of the body that is there and not null. */
static void take_from_json(struct args *args, const struct arg *arg, const json_t *value)
{
    if (arg->kind == ARG_IDS)
        take_ids(args, arg, value);
    else if (arg->kind == ARG_OBJECT && json_is_object(value))
        take_value(args, arg->name, value, (size_t)arg->most);
    else if (arg->kind == ARG_FLAG && json_is_boolean(value))
        add_raw(args, arg->name, span_of(json_is_true(value) ? "true" : "false"));
    else if (is_number_kind(arg->kind) && json_is_integer(value))
        take_number(args, arg, json_integer_value(value));
    else if (is_text_kind(arg->kind) && json_is_string(value))
        take_text(args, arg, text_of(value));
    else if (arg->kind >= ARG_UUID && arg->kind <= ARG_CHOICE && json_is_string(value))
        take_form(args, arg, text_of(value));
    else
        fault(args, arg->name, arg->kind == ARG_OBJECT ? "must be an object" : arg->kind == ARG_FLAG ? "must be true or false"
                               : is_number_kind(arg->kind) ? "must be a whole number" : "must be text");
}

void args_take_body(struct args *args, const struct arg *list, const json_t *body)
{
    for (; list && list->name; list++) {
        const json_t *value = list->source == ARG_BODY ? json_object_get(body, list->name) : NULL;
        if (value && !json_is_null(value))
            take_from_json(args, list, value);
        else if (list->source == ARG_BODY && list->required)
            fault(args, list->name, "must be given");
        else if (value && list->kind != ARG_SECRET)
            add_raw(args, list->name, span_of("null"));
    }
}

void args_take_plain(struct args *args, const struct arg *list, struct span text)
{
    for (; list->name; list++)
        if (strcmp(list->name, "text") == 0)
            take_text(args, list, text);
}

void args_take_all(struct args *args, const json_t *body)
{
    enum { MOST_MEMBERS = 100, MOST_BYTES = 10000 };
    const char *name;
    size_t length;
    json_t *value;
    if (json_object_size(body) > MOST_MEMBERS) {
        fault(args, "body", "too many members");
        return;
    }
    json_object_keylen_foreach((json_t *)(uintptr_t)body, name, length, value) {
        if (memchr(name, '\0', length))
            fault(args, "body", "no NUL in any name");
        else
            take_value(args, name, value, MOST_BYTES);
    }
}

static void fault_part(struct args *args, struct span key)
{
    char name[32];
    snprintf(name, sizeof name, "%.*s", (int)key.length, key.at);
    fault(args, name, "not valid UTF-8 without control characters");
}

/* `room`, `invite:text` or `emoji:value`; the id or text is written under the name before the colon. */
static bool take_part(struct args *args, struct span name, struct span value)
{
    int64_t id;
    struct span kind = name;
    struct span key = span_cut(&kind, ':');
    if (!kind.length) {
        if (!form_id(value, &id))
            return false;
        quote_add_name(&args->json, key);
        buf_add_int(&args->json, id);
        return true;
    }
    size_t code_points;
    struct buf decoded;
    buf_init(&decoded, PATH_TEXT_MAX);
    buf_clear(&args->scratch);
    bool is_text = query_decode_path(&decoded, value) && text_clean(&args->scratch, buf_span(&decoded), &code_points) == TEXT_FINE;
    buf_free(&decoded);
    if (is_text)
        quote_add_member(&args->json, key, buf_span(&args->scratch));
    else if (span_is(kind, "value"))
        fault_part(args, key);
    return is_text || span_is(kind, "value");
}

bool args_take_path(struct args *args, const struct path_parts *parts)
{
    for (size_t i = 0; i < parts->count; i++)
        if (!take_part(args, parts->names[i], parts->values[i]))
            return false;
    return true;
}

bool args_have_fault(const struct args *args)
{
    return args->faults.length > 1;
}

static const char *closed(struct buf *object)
{
    size_t length = object->length;
    buf_add_byte(object, '}');
    const char *text = buf_text(object);
    object->length = length; /* open again for the next member */
    return text;
}

const char *args_faults(struct args *args)
{
    buf_clear(&args->scratch);
    buf_printf(&args->scratch, "{\"fields\":%s}", closed(&args->faults));
    return buf_text(&args->scratch);
}

const char *args_first_fault(struct args *args)
{
    return buf_text(&args->first_fault);
}

const char *args_json(struct args *args)
{
    return closed(&args->json);
}

const char *args_secret(struct args *args, const char *name)
{
    for (size_t i = 0; i < args->secret_count; i++)
        if (strcmp(args->secrets[i].name, name) == 0)
            return buf_text(&args->secrets[i].text);
    return NULL;
}
