#include "image/store.h"

#include "base/clock.h"
#include "db/call.h"
#include "db/rows.h"
#include "wire/quote.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>

enum { PATIENCE_MS = 3000, STORE_PATIENCE_MS = 8000 };

static const char check[] = "select status, body from api.check_upload($1, $2)";
static const char begin[] = "select status, body from api.begin_upload($1, $2)";
static const char find[] = "select status, body from api.get_image($1, $2)";
static const char health[] = "select status, body from api.health($1, $2)";
static const char picture_in[] = "select status, body from api.store_image($1, $2, $3, $4)";
static const char blob_out[] = "select bytes from api.get_blob($1, $2)";

static const char *or_null(const char *token)
{
    return *token ? token : NULL;
}

static void ask(struct conn *conn, const char *statement, const char *token, const char *args, struct outcome *outcome)
{
    if (call_function(conn, statement, or_null(token), args, clock_ms() + PATIENCE_MS, outcome) != CALL_ANSWERED)
        outcome_unavailable(outcome);
}

/* Where the client is, if that is known, is the end of all arguments. */
static void end_args(struct buf *args, const struct request *asked)
{
    buf_add_text(args, "\"address\":");
    if (asked->address.length)
        quote_add(args, asked->address);
    else
        buf_add_text(args, "null");
    buf_add_byte(args, '}');
}

static void ask_where(struct conn *conn, const char *statement, const struct request *asked, struct outcome *outcome)
{
    struct buf args = {0};
    buf_add_byte(&args, '{');
    end_args(&args, asked);
    ask(conn, statement, asked->token, buf_text(&args), outcome);
    buf_free(&args);
}

void store_check(struct conn *conn, const struct request *asked, struct outcome *outcome)
{
    ask_where(conn, check, asked, outcome);
}

void store_begin(struct conn *conn, const struct request *asked, struct outcome *outcome)
{
    ask_where(conn, begin, asked, outcome);
}

void store_health(struct conn *conn, struct outcome *outcome)
{
    ask(conn, health, "", "{}", outcome);
}

void store_find(struct conn *conn, const struct request *asked, struct outcome *outcome)
{
    struct buf args = {0};
    buf_printf(&args, "{\"upload\":%" PRId64 ",", asked->upload);
    end_args(&args, asked);
    ask(conn, find, asked->token, buf_text(&args), outcome);
    buf_free(&args);
}

/* bytea as text: \x and two digits a byte. */
static void add_bytes(struct buf *out, const struct buf *bytes)
{
    buf_add_text(out, "\\x");
    char *room = buf_room(out, bytes->length * 2);
    if (!room)
        return;
    sodium_bin2hex(room, bytes->length * 2 + 1, (const unsigned char *)bytes->bytes, bytes->length);
    buf_added(out, bytes->length * 2);
}

static void add_args(struct buf *out, const struct request *asked, struct span alt, const struct picture *picture)
{
    buf_printf(out, "{\"width\":%u,\"height\":%u,\"animated\":%s,\"thumb_width\":%u,\"thumb_height\":%u,\"alt\":", picture->width,
               picture->height, picture->animated ? "true" : "false", picture->thumb_width, picture->thumb_height);
    quote_add(out, alt);
    buf_add_byte(out, ',');
    end_args(out, asked);
}

static void take_answer(struct conn *conn, struct outcome *outcome)
{
    const struct rows *rows = conn_rows(conn);
    outcome_clear(outcome);
    outcome->status = (int)rows_integer(rows, 0, 0, 500);
    buf_add_text(&outcome->body, rows_text(rows, 0, 1));
}

/* Asked once: nobody wants an upload twice. One that was stored without our knowing is gone after a day. */
void store_picture(struct conn *conn, const struct request *asked, struct span alt, const struct picture *picture, struct outcome *outcome)
{
    struct buf args = {0}, bytes = {0}, thumb = {0};
    add_args(&args, asked, alt, picture);
    add_bytes(&bytes, &picture->bytes);
    add_bytes(&thumb, &picture->thumb);
    const char *const values[] = {or_null(asked->token), buf_text(&args), buf_text(&bytes), buf_text(&thumb)};
    conn_freshen(conn);
    switch (conn_ask(conn, picture_in, values, 4, clock_ms() + STORE_PATIENCE_MS)) {
    case CONN_ROWS:
        take_answer(conn, outcome);
        break;
    case CONN_REFUSED:
        outcome_of_error(outcome, conn_error(conn), "store_image");
        break;
    case CONN_AWAY:
    case CONN_LOST:
        outcome_unavailable(outcome);
        break;
    }
    buf_free(&args);
    buf_free(&bytes);
    buf_free(&thumb);
}

static void take_bytes(struct outcome *outcome, const char *text, size_t length)
{
    outcome_clear(outcome);
    outcome->status = 200;
    size_t size = length / 2 - 1, made = 0;
    char *room = buf_room(&outcome->body, size);
    if (room && sodium_hex2bin((unsigned char *)room, size, text + 2, length - 2, NULL, &made, NULL) == 0)
        buf_added(&outcome->body, made);
}

static void take_blob(const struct rows *rows, struct outcome *outcome)
{
    if (rows_count(rows) == 1 && rows_length(rows, 0, 0) > 2)
        take_bytes(outcome, rows_text(rows, 0, 0), rows_length(rows, 0, 0));
    else
        outcome_problem(outcome, 404, "not_found", "There is no such image, or it is not for you to see.", "");
}

void store_blob(struct conn *conn, const char *sha256, bool is_thumb, struct outcome *outcome)
{
    const char *const values[] = {sha256, is_thumb ? "t" : "f"};
    enum conn_end end = CONN_AWAY;
    for (int attempt = 0; attempt < 2 && (end == CONN_AWAY || end == CONN_LOST); attempt++)
        end = conn_ask(conn, blob_out, values, 2, clock_ms() + PATIENCE_MS);
    if (end == CONN_ROWS)
        take_blob(conn_rows(conn), outcome);
    else if (end == CONN_REFUSED)
        outcome_of_error(outcome, conn_error(conn), "get_blob");
    else
        outcome_unavailable(outcome);
}
