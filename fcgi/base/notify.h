/*
 * What systemd wants to hear of a service with Type=notify and WatchdogSec (sd_notify(3)): that it is ready, that it stops and,
 * again and again, that it is alive. Each is one datagram to the socket that NOTIFY_SOCKET names. libsystemd does no more than
 * that, and would bring its own libraries into programs that strangers talk to. Where nobody asked for it nothing happens.
 *
 * Who hangs shall be killed, so that it is alive may only be said by whoever has seen work go on, not by a timer of its own.
 */
#pragma once
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

void notify_start(void); /* before there are threads: takes what systemd says out of the environment */
void notify_ready(void);
void notify_stopping(void);
void notify_alive(int64_t now_ms); /* may be called often: a datagram is sent now and then; `now_ms` by clock_ms() */

/* Waits for one of the signals `stops`, blocked in all threads, and returns it; meanwhile says "alive" whenever `is_well` does. */
int notify_until(const sigset_t *stops, bool (*is_well)(void *owner), void *owner);
