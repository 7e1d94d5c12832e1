/*
 * A call that came on a WebSocket, on its way to parley-api and back: a FastCGI request on a connection of its own, so that routes,
 * committer, limits and errors exist once. The answer goes to the reader whose socket it came on, with the `ref` that it came with.
 * When it may begin is said by stream/calls, in whose line it stands until then and until its end. What has begun is read as fast as it
 * comes, whatever the client does: parley-api has a thread at the other end.
 */
#pragma once

#include "base/list.h"
#include "base/span.h"
#include "stream/watch.h"
#include "wire/upstream.h"

#include <stdbool.h>
#include <stdint.h>

struct hub;
struct reader;

/* What is asked for; all borrowed for the call of call_new() only. */
struct call_request {
    struct span ref;                 /* as JSON text */
    const char *method, *path;       /* path with its query */
    struct span body;                /* JSON text, or empty */
    struct span token, address, host, agent;
    bool is_https;
};

struct call {
    struct watch watch;              /* first: what epoll gives back */
    struct list in_line;             /* of its socket */
    struct list of_hub;              /* while its answer is waited for */
    struct reader *reader;
    int descriptor;                  /* -1: not asked yet */
    int64_t asked_at;
    char *ref;
    char *write_path;                /* of what may change something, without its query; null of what only reads */
    struct buf question;
    size_t sent;
    struct upstream_answer answer;
};

struct call *call_new(struct reader *reader, const struct call_request *request);

void call_begin(struct hub *hub, struct call *call);
void call_fail(struct hub *hub, struct call *call);  /* 503, and it leaves the line */
void call_drop(struct hub *hub, struct call *call);  /* nobody waits for the answer any more */

void call_handle(struct hub *hub, struct watch *call);
void call_tick(struct hub *hub);             /* what takes too long is answered with 503 */
void call_free_gone(struct hub *hub);        /* at the end of a turn */

/* A message with an answer: {"ref":…,"status":…,"body":…}. `ref` and `body` are JSON text; `body` is empty for none. */
void call_answer(struct hub *hub, struct reader *reader, struct span ref, int status, struct span body);

/* The same with a problem document; `more` as problem_add() has it. */
void call_answer_problem(struct hub *hub, struct reader *reader, struct span ref, int status, const char *code, const char *title, const char *more);
