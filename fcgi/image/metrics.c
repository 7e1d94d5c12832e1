#include "image/metrics.h"

void metrics_note_decoded(struct metrics *metrics, enum picture_verdict verdict, int64_t took_us)
{
    metrics_add(&metrics->verdicts[verdict], 1);
    metrics_add(&metrics->decode_us, took_us);
}

void metrics_note_answer(struct metrics *metrics, int status)
{
    metrics_add(&metrics->answers[status / 100 < METRICS_STATUSES ? status / 100 : 0], 1);
}

static void add_head(struct buf *out, const char *name, const char *type, const char *help)
{
    buf_printf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void add_one(struct buf *out, const char *name, const char *type, const char *help, int64_t value)
{
    add_head(out, name, type, help);
    buf_printf(out, "%s %lld\n", name, (long long)value);
}

void metrics_write(struct metrics *metrics, struct buf *out)
{
    add_head(out, "parley_image_answers_total", "counter", "Answers by the class of their status.");
    for (int i = 2; i < METRICS_STATUSES; i++)
        buf_printf(out, "parley_image_answers_total{status=\"%dxx\"} %lld\n", i, (long long)metrics->answers[i]);
    add_head(out, "parley_image_decoded_total", "counter", "Files that went to a decoder, by what came of it.");
    for (int i = 0; i < METRICS_VERDICTS; i++)
        buf_printf(out, "parley_image_decoded_total{verdict=\"%s\"} %lld\n", picture_verdict_name((enum picture_verdict)i),
                   (long long)metrics->verdicts[i]);
    add_head(out, "parley_image_decode_seconds_total", "counter", "Time that uploads waited for their decoder, turn and work.");
    buf_printf(out, "parley_image_decode_seconds_total %.6f\n", (double)metrics->decode_us / 1e6);
    add_one(out, "parley_image_upload_bytes_total", "counter", "Bytes of files that came.", metrics->bytes_in);
    add_one(out, "parley_image_blobs_served_total", "counter", "Pictures handed to nginx: what its cache did not have.", metrics->blobs_served);
    add_one(out, "parley_image_uploads", "gauge", "Uploads in hand now.", metrics->uploads_now);
}
