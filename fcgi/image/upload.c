#include "image/upload.h"

#include "base/clock.h"
#include "base/log.h"
#include "image/sniff.h"
#include "image/store.h"
#include "wire/query.h"
#include "wire/quote.h"
#include "wire/text.h"

#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

enum { PIECE_SIZE = 64 << 10, ALT_MAX = 1000 };

static bool refuse(struct outcome *outcome, int status, const char *code, const char *title)
{
    outcome_problem(outcome, status, code, title, "");
    return false;
}

/* The file itself is what is wrong. */
static bool refuse_file(struct outcome *outcome, const char *title)
{
    struct buf more = {0};
    buf_add_text(&more, "{\"fields\":{");
    quote_add_member(&more, span_of("body"), span_of(title));
    buf_add_text(&more, "}}");
    outcome_problem(outcome, 422, "invalid", title, buf_text(&more));
    buf_free(&more);
    return false;
}

static bool refuse_alt(struct outcome *outcome)
{
    outcome_problem(outcome, 422, "invalid", "Alt: at most 1000 characters of one line.", "{\"fields\":{\"alt\":\"at most 1000 characters of one line\"}}");
    return false;
}

/* ?alt=: what the picture shows, for those who do not see it. */
static bool read_alt(struct span query, struct buf *alt, struct outcome *outcome)
{
    struct buf decoded;
    struct span name, value;
    size_t code_points = 0;
    bool is_fine = true, found = false;
    buf_init(&decoded, 4 * ALT_MAX);
    while (!found && query_next(&query, &name, &value))
        found = span_is(name, "alt");
    if (found)
        is_fine = query_decode(&decoded, value) && text_clean(alt, buf_span(&decoded), &code_points) == TEXT_FINE && code_points <= ALT_MAX;
    buf_free(&decoded);
    return is_fine || refuse_alt(outcome);
}

static bool write_all(int file, const char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t written = write(file, bytes, length);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return false;
        bytes += written;
        length -= (size_t)written;
    }
    return true;
}

static bool judge_beginning(struct span beginning, struct outcome *outcome)
{
    if (beginning.length == 0)
        return refuse_file(outcome, "This file is empty.");
    if (sniff_kind(beginning) == SNIFF_NONE)
        return refuse(outcome, 415, "unsupported_type", "This is not a JPEG, PNG, GIF, WebP or AVIF image.");
    return true;
}

static bool refuse_size(struct outcome *outcome)
{
    return refuse(outcome, 413, "too_large", "An image can have at most 20 MB.");
}

/* The whole body into the file; what does not begin like an image is read no further. */
static bool take_body(const struct upload *upload, int file, struct outcome *outcome)
{
    char piece[PIECE_SIZE];
    size_t total = 0, length;
    if (upload->request->body_length > PICTURE_FILE_MAX)
        return refuse_size(outcome);
    do {
        length = upload->read(upload->owner, piece, sizeof piece);
        if (total == 0 && !judge_beginning((struct span){piece, length}, outcome))
            return false;
        total += length;
        if (total > PICTURE_FILE_MAX)
            return refuse_size(outcome);
        if (!write_all(file, piece, length))
            return refuse(outcome, 503, "unavailable", "The server has no room for this image right now. Try again in a moment.");
    } while (length > 0);
    metrics_add(&upload->metrics->bytes_in, (int64_t)total);
    return true;
}

static void decode_and_store(const struct upload *upload, int file, struct span alt, struct outcome *outcome)
{
    struct picture picture;
    int64_t began_us = clock_us();
    picture_init(&picture);
    decoder_decode(upload->decoder, file, &picture);
    metrics_note_decoded(upload->metrics, picture.verdict, clock_us() - began_us);
    if (picture.verdict == PICTURE_FINE)
        store_picture(upload->conn, upload->request, alt, &picture, outcome);
    else if (picture_status(picture.verdict) == 503)
        refuse(outcome, 503, "unavailable", picture_title(picture.verdict));
    else
        refuse_file(outcome, picture_title(picture.verdict));
    picture_free(&picture);
}

static void take_file(const struct upload *upload, struct span alt, struct outcome *outcome)
{
    int file = memfd_create("upload", MFD_CLOEXEC);
    if (file < 0) {
        refuse(outcome, 503, "unavailable", "The server has no room for this image right now. Try again in a moment.");
        return;
    }
    if (take_body(upload, file, outcome))
        decode_and_store(upload, file, alt, outcome);
    close(file);
}

/* nginx has asked before it took the body. It is asked again here, so that nothing hangs on how nginx is set up, and now it counts. */
void upload_take(const struct upload *upload, struct outcome *outcome)
{
    struct buf alt = {0};
    store_begin(upload->conn, upload->request, outcome);
    if (outcome->status == 204 && read_alt(upload->request->query, &alt, outcome))
        take_file(upload, buf_span(&alt), outcome);
    buf_free(&alt);
}
