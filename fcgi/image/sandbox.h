/*
 * What is taken from a decoder before it sees a stranger's bytes: no files, no network, no programs, no other process, and only
 * so much memory and time. From sandbox_enter() on a process may compute, use the memory it gets, start threads, and read and
 * write what it holds open. There is no way back.
 */
#pragma once
#include <stdbool.h>

/* The shadow of a sanitizer takes terabytes of addresses: with one, memory has no bound. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANDBOX_HAS_SHADOW 1
#else
#define SANDBOX_HAS_SHADOW 0
#endif

struct sandbox_plan {
    long memory_mb;   /* address space beyond what the process has already */
    long cpu_seconds;
};

bool sandbox_enter(const struct sandbox_plan *plan) __attribute__((warn_unused_result));
