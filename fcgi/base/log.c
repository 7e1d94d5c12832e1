#include "base/log.h"

#include "base/buf.h"
#include "base/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A line stays below PIPE_BUF, so that one write() is atomic also on a pipe. */
enum { LINE_LIMIT = 4000, VALUE_LIMIT = 1000, REQUEST_SIZE = 40 };

static const char *const level_names[] = {"debug", "info", "warn", "error"};

static const char *const journal_levels[] = {"<7>", "<6>", "<4>", "<3>"}; /* sd-daemon(3) */

static const char *program_name = "parley";
static enum log_level lowest_level = LOG_INFO;
static bool goes_to_journal;
static _Thread_local char request_id[REQUEST_SIZE];

/* JOURNAL_STREAM names the pipe that systemd has given us as stderr: it may be another one by now. */
static bool is_journal(void)
{
    const char *stream = getenv("JOURNAL_STREAM");
    unsigned long device, inode;
    struct stat status;
    return stream && sscanf(stream, "%lu:%lu", &device, &inode) == 2 && fstat(STDERR_FILENO, &status) == 0 &&
           status.st_dev == device && status.st_ino == inode;
}

void log_start(const char *program, enum log_level lowest)
{
    program_name = program;
    lowest_level = lowest;
    goes_to_journal = is_journal();
}

void log_set_request(struct span id)
{
    size_t length = id.length < sizeof request_id - 1 ? id.length : sizeof request_id - 1;
    if (length)
        memcpy(request_id, id.at, length);
    request_id[length] = '\0';
}

const char *log_request(void)
{
    return request_id;
}

static bool is_plain(const char *value, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)value[i] <= ' ' || value[i] == '"' || value[i] == '=' || value[i] == '\\' || value[i] == 0x7f)
            return false;
    return length > 0;
}

static void add_quoted(struct buf *line, const char *value, size_t length)
{
    buf_add_byte(line, '"');
    for (size_t i = 0; i < length; i++) {
        unsigned char byte = (unsigned char)value[i];
        if (byte == '"' || byte == '\\')
            buf_printf(line, "\\%c", byte);
        else if (byte == '\n')
            buf_add_text(line, "\\n");
        else if (byte < ' ' || byte == 0x7f)
            buf_printf(line, "\\x%02x", byte);
        else
            buf_add_byte(line, (char)byte);
    }
    buf_add_byte(line, '"');
}

static void add_value(struct buf *line, const char *value)
{
    size_t length = strnlen(value, VALUE_LIMIT);
    if (is_plain(value, length))
        buf_add(line, value, length);
    else
        add_quoted(line, value, length);
}

static void add_field(struct buf *line, const struct log_field *field)
{
    buf_printf(line, " %s=", field->key);
    if (field->text)
        add_value(line, field->text);
    else
        buf_add_int(line, field->number);
}

void log_line(enum log_level level, const char *message, const struct log_field *fields)
{
    if (level < lowest_level)
        return;
    struct buf line;
    char now[CLOCK_TEXT_SIZE];
    buf_init(&line, LINE_LIMIT);
    if (goes_to_journal)
        buf_add_text(&line, journal_levels[level]);
    buf_printf(&line, "ts=%s level=%s prog=%s msg=", clock_text(now), level_names[level], program_name);
    add_value(&line, message);
    for (; fields->key; fields++)
        add_field(&line, fields);
    if (*request_id) {
        buf_add_text(&line, " request=");
        add_value(&line, request_id);
    }
    line.limit++; /* a line that was too long still gets its end */
    line.failed = false;
    buf_add_byte(&line, '\n');
    ssize_t ignored = write(STDERR_FILENO, line.bytes, line.length); /* where would one complain? */
    (void)ignored;
    buf_free(&line);
}
