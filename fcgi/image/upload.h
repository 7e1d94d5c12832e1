/*
 * An upload from its first byte to its answer: the body into memory that belongs to nobody's address space, then through a decoder,
 * then into the database.
 */
#pragma once
#include "db/outcome.h"
#include "image/decoder.h"
#include "image/metrics.h"
#include "image/request.h"

struct conn;

/* Takes the next bytes of the body; 0 at the end. */
typedef size_t upload_read(void *owner, char *bytes, size_t size);

struct upload {
    struct decoder *decoder;
    struct metrics *metrics;
    struct conn *conn;
    const struct request *request;
    upload_read *read;
    void *owner;          /* of `read` */
};

void upload_take(const struct upload *upload, struct outcome *outcome);
