/* Condition variables whose waits end at a deadline of clock_ms(), which never steps. Everything else is as in pthreads. */
#pragma once
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

void cond_init(pthread_cond_t *cond); /* end it with pthread_cond_destroy() */

/* Waits once, with the lock held; false when the deadline has passed. What was waited for is to be looked at either way. */
bool cond_wait_until(pthread_cond_t *cond, pthread_mutex_t *lock, int64_t deadline_ms);
