/* Problem documents (RFC 9457) as the contract has them: {"status":…,"code":"…","title":"…","detail":"…"} and what a refusal adds. */
#pragma once
#include "base/buf.h"

/*
 * `more` is a JSON object whose members are added ("" or "{}": none); it comes from the program or the database, never from a client.
 * What passes (503) says when to try again: in 2 seconds, where nothing else is added.
 */
void problem_add(struct buf *out, int status, const char *code, const char *title, const char *more);

/* What such a refusal means to whoever writes a client: the `detail` of every problem. */
const char *problem_detail(int status, const char *code);
