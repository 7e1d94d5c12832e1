/*
 * Log lines in logfmt on stderr: ts, level, prog, msg, then the fields of the call, then the request id of this thread.
 * To the journal each line says its priority first, as sd-daemon(3) has it, so that `journalctl -p warning` finds it.
 * One write() a line, so that lines of threads and programs do not mix. Values are quoted where they need it, and cut where
 * they are long. Never give it a token, a password or a message text.
 *
 *     log_warn("database went away", log_text("why", why), log_int("after_ms", 1200));
 */
#pragma once
#include "base/span.h"

#include <stdint.h>

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };

struct log_field {
    const char *key;  /* NULL ends the list */
    const char *text; /* NULL: it is the number */
    int64_t number;
};

static inline struct log_field log_text(const char *key, const char *text)
{
    return (struct log_field){.key = key, .text = text ? text : ""};
}

static inline struct log_field log_int(const char *key, int64_t number)
{
    return (struct log_field){.key = key, .number = number};
}

#define log_debug(...) log_at(LOG_DEBUG, __VA_ARGS__)
#define log_info(...) log_at(LOG_INFO, __VA_ARGS__)
#define log_warn(...) log_at(LOG_WARN, __VA_ARGS__)
#define log_error(...) log_at(LOG_ERROR, __VA_ARGS__)
#define log_at(level, message, ...) log_line((level), (message), (const struct log_field[]){__VA_ARGS__ __VA_OPT__(,) {0}})

void log_start(const char *program, enum log_level lowest); /* `program` must live as long as the program */
void log_set_request(struct span id);                       /* for this thread's lines; copied, as much as fits; empty: none */
const char *log_request(void);                              /* "" when there is none */
void log_line(enum log_level level, const char *message, const struct log_field *fields);
