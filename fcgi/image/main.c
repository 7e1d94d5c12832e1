/*
 * parley-image: takes uploads and serves pictures, over FastCGI on descriptor 0. Image decoders are where servers get broken into,
 * so nothing of a stranger's file is looked at in this process: that happens in short-lived ones which can do nothing else
 * (image/nursery). The main thread waits for the signal to stop; every other one takes a request at a time.
 */
#include "base/accept.h"
#include "base/config.h"
#include "base/crew.h"
#include "base/log.h"
#include "base/notify.h"
#include "image/gateway.h"
#include "image/server.h"
#include "image/yield.h"

#include <fastcgi.h>
#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>
#include <unistd.h>

enum {
    STATEMENT_TIMEOUT_MS = 5000,
    LOCK_TIMEOUT_MS = 2000,
    CONNECT_TIMEOUT_MS = 1000,
    STOP_WITHIN_MS = 4500
};

static struct {
    const char *database;
    long threads, decoders, seconds, memory_mb, log_level;
    bool has_limits;
} settings;

static const struct config_item items[] = {
    {"PARLEY_DB", CONFIG_TEXT, &settings.database, NULL, 1, 0, "where PostgreSQL is: a libpq string or URI, with user=parley_image"},
    {"PARLEY_IMAGE_THREADS", CONFIG_NUMBER, &settings.threads, "16", 2, 256, "requests worked on at a time; at most half are uploads"},
    {"PARLEY_IMAGE_DECODERS", CONFIG_NUMBER, &settings.decoders, "0", 0, NURSERY_CHILDREN_MAX, "files decoded at a time; 0: 1, or 2 where there are three processors or more"},
    {"PARLEY_IMAGE_SECONDS", CONFIG_NUMBER, &settings.seconds, "25", 1, 300, "after these a decoder is killed"},
    {"PARLEY_IMAGE_MEMORY_MB", CONFIG_NUMBER, &settings.memory_mb, "1536", 64, 65536, "address space that a decoder may add"},
    {"PARLEY_LIMITS", CONFIG_SWITCH, &settings.has_limits, "on", 0, 0, "quotas: on, or off for load tests"},
    {"PARLEY_LOG_LEVEL", CONFIG_CHOICE, &settings.log_level, "info", 0, 0, "debug|info|warn|error"},
};

static struct server server = {.version = PARLEY_VERSION};
static struct conn_plan conn_plan;

static void serve(struct gateway *gateway, struct conn *conn, struct buf *answer)
{
    struct request request;
    request_read(&request, gateway_params(gateway));
    log_set_request(request.id);
    buf_reuse(answer);
    server_answer(&server, conn, &request, gateway_read, gateway, answer);
    gateway_answer(gateway, buf_span(answer));
    log_set_request((struct span){0});
}

static bool take(void *gateway)
{
    return gateway_accept(gateway);
}

static void work(struct crew_member *self, void *unused)
{
    struct conn *conn = conn_new(&conn_plan);
    struct gateway gateway;
    struct buf answer = {0};
    (void)unused;
    gateway_init(&gateway);
    while (crew_take(self, take, &gateway))
        serve(&gateway, conn, &answer);
    buf_free(&answer);
    conn_free(conn);
}

static bool is_well(void *crew)
{
    return crew_works(crew);
}

static void wait_for_signal(struct crew *crew, const sigset_t *stops)
{
    int signal = notify_until(stops, is_well, crew);
    notify_stopping();
    log_info("stopping", log_text("signal", signal == SIGTERM ? "TERM" : "INT"));
}

static _Noreturn void fail(const char *why)
{
    log_error(why);
    exit(EXIT_FAILURE);
}

/* The nursery is forked first: later there would be threads, and connections it has no business with. The signals are blocked
 * before there are threads, so that only the main thread takes them. */
static void prepare(sigset_t *stops)
{
    if (settings.decoders == 0)
        settings.decoders = yield_decoders();
    const struct nursery_plan nursery = {{settings.memory_mb, settings.seconds}, settings.seconds, settings.decoders};
    log_start("parley-image", (enum log_level)settings.log_level);
    notify_start();
    conn_plan = (struct conn_plan){settings.database, "parley-image", STATEMENT_TIMEOUT_MS, LOCK_TIMEOUT_MS, CONNECT_TIMEOUT_MS,
                                   settings.has_limits ? NULL : "-c parley.limits=off"};
    server.uploads_max = settings.threads / 2;
    if (!decoder_start(&server.decoder, &nursery))
        fail("cannot start the nursery of decoders");
    sigemptyset(stops);
    sigaddset(stops, SIGTERM);
    sigaddset(stops, SIGINT);
    pthread_sigmask(SIG_BLOCK, stops, NULL);
    if (sodium_init() < 0)
        fail("no source of random bytes");
    if (!accept_start(FCGI_LISTENSOCK_FILENO))
        fail("descriptor 0 is not a listening socket: start it with spawn-fcgi or a socket unit");
}

int main(int argc, char **argv)
{
    sigset_t stops;
    config_load("parley-image", "takes uploads and serves pictures", items, sizeof items / sizeof *items, argc, argv);
    prepare(&stops);
    const struct crew_plan plan = {.size = settings.threads, .wake = ACCEPT_WAKE, .work = work};
    struct crew *crew = crew_start(&plan);
    log_info("started", log_int("threads", settings.threads), log_int("decoders", settings.decoders));
    notify_ready();
    wait_for_signal(crew, &stops);
    accept_stop();
    if (!crew_stop(crew, STOP_WITHIN_MS)) {
        log_warn("stopped in the middle of requests");
        _exit(EXIT_SUCCESS);
    }
    log_info("stopped");
    return EXIT_SUCCESS;
}
