/* An answer as bytes: the head that FastCGI wants, and the body. No I/O. */
#pragma once
#include "db/outcome.h"
#include "image/request.h"

void reply_add_outcome(struct buf *out, const struct request *request, const struct outcome *outcome);  /* JSON or a problem document */
void reply_add_text(struct buf *out, const char *type, struct span text);

/* To nginx's question before an upload: 204; or 403 with the problem in headers, which nginx makes the answer of. */
void reply_add_check(struct buf *out, const struct outcome *outcome);

/* Where nginx finds the picture. No other header: they would be lost or doubled there. */
void reply_add_place(struct buf *out, const struct request *request, const struct outcome *found);

/* The picture. It never changes under its hash. */
void reply_add_blob(struct buf *out, const struct request *request, const struct outcome *blob);
