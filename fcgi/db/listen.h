/*
 * One connection to PostgreSQL for a program that lives in an epoll loop: it connects, LISTENs, prepares its statements,
 * asks one question at a time and never blocks. It comes back by itself, with a capped back-off; what a lost question
 * meant is for the owner to repeat. It knows nothing of what is asked, and it does no epoll: the owner watches
 * listen_socket() and says when it is ready and how late it is. (Only host names are looked up in place: use addresses
 * or socket folders in PARLEY_DB where the name service may be slow.)
 *
 * Hooks run inside listen_handle() and listen_tick(), and may call listen_ask(). Rows and texts that are handed to a
 * hook live until it returns. The plan and its strings must outlive the connection.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct listen;
struct rows;

struct listen_plan {
    const char *conninfo;
    const char *name;                /* application_name, seen in pg_stat_activity */
    const char *const *channels;     /* LISTENed before anything is asked */
    size_t channel_count;
    const char *const *statements;   /* prepared at connect; named by their index */
    size_t statement_count;
};

struct listen_hooks {
    void (*on_ready)(void *owner);                                              /* connected anew: nothing of before holds */
    void (*on_rows)(void *owner, const struct rows *rows);                      /* the answer; the next question may be asked */
    void (*on_refused)(void *owner, const char *sqlstate, const char *message); /* the question failed, the connection stands */
    void (*on_notification)(void *owner, const char *channel, const char *payload);
    void (*on_lost)(void *owner, const char *why);                              /* also when a connection was never made */
};

struct listen *listen_new(const struct listen_plan *plan, const struct listen_hooks *hooks, void *owner);
void listen_free(struct listen *listen);

int listen_socket(const struct listen *listen);         /* -1: none now. While connecting it may change at any step */
bool listen_wants_write(const struct listen *listen);   /* watch for writing, too */
bool listen_is_up(const struct listen *listen);         /* connected and prepared */
bool listen_is_idle(const struct listen *listen);       /* up, and no question is open */
int64_t listen_reconnects(const struct listen *listen); /* how many times it came back */

void listen_handle(struct listen *listen, int64_t now);  /* the socket is ready */
void listen_tick(struct listen *listen, int64_t now);    /* time went by: some times a second */

/* Asks prepared statement `statement` with text parameters (null: NULL). Only while idle. */
void listen_ask(struct listen *listen, size_t statement, const char *const *values, int count);
