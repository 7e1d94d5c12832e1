/*
 * The settings of parley-stream, read once at start from PARLEY_* variables (see --help) and constant from then on.
 */
#pragma once

#include <stdbool.h>

struct setting {
    int listening;                /* the socket for FastCGI */
    int listening_for_sockets;    /* the one for WebSockets, or LISTENING_NONE */
    const char *database;
    const char *api;         /* the socket of parley-api, for calls on WebSockets; empty: there are none */
    long accept_threads;
    long ring, ring_bytes;   /* events kept in memory, and about how much of it they may take */
    long queue_bytes;        /* a live reader with more than this unwritten lags: it goes on from the ring at its own pace */
    long lag_ms;             /* a lagging reader that takes nothing for so long is cut off */
    long ping_ms;
    long once_ms;            /* how long ?once=1 waits for an event */
    long retry_ms;           /* about when clients come back */
    long stuck_ms;           /* a reader that takes nothing for so long is cut off */
    long presence_ms;        /* how long changes of presence are gathered */
    long grace_ms;           /* how long one is still online after the last stream closed */
    long missed_limit;       /* a reader who missed more events starts afresh */
    bool limits;
    long streams;            /* open at a time; 0: as many as there are descriptors for */
    long streams_a_person, streams_an_address;
    long log_level;
};

extern struct setting setting;

void setting_load(int argc, char **argv);
