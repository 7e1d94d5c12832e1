/* The program as a whole, and one request in it. What threads share is the decoder and the counters; all else is a thread's own. */
#pragma once
#include "base/buf.h"
#include "db/conn.h"
#include "image/decoder.h"
#include "image/metrics.h"
#include "image/request.h"
#include "image/upload.h"

struct server {
    struct decoder decoder;
    struct metrics metrics;
    long uploads_max;        /* in hand at a time: the other threads serve pictures meanwhile */
    const char *version;
};

/* Answers one request: appends head and body to `answer`. `read` takes from its body. */
void server_answer(struct server *server, struct conn *conn, const struct request *request, upload_read *read, void *owner, struct buf *answer);
