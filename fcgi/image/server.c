#include "image/server.h"

#include "image/reply.h"
#include "image/store.h"

static void refuse(struct outcome *outcome, int status, const char *code, const char *title)
{
    outcome_problem(outcome, status, code, title, "");
}

static bool is_from_elsewhere(const struct request *request, struct outcome *outcome)
{
    if (request->is_cross_site)
        refuse(outcome, 403, "cross_site", "This request came from another site, so it was refused.");
    return request->is_cross_site;
}

static void refuse_for_now(struct outcome *outcome)
{
    refuse(outcome, 503, "unavailable", "Too many images are arriving at the moment. Try again in a moment.");
}

/* Whoever comes while as many as may be are in hand is told so before the body is taken, which would be for nothing. (Those who come at
 * once all find hands free: an upload counts from when its body is here.) */
static void check(struct server *server, struct conn *conn, const struct request *request, struct outcome *outcome, struct buf *answer)
{
    if (!is_from_elsewhere(request, outcome))
        store_check(conn, request, outcome);
    if (outcome->status == 204 && atomic_load(&server->metrics.uploads_now) >= server->uploads_max)
        refuse_for_now(outcome);
    reply_add_check(answer, outcome);
}

static void take_upload(struct server *server, struct upload *upload, struct outcome *outcome, struct buf *answer)
{
    atomic_int_fast64_t *now = &server->metrics.uploads_now;
    if (atomic_fetch_add(now, 1) >= server->uploads_max)
        refuse_for_now(outcome);
    else if (!is_from_elsewhere(upload->request, outcome))
        upload_take(upload, outcome);
    atomic_fetch_sub(now, 1);
    reply_add_outcome(answer, upload->request, outcome);
}

static void find_image(struct conn *conn, const struct request *request, struct outcome *outcome, struct buf *answer)
{
    store_find(conn, request, outcome);
    if (outcome->status == 200)
        reply_add_place(answer, request, outcome);
    else
        reply_add_outcome(answer, request, outcome);
}

static void serve_blob(struct server *server, struct conn *conn, const struct request *request, struct outcome *outcome, struct buf *answer)
{
    metrics_add(&server->metrics.blobs_served, 1);
    store_blob(conn, request->sha256, request->is_thumb, outcome);
    if (outcome->status == 200)
        reply_add_blob(answer, request, outcome);
    else
        reply_add_outcome(answer, request, outcome);
}

static void write_metrics(struct server *server, struct buf *answer)
{
    struct buf text = {0};
    metrics_write(&server->metrics, &text);
    reply_add_text(answer, "text/plain; version=0.0.4; charset=utf-8", buf_span(&text));
    buf_free(&text);
}

static void tell_health(struct server *server, struct conn *conn, const struct request *request, struct outcome *outcome, struct buf *answer)
{
    store_health(conn, outcome);
    if (outcome->status == 200) {
        buf_clear(&outcome->body);
        buf_printf(&outcome->body, "{\"status\":\"ok\",\"version\":\"%s\"}", server->version);
    }
    reply_add_outcome(answer, request, outcome);
}

static void answer_simply(const struct request *request, struct outcome *outcome, struct buf *answer)
{
    if (request->kind == REQUEST_WRONG_METHOD)
        outcome_wrong_method(outcome, request->allow);
    else
        refuse(outcome, 404, "not_found", "There is no such image, or it is not for you to see.");
    reply_add_outcome(answer, request, outcome);
}

static void answer_by_kind(struct server *server, struct conn *conn, struct upload *upload, struct outcome *outcome, struct buf *answer)
{
    const struct request *request = upload->request;
    switch (request->kind) {
    case REQUEST_CHECK:
        check(server, conn, request, outcome, answer);
        return;
    case REQUEST_UPLOAD:
        take_upload(server, upload, outcome, answer);
        return;
    case REQUEST_IMAGE:
        find_image(conn, request, outcome, answer);
        return;
    case REQUEST_BLOB:
        serve_blob(server, conn, request, outcome, answer);
        return;
    case REQUEST_METRICS:
        outcome->status = 200;
        write_metrics(server, answer);
        return;
    case REQUEST_HEALTH:
        tell_health(server, conn, request, outcome, answer);
        return;
    case REQUEST_WRONG_METHOD:
    case REQUEST_NOTHING:
        answer_simply(request, outcome, answer);
        return;
    }
}

void server_answer(struct server *server, struct conn *conn, const struct request *request, upload_read *read, void *owner, struct buf *answer)
{
    struct outcome outcome;
    struct upload upload = {&server->decoder, &server->metrics, conn, request, read, owner};
    outcome_init(&outcome);
    answer_by_kind(server, conn, &upload, &outcome, answer);
    metrics_note_answer(&server->metrics, outcome.status);
    outcome_free(&outcome);
}
