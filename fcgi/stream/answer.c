#include "stream/answer.h"

#include "base/map.h"
#include "stream/rooms.h"
#include "wire/problem.h"
#include "wire/sse.h"

#include <jansson.h>
#include <stdlib.h>

void answer_stream_head(struct buf *out, unsigned retry_ms)
{
    buf_add_text(out, "Status: 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\n"
                      "Cache-Control: no-cache, no-store\r\nX-Accel-Buffering: no\r\n\r\n");
    sse_retry(out, retry_ms);
}

void answer_come_back(struct buf *out, unsigned retry_ms)
{
    answer_stream_head(out, retry_ms);
}

void answer_problem(struct buf *out, int status, const char *reason, const char *headers, const char *code, const char *title, const char *more)
{
    buf_printf(out, "Status: %d %s\r\nContent-Type: application/problem+json\r\nCache-Control: no-store\r\n%s\r\n", status, reason, headers);
    problem_add(out, status, code, title, more);
}

void answer_no_session(struct buf *out)
{
    answer_problem(out, 401, "Unauthorized", "WWW-Authenticate: Bearer\r\n", "no_session", "Sign in first: this session is unknown or over.", "");
}

void answer_shut_out(struct buf *out)
{
    answer_problem(out, 403, "Forbidden", "", "network_banned", "From this network nothing is answered at the moment.", "");
}

void answer_check_passed(struct buf *out)
{
    buf_add_text(out, "Status: 204 No Content\r\n\r\n");
}

void answer_check_failed(struct buf *out, int status, const char *code, const char *title)
{
    buf_add_text(out, "Status: 403 Forbidden\r\nX-Parley-Problem: ");
    problem_add(out, status, code, title, "");
    buf_add_text(out, "\r\n\r\n");
}

void answer_json(struct buf *out, const char *json)
{
    buf_printf(out, "Status: 200 OK\r\nContent-Type: application/json\r\nCache-Control: no-store\r\n\r\n%s", json);
}

void answer_metrics_head(struct buf *out)
{
    buf_add_text(out, "Status: 200 OK\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\nCache-Control: no-store\r\n\r\n");
}

void answer_as_http(struct buf *out, struct span answer)
{
    struct span line = span_cut(&answer, '\n');
    span_cut(&line, ' ');  /* "Status:" */
    buf_add_text(out, "HTTP/1.1 ");
    buf_add_span(out, line);
    buf_add_text(out, "\nConnection: close\r\n");
    buf_add_span(out, answer);
}

/* Takes over the data. `cursor` may be null. */
static void add_event(struct buf *out, enum transport transport, const struct cursor *cursor, const char *name, json_t *data)
{
    char *text = json_dumps(data, JSON_COMPACT);
    framing_add(out, transport, cursor, name, text);
    free(text);
    json_decref(data);
}

void answer_ready(struct buf *out, enum transport transport, const struct cursor *cursor, const struct person *person)
{
    char text[CURSOR_TEXT_MAX + 1];
    cursor_format(text, cursor);
    add_event(out, transport, cursor, "ready",
              json_pack("{s:s, s:{s:I, s:s}}", "cursor", text, "user", "id", (json_int_t)person->id, "name", person->name));
}

void answer_reset(struct buf *out, enum transport transport, const struct cursor *cursor, const char *reason)
{
    char text[CURSOR_TEXT_MAX + 1];
    cursor_format(text, cursor);
    add_event(out, transport, cursor, "reset", json_pack("{s:s, s:s}", "cursor", text, "reason", reason));
}

void answer_ping(struct buf *out, enum transport transport, const struct cursor *cursor)
{
    add_event(out, transport, cursor, "ping", json_object());
}

void answer_bye(struct buf *out, enum transport transport, unsigned retry_ms, const char *reason)
{
    if (transport == TRANSPORT_EVENTS)
        buf_printf(out, "retry: %u\n", retry_ms);
    add_event(out, transport, NULL, "bye", json_pack("{s:I, s:s}", "retry_ms", (json_int_t)retry_ms, "reason", reason));
}

unsigned answer_spread(long milliseconds, uint64_t seed)
{
    return (unsigned)((uint64_t)milliseconds / 2 + map_mix(seed) % ((uint64_t)milliseconds + 1));
}
