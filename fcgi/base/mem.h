/*
 * Memory that is there or ends the program: no caller has a branch for "out of memory". Sizes come from the program or from
 * bounds that were checked before, never straight from the network. What these give goes back by mem_free().
 */
#pragma once
#include <stddef.h>

void *mem_alloc(size_t size) __attribute__((malloc, returns_nonnull, warn_unused_result));
void *mem_zeroed(size_t size) __attribute__((malloc, returns_nonnull, warn_unused_result));
void *mem_grow(void *old, size_t size) __attribute__((returns_nonnull, warn_unused_result));
char *mem_copy_text(const char *text) __attribute__((malloc, returns_nonnull, warn_unused_result));
char *mem_copy_bytes(const void *bytes, size_t length) __attribute__((malloc, returns_nonnull, warn_unused_result)); /* adds a NUL */
void mem_free(void *memory);                                  /* NULL is fine */
