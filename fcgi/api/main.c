/*
 * parley-api: answers requests that come over FastCGI on descriptor 0. Each of its threads takes one request at a time from accept
 * to close; the main thread only waits for the signal to stop, and sees meanwhile whether work goes on.
 */
#include "api/exchange.h"
#include "api/gateway.h"
#include "api/password.h"
#include "base/accept.h"
#include "base/clock.h"
#include "base/config.h"
#include "base/crew.h"
#include "base/log.h"
#include "base/notify.h"

#include <fastcgi.h>
#include <pthread.h>
#include <signal.h>
#include <sodium.h>
#include <stdlib.h>
#include <unistd.h>

enum {
    BODY_MAX = 256 * 1024,
    STOP_WITHIN_MS = 4500, /* SIGTERM to end; who starts us gives five seconds */
    STACK_BYTES = 1024 * 1024
};

struct settings {
    const char *database, *database_read;
    long threads, connections, queue, log_level;
    bool has_limits, has_images;
};

static struct settings settings;

static const struct config_item items[] = {
    {"PARLEY_DB", CONFIG_TEXT, &settings.database, NULL, 1, 0, "where PostgreSQL is: a libpq string or URI, with user=parley_api"},
    {"PARLEY_DB_READ", CONFIG_TEXT, &settings.database_read, "", 0, 0, "a replica for searches and exports"},
    {"PARLEY_API_THREADS", CONFIG_NUMBER, &settings.threads, "128", 1, 1024, "requests worked on at a time"},
    {"PARLEY_API_CONNECTIONS", CONFIG_NUMBER, &settings.connections, "8", 1, 256, "connections for reads"},
    {"PARLEY_API_QUEUE", CONFIG_NUMBER, &settings.queue, "1024", 1, 65536, "writes that may wait for the committer"},
    {"PARLEY_LIMITS", CONFIG_SWITCH, &settings.has_limits, "on", 0, 0, "rate limits: on, or off for load tests"},
    {"PARLEY_IMAGES", CONFIG_SWITCH, &settings.has_images, "on", 0, 0, "whether there is a parley-image: on or off"},
    {"PARLEY_LOG_LEVEL", CONFIG_CHOICE, &settings.log_level, "info", 0, 0, "debug|info|warn|error"},
};

/* What the main thread looks at while it waits. */
struct lookout {
    struct crew *crew;
    struct server *server;
    struct committer_stats commits;
};

static void read_body(struct exchange *exchange, struct gateway *gateway)
{
    int64_t length = exchange->request.content_length;
    if (length > BODY_MAX)
        exchange->body_state = EXCHANGE_BODY_TOO_LARGE;
    else if (length < 0 || !gateway_read_body(gateway, &exchange->body, (size_t)length))
        exchange->body_state = EXCHANGE_BODY_CUT_SHORT;
}

static void note_request(struct exchange *exchange, int64_t began_us)
{
    int status = exchange->outcome.status;
    int64_t took_us = clock_us() - began_us;
    metrics_note(exchange->server->metrics, server_route_number(exchange->route), status, took_us);
    if (status == 500) /* while the database is away, a line for each 503 would say nothing new */
        log_error("request failed", log_text("method", method_name(exchange->request.method)),
                 log_text("route", exchange->route ? exchange->route->pattern : ""), log_int("status", status), log_int("us", took_us));
}

static void send_answer(struct exchange *exchange, struct gateway *gateway, struct buf *head)
{
    if (exchange->is_streamed) {
        gateway_end(gateway, !exchange->is_broken);
        return;
    }
    buf_clear(head);
    exchange_add_head(exchange, head);
    gateway_answer(gateway, buf_span(head), exchange->request.is_head ? (struct span){0} : buf_span(&exchange->outcome.body));
}

static bool write_piece(void *gateway, struct span piece)
{
    return gateway_write(gateway, piece);
}

static void serve(struct exchange *exchange, struct gateway *gateway, struct buf *head)
{
    int64_t began_us = clock_us();
    exchange_begin(exchange);
    request_read(&exchange->request, gateway_params(gateway));
    log_set_request(exchange->request.id);
    read_body(exchange, gateway);
    exchange_answer(exchange);
    note_request(exchange, began_us);
    send_answer(exchange, gateway, head);
}

static bool take(void *gateway)
{
    return gateway_accept(gateway);
}

static void work(struct crew_member *self, void *server)
{
    struct exchange exchange;
    struct gateway gateway;
    struct buf head;
    buf_init(&head, 0);
    exchange_init(&exchange, server, (struct exchange_sink){&gateway, write_piece});
    gateway_init(&gateway);
    while (crew_take(self, take, &gateway))
        serve(&exchange, &gateway, &head);
    exchange_free(&exchange);
    buf_free(&head);
}

static struct crew *start_crew(struct server *server)
{
    struct crew_plan plan = {.size = settings.threads, .stack_bytes = STACK_BYTES, .wake = ACCEPT_WAKE, .work = work, .owner = server};
    return crew_start(&plan);
}

/* Not so when since the last look somebody has waited in vain while no batch was taken. */
static bool does_committer_work(struct lookout *lookout)
{
    struct committer_stats before = lookout->commits, now = committer_stats(lookout->server->committer);
    lookout->commits = now;
    return now.batches != before.batches || (now.withdrawn == before.withdrawn && now.refused == before.refused);
}

static bool is_well(void *given)
{
    struct lookout *lookout = given;
    bool does_crew_work = crew_works(lookout->crew);
    return does_committer_work(lookout) && does_crew_work;
}

static void stop_signals(sigset_t *stops)
{
    sigemptyset(stops);
    sigaddset(stops, SIGTERM);
    sigaddset(stops, SIGINT);
}

static void wait_for_signal(struct crew *crew, struct server *server)
{
    struct lookout lookout = {.crew = crew, .server = server};
    sigset_t stops;
    stop_signals(&stops);
    int signal = notify_until(&stops, is_well, &lookout);
    notify_stopping();
    log_info("stopping", log_text("signal", signal == SIGTERM ? "TERM" : "INT"));
}

/* Before the threads start, so that they inherit it: only the main thread takes these. */
static void block_signals(void)
{
    sigset_t stops;
    stop_signals(&stops);
    pthread_sigmask(SIG_BLOCK, &stops, NULL);
}

static void prepare(void)
{
    log_start("parley-api", (enum log_level)settings.log_level);
    notify_start();
    block_signals();
    if (sodium_init() < 0) {
        log_error("no source of random bytes");
        exit(EXIT_FAILURE);
    }
    json_object_seed(0); /* before there are threads */
    password_start();
    if (!accept_start(FCGI_LISTENSOCK_FILENO)) {
        log_error("descriptor 0 is not a listening socket: start it with spawn-fcgi or a socket unit");
        exit(EXIT_FAILURE);
    }
}

int main(int argc, char **argv)
{
    config_load("parley-api", "answers the requests of Parley's clients", items, sizeof items / sizeof *items, argc, argv);
    prepare();
    struct server_plan plan = {settings.database, settings.database_read, settings.connections, settings.queue, settings.has_limits, settings.has_images};
    struct server *server = server_start(&plan);
    struct crew *crew = start_crew(server);
    log_info("started", log_int("threads", settings.threads));
    notify_ready();
    wait_for_signal(crew, server);
    accept_stop();
    if (!crew_stop(crew, STOP_WITHIN_MS)) {
        log_warn("stopped in the middle of requests");
        _exit(EXIT_SUCCESS);
    }
    server_stop(server);
    log_info("stopped");
    return EXIT_SUCCESS;
}
