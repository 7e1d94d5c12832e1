/*
 * What this program asks the database, and all of its SQL. Each call takes the connection of the calling thread, and ends with an
 * outcome: an answer or a finished problem document.
 */
#pragma once
#include "db/outcome.h"
#include "image/picture.h"
#include "image/request.h"

struct conn;

void store_check(struct conn *conn, const struct request *asked, struct outcome *outcome); /* 204: an upload may come */
void store_begin(struct conn *conn, const struct request *asked, struct outcome *outcome); /* 204: it came, and counts from here on */
void store_find(struct conn *conn, const struct request *asked, struct outcome *outcome);  /* {"sha256":"…"} of what may be seen */
void store_health(struct conn *conn, struct outcome *outcome);

/* Stores a picture that is PICTURE_FINE; 201 and the image. `alt` is clean text. */
void store_picture(struct conn *conn, const struct request *asked, struct span alt, const struct picture *picture, struct outcome *outcome);

/* The bytes under a hash into the outcome's body: 200, or a problem. */
void store_blob(struct conn *conn, const char *sha256, bool is_thumb, struct outcome *outcome);
