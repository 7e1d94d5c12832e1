#include "wire/upstream.h"

#include "wire/form.h"

#include <assert.h>
#include <string.h>
#include <strings.h>

enum {
    REQUEST = 1,        /* its number, on a connection that has no other */
    BEGIN_BODY_SIZE = 8,
    RESPONDER = 1,
    LONG_LENGTH = 128,  /* from here on a length takes four bytes */
};

static void add_header(struct buf *out, enum record_type type, size_t length)
{
    unsigned char header[RECORD_HEADER_SIZE];
    record_header(header, type, REQUEST, length);
    buf_add(out, header, sizeof header);
}

static void add_length(struct buf *out, size_t length)
{
    if (length >= LONG_LENGTH) {
        buf_add_byte(out, (char)(0x80 | (length >> 24)));
        buf_add_byte(out, (char)(length >> 16));
        buf_add_byte(out, (char)(length >> 8));
    }
    buf_add_byte(out, (char)length);
}

static void add_params(struct buf *out, const struct upstream_param *params, size_t count)
{
    struct buf content;
    buf_init(&content, 0);
    for (size_t i = 0; i < count; i++) {
        add_length(&content, strlen(params[i].name));
        add_length(&content, params[i].value.length);
        buf_add_text(&content, params[i].name);
        buf_add_span(&content, params[i].value);
    }
    assert(content.length <= RECORD_CONTENT_MAX);
    add_header(out, RECORD_PARAMS, content.length);
    buf_add_span(out, buf_span(&content));
    buf_free(&content);
    add_header(out, RECORD_PARAMS, 0);
}

void upstream_request(struct buf *out, const struct upstream_param *params, size_t count, struct span body)
{
    static const unsigned char begin[BEGIN_BODY_SIZE] = {0, RESPONDER};
    add_header(out, RECORD_BEGIN_REQUEST, sizeof begin);
    buf_add(out, begin, sizeof begin);
    add_params(out, params, count);
    while (body.length > 0) {
        size_t piece = body.length < RECORD_CONTENT_MAX ? body.length : RECORD_CONTENT_MAX;
        add_header(out, RECORD_STDIN, piece);
        buf_add(out, body.at, piece);
        span_skip(&body, piece);
    }
    add_header(out, RECORD_STDIN, 0);
}

/* Takes up to *left bytes off the front, and gives how many. */
static size_t take_part(struct span bytes, size_t *left)
{
    size_t part = bytes.length < *left ? bytes.length : *left;
    *left -= part;
    return part;
}

/* The header is whole: what comes next? */
static bool open_record(struct upstream_answer *answer)
{
    const unsigned char *header = answer->header;
    answer->content_left = (size_t)header[4] << 8 | header[5];
    answer->padding_left = header[6];
    return header[0] == RECORD_VERSION && header[2] == 0 && header[3] == REQUEST;
}

static bool is_inside(const struct upstream_answer *answer)
{
    return answer->header_length == RECORD_HEADER_SIZE && (answer->content_left > 0 || answer->padding_left > 0);
}

enum upstream_result upstream_answer_add(struct upstream_answer *answer, struct span bytes)
{
    for (;;) {
        size_t part;
        if (answer->header_length == RECORD_HEADER_SIZE && !is_inside(answer)) {
            if (answer->header[1] == RECORD_END_REQUEST)
                return UPSTREAM_DONE;
            answer->header_length = 0;
        }
        if (bytes.length == 0)
            return UPSTREAM_MORE;
        if (answer->header_length < RECORD_HEADER_SIZE) {
            size_t missing = RECORD_HEADER_SIZE - answer->header_length;
            part = take_part(bytes, &missing);
            memcpy(answer->header + answer->header_length, bytes.at, part);
            answer->header_length += part;
            if (missing == 0 && !open_record(answer))
                return UPSTREAM_BAD;
        } else if (answer->content_left > 0) {
            part = take_part(bytes, &answer->content_left);
            if (answer->header[1] == RECORD_STDOUT)
                buf_add(&answer->output, bytes.at, part);
            if (answer->output.failed)
                return UPSTREAM_BAD;
        } else {
            part = take_part(bytes, &answer->padding_left);
        }
        span_skip(&bytes, part);
    }
}

static bool starts_with(struct span text, const char *start)
{
    size_t length = strlen(start);
    return text.length >= length && strncasecmp(text.at, start, length) == 0;
}

static bool read_status(struct upstream_reply *reply, struct span line)
{
    int64_t status;
    struct span number;
    span_skip(&line, strlen("Status: "));
    if (line.length > 0 && line.at[line.length - 1] == '\r')
        line.length--;
    number = span_cut(&line, ' ');
    if (!form_integer(number, &status) || status < 100 || status > 599)
        return false;
    reply->status = (int)status;
    return true;
}

bool upstream_reply_read(struct upstream_reply *reply, struct span output)
{
    const char *end = memmem(output.at, output.length, "\r\n\r\n", 4);
    struct span rest = {output.at, end ? (size_t)(end - output.at) : 0};
    *reply = (struct upstream_reply){.status = 200};
    if (!end)
        return false;
    reply->body = (struct span){end + 4, output.length - rest.length - 4};
    while (rest.length > 0) {
        struct span line = span_cut(&rest, '\n');
        if (starts_with(line, "Status: ") && !read_status(reply, line))
            return false;
        if (starts_with(line, "Content-Type: application/json") || starts_with(line, "Content-Type: application/problem+json"))
            reply->is_json = true;
    }
    return true;
}
