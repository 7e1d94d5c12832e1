#include "stream/arrivals.h"

#include "base/accept.h"
#include "base/buf.h"
#include "base/crew.h"
#include "base/log.h"
#include "base/mem.h"
#include "stream/answer.h"
#include "wire/form.h"
#include "wire/query.h"
#include "wire/token.h"

#include <fcgiapp.h>
#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum { CURSOR_VALUE_MAX = 64, STOP_WITHIN_MS = 2500 };

struct arrivals {
    pthread_mutex_t lock;  /* over first and last */
    struct arrival *first, *last;
    int wake;
    struct crew *crew;     /* null once it has ended */
    unsigned char address_key[crypto_shorthash_KEYBYTES];  /* so that nobody can choose addresses that count as one */
};

/* --- the queue --- */

static void hand_over(struct arrivals *arrivals, struct arrival *arrival)
{
    pthread_mutex_lock(&arrivals->lock);
    if (!arrivals->first)
        arrivals->first = arrival;
    else
        arrivals->last->next = arrival;
    arrivals->last = arrival;
    pthread_mutex_unlock(&arrivals->lock);
    eventfd_write(arrivals->wake, 1);
}

struct arrival *arrivals_take(struct arrivals *arrivals)
{
    struct arrival *all;
    eventfd_t ignored;
    (void)eventfd_read(arrivals->wake, &ignored);
    pthread_mutex_lock(&arrivals->lock);
    all = arrivals->first;
    arrivals->first = arrivals->last = NULL;
    pthread_mutex_unlock(&arrivals->lock);
    return all;
}

int arrivals_descriptor(const struct arrivals *arrivals)
{
    return arrivals->wake;
}

/* --- one request --- */

static void set_cursor(struct arrival *arrival, struct span text)
{
    arrival->has_cursor = true;
    arrival->is_cursor_valid = cursor_parse(&arrival->cursor, text.at, text.length);
}

static void read_since(struct arrival *arrival, struct span encoded)
{
    struct buf text;
    buf_init(&text, CURSOR_VALUE_MAX);
    if (query_decode(&text, encoded) && text.length > 0)
        set_cursor(arrival, buf_span(&text));
    else
        arrival->has_cursor = encoded.length > 0;
    buf_free(&text);
}

static void read_query(struct arrival *arrival, struct span rest, struct span last_event_id)
{
    struct span name, value;
    while (query_next(&rest, &name, &value)) {
        if (span_is(name, "since"))
            read_since(arrival, value);
        else if (span_is(name, "once"))
            arrival->has_fault |= !form_flag(value, &arrival->is_once);
    }
    if (last_event_id.length > 0)
        set_cursor(arrival, last_event_id);
}

static uint64_t address_number(const struct arrivals *arrivals, const struct address *address)
{
    uint64_t number;
    unsigned char out[crypto_shorthash_BYTES];
    crypto_shorthash(out, address->bytes, sizeof address->bytes, arrivals->address_key);
    memcpy(&number, out, sizeof number);
    return number;
}

struct span arrival_read(const struct arrivals *arrivals, struct arrival *arrival, const struct asked *asked)
{
    struct span token;
    struct address address;
    token_find(asked->authorization, asked->cookie, &token);
    (void)address_parse(&address, asked->address);
    arrival->from = address_counted(&address);
    arrival->address = address_number(arrivals, &arrival->from);
    read_query(arrival, asked->query, asked->last_event_id);
    crypto_hash_sha256(arrival->token_hash, (const unsigned char *)token.at, token.length);
    return token;
}

/* --- one request by FastCGI --- */

static struct span parameter(const FCGX_Request *request, const char *name)
{
    const char *value = FCGX_GetParam(name, request->envp);
    return span_of(value ? value : "");
}

static struct asked read_parameters(const FCGX_Request *request)
{
    return (struct asked){
        .authorization = parameter(request, "HTTP_AUTHORIZATION"), .cookie = parameter(request, "HTTP_COOKIE"),
        .query = parameter(request, "QUERY_STRING"), .last_event_id = parameter(request, "HTTP_LAST_EVENT_ID"),
        .address = parameter(request, "REMOTE_ADDR"),
    };
}

/* nginx decides which paths come to this program; two of them ask about the program itself. */
static enum arrival_kind kind_of(const FCGX_Request *request)
{
    struct span uri = parameter(request, "REQUEST_URI");
    struct span path = span_cut(&uri, '?');
    if (span_is(parameter(request, "PARLEY_TASK"), "check"))
        return ARRIVAL_CHECK;
    if (span_is(path, "/metrics/stream"))
        return ARRIVAL_METRICS;
    return span_is(path, "/api/health") ? ARRIVAL_HEALTH : ARRIVAL_STREAM;
}

static void refuse(FCGX_Request *request, struct buf *answer)
{
    FCGX_PutStr(answer->bytes, (int)answer->length, request->out);
    accept_finish(request);
    buf_free(answer);
}

static void refuse_method(FCGX_Request *request)
{
    struct buf answer;
    buf_init(&answer, 0);
    answer_problem(&answer, 405, "Method Not Allowed", "Allow: GET\r\n", "method_not_allowed", "This can only be read: use GET.",
                   "{\"allow\":\"GET\"}");
    refuse(request, &answer);
}

static void refuse_nobody(FCGX_Request *request)
{
    struct buf answer;
    buf_init(&answer, 0);
    answer_no_session(&answer);
    refuse(request, &answer);
}

/* Final for an EventSource, as it should be: this will not pass. */
static void refuse_query(FCGX_Request *request)
{
    struct buf answer;
    buf_init(&answer, 0);
    answer_problem(&answer, 422, "Unprocessable Entity", "", "invalid", "Once: must be 1 or 0.", "{\"fields\":{\"once\":\"must be 1 or 0\"}}");
    refuse(request, &answer);
}

/* The descriptor leaves libfcgi here: from now on nothing of it may touch the connection. */
static void take_descriptor(struct arrival *arrival, FCGX_Request *request)
{
    arrival->descriptor = request->ipcFd;
    arrival->request = (uint16_t)request->requestId;
    FCGX_Free(request, 0);
    request->ipcFd = -1;
}

static void handle(struct arrivals *arrivals, FCGX_Request *request)
{
    struct asked asked = read_parameters(request);
    struct arrival read = {.kind = kind_of(request)};
    struct arrival *arrival;
    if (read.kind != ARRIVAL_CHECK && !span_is(parameter(request, "REQUEST_METHOD"), "GET")) {
        refuse_method(request);
        return;
    }
    if (arrival_read(arrivals, &read, &asked).length == 0 && read.kind == ARRIVAL_STREAM) {
        refuse_nobody(request);
        return;
    }
    if (read.has_fault && read.kind == ARRIVAL_STREAM) {
        refuse_query(request);
        return;
    }
    arrival = mem_alloc(sizeof *arrival);
    *arrival = read;
    take_descriptor(arrival, request);
    hand_over(arrivals, arrival);
}

/* --- the threads --- */

static bool take(void *request)
{
    return accept_request(request);
}

static void work(struct crew_member *self, void *arrivals)
{
    FCGX_Request request;
    accept_init(&request);
    while (crew_take(self, take, &request))
        handle(arrivals, &request);
}

struct arrivals *arrivals_start(int listening, int threads)
{
    struct arrivals *arrivals = mem_zeroed(sizeof *arrivals);
    struct crew_plan plan = {.size = threads, .wake = ACCEPT_WAKE, .work = work, .owner = arrivals};
    pthread_mutex_init(&arrivals->lock, NULL);
    crypto_shorthash_keygen(arrivals->address_key);
    arrivals->wake = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (arrivals->wake < 0)
        abort();
    if (!accept_start(listening)) {
        log_error("there is no listening socket: start it with spawn-fcgi or a socket unit");
        exit(EXIT_FAILURE);
    }
    arrivals->crew = crew_start(&plan);
    return arrivals;
}

/* What has not been accepted stays in the socket for the next process. */
void arrivals_stop(struct arrivals *arrivals)
{
    accept_stop();
    if (crew_stop(arrivals->crew, STOP_WITHIN_MS))
        arrivals->crew = NULL;
    else
        log_warn("stopped in the middle of requests");
}

void arrivals_free(struct arrivals *arrivals)
{
    if (arrivals->crew)
        return;  /* some thread may still have something to hand over: the process ends before it */
    close(arrivals->wake);
    pthread_mutex_destroy(&arrivals->lock);
    mem_free(arrivals);
}
