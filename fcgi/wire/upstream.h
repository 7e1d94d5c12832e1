/*
 * A question to another FastCGI program, on a connection of its own: a whole request as bytes, its answer as it comes, and the reply
 * in it. No I/O: who has the descriptor writes and reads.
 */
#pragma once
#include "base/buf.h"
#include "wire/record.h"

struct upstream_param {
    const char *name;
    struct span value;
};

/* A whole request with the id 1: the parameters (all together under 64 KB) and the body. `out` must have no limit. */
void upstream_request(struct buf *out, const struct upstream_param *params, size_t count, struct span body);

enum upstream_result { UPSTREAM_MORE, UPSTREAM_DONE, UPSTREAM_BAD };

/* An answer on its way; zeroes and an output buffer (whose limit bounds it) to begin with. */
struct upstream_answer {
    struct buf output;  /* what the program wrote: head and body */
    unsigned char header[RECORD_HEADER_SIZE];
    size_t header_length, content_left, padding_left;
};

/* Takes the next bytes; UPSTREAM_BAD also when the output is over its limit. */
enum upstream_result upstream_answer_add(struct upstream_answer *answer, struct span bytes) __attribute__((warn_unused_result));

/* The output of a program taken apart (RFC 3875, 6): its status (200 when it names none), whether it is JSON, and its body. */
struct upstream_reply {
    int status;
    bool is_json;
    struct span body;
};

bool upstream_reply_read(struct upstream_reply *reply, struct span output) __attribute__((warn_unused_result));
