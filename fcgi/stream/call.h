/*
 * A call that came on a WebSocket, on its way to parley-api and back: a FastCGI request on a connection of its own, so that routes,
 * committer, limits and errors exist once. The answer goes to the reader whose socket it came on, with the `ref` that it came with.
 */
#pragma once

#include "base/list.h"
#include "base/span.h"
#include "stream/watch.h"

struct hub;
struct reader;

/* What is asked for; all borrowed for the call of call_start() only. */
struct call_request {
    const char *ref;                 /* as JSON text */
    const char *method, *path;       /* path with its query */
    struct span body;                /* JSON text, or empty */
    struct span token, address, host, agent;
    bool is_https;
};

/* Asks; the answer comes as a message to the reader. The call stands on `of_socket` until then, or until call_drop_all(). */
void call_start(struct hub *hub, struct reader *reader, struct list *of_socket, const struct call_request *request);

void call_drop_all(struct hub *hub, struct list *of_socket);  /* nobody waits for the answers any more */

void call_handle(struct hub *hub, struct watch *call);
void call_tick(struct hub *hub);             /* what takes too long is answered with 503 */
void call_free_gone(struct hub *hub);        /* at the end of a turn */

/* A message with an answer: {"ref":…,"status":…,"body":…}. `body` is JSON text, empty for none. */
void call_answer(struct hub *hub, struct reader *reader, const char *ref, int status, struct span body);
void call_answer_problem(struct hub *hub, struct reader *reader, const char *ref, int status, const char *code, const char *title);
