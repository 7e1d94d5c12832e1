/*
 * What stands behind a descriptor in the epoll set: embedded first in its owner, so that the loop knows what it got.
 */
#pragma once

enum watch_kind { WATCH_READER, WATCH_FEED, WATCH_LOADER, WATCH_ARRIVALS, WATCH_SIGNALS, WATCH_DOOR, WATCH_NEWCOMER, WATCH_CALL,
                  WATCH_NOBODY /* who left in this turn, and is freed at its end */ };

struct watch {
    enum watch_kind kind;
};
