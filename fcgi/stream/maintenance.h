/*
 * Tidying: calls api.maintain() on a connection and a thread of its own, so that no stream waits for it. The database sees to it
 * that only one hub of all tidies at a time. While nothing happens it asks once a minute, and then nothing is written.
 */
#pragma once

#include <stdint.h>

void maintenance_start(void);

/* The log has come so far: there is something new to index. From the thread of the hub. */
void maintenance_note(int64_t position);
