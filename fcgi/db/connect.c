#include "db/connect.h"

#include <stdbool.h>
#include <string.h>

static bool names_several_hosts(const char *conninfo)
{
    char *ignored = NULL;
    bool several = false;
    PQconninfoOption *options = PQconninfoParse(conninfo, &ignored);
    for (PQconninfoOption *option = options; option && option->keyword; option++)
        if ((strcmp(option->keyword, "host") == 0 || strcmp(option->keyword, "hostaddr") == 0) && option->val)
            several = several || strchr(option->val, ',');
    PQconninfoFree(options);
    PQfreemem(ignored);
    return several;
}

/* What PostgreSQL has to say beside its answers would go to stderr, among the lines of the log. */
static void ignore_notice(void *unused, const char *message)
{
    (void)unused;
    (void)message;
}

PGconn *connect_start(const char *conninfo, const char *name, const char *options)
{
    /* A later word wins over an earlier one: what stands before dbname is a default, what stands behind it is not for PARLEY_DB to say.
     * Idle: probes after 5 s, three of them at 2 s; with something unacknowledged: 10 s. */
    const char *const keywords[] = {"keepalives_idle", "keepalives_interval", "keepalives_count", "tcp_user_timeout",
                                    "target_session_attrs", "dbname", "application_name", "client_encoding", "options", NULL};
    const char *const values[] = {"5", "2", "3", "10000", names_several_hosts(conninfo) ? "read-write" : "any",
                                  conninfo, name, "UTF8", options, NULL};
    PGconn *pg = PQconnectStartParams(keywords, values, 1);
    if (pg)
        PQsetNoticeProcessor(pg, ignore_notice, NULL);
    return pg;
}
