#include "base/config.h"

#include "base/span.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool read_text(const struct config_item *item, const char *value, struct buf *mistakes)
{
    long length = (long)strlen(value);
    if (length < item->min || (item->max && length > item->max)) {
        buf_printf(mistakes, "%s: must have %ld to %ld characters\n", item->name, item->min, item->max);
        return false;
    }
    *(const char **)item->target = value;
    return true;
}

static bool read_number(const struct config_item *item, const char *value, struct buf *mistakes)
{
    char *end;
    errno = 0;
    long number = strtol(value, &end, 10);
    if (errno || end == value || *end || number < item->min || number > item->max) {
        buf_printf(mistakes, "%s: \"%s\" is not a number from %ld to %ld\n", item->name, value, item->min, item->max);
        return false;
    }
    *(long *)item->target = number;
    return true;
}

static bool read_switch(const struct config_item *item, const char *value, struct buf *mistakes)
{
    bool on = strcmp(value, "on") == 0;
    if (!on && strcmp(value, "off") != 0) {
        buf_printf(mistakes, "%s: \"%s\" is neither on nor off\n", item->name, value);
        return false;
    }
    *(bool *)item->target = on;
    return true;
}

static bool read_choice(const struct config_item *item, const char *value, struct buf *mistakes)
{
    struct span words = span_of(item->help);
    for (long number = 0; words.length; number++) {
        if (!span_is(span_cut(&words, '|'), value))
            continue;
        *(long *)item->target = number;
        return true;
    }
    buf_printf(mistakes, "%s: \"%s\" is none of %s\n", item->name, value, item->help);
    return false;
}

static bool read_item(const struct config_item *item, const char *value, struct buf *mistakes)
{
    if (!value || !*value)
        value = item->fallback;
    if (!value) {
        buf_printf(mistakes, "%s: must be set: %s\n", item->name, item->help);
        return false;
    }
    switch (item->kind) {
    case CONFIG_TEXT:
        return read_text(item, value, mistakes);
    case CONFIG_NUMBER:
        return read_number(item, value, mistakes);
    case CONFIG_SWITCH:
        return read_switch(item, value, mistakes);
    case CONFIG_CHOICE:
        return read_choice(item, value, mistakes);
    }
    abort();
}

bool config_read(const struct config_item *items, size_t count, config_lookup *lookup, struct buf *mistakes)
{
    bool all_well = true;
    for (size_t i = 0; i < count; i++)
        if (!read_item(&items[i], lookup(items[i].name), mistakes))
            all_well = false;
    return all_well;
}

static void print_help(const char *program, const char *about, const struct config_item *items, size_t count)
{
    printf("%s: %s\n\nIt listens on descriptor 0 and is set up by environment variables:\n\n", program, about);
    for (size_t i = 0; i < count; i++)
        printf("  %-28s %s (%s%s)\n", items[i].name, items[i].help, items[i].fallback ? "default: " : "must be set",
               items[i].fallback ? (*items[i].fallback ? items[i].fallback : "none") : "");
}

void config_load(const char *program, const char *about, const struct config_item *items, size_t count, int argc, char **argv)
{
    if (argc > 1) {
        bool asked = strcmp(argv[1], "--help") == 0;
        if (asked)
            print_help(program, about, items, count);
        else
            fprintf(stderr, "%s: it takes no arguments; see --help\n", program);
        exit(asked ? EXIT_SUCCESS : CONFIG_EXIT);
    }
    struct buf mistakes;
    buf_init(&mistakes, 0);
    if (!config_read(items, count, getenv, &mistakes)) {
        fprintf(stderr, "%s: it cannot start like this:\n%s", program, buf_text(&mistakes));
        exit(CONFIG_EXIT);
    }
    buf_free(&mistakes);
}
