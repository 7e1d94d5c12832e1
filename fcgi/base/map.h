/*
 * A small hash map from 64-bit numbers to pointers: open addressing, so that a look-up is one or two cache lines.
 * The map owns its slots, never the values. A value is never null: null means "not there".
 * Not for keys that a stranger chooses freely among all numbers: mix a secret in first (see map_mix).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct map_slot {
    uint64_t key;
    void *value;
};

struct map {
    struct map_slot *slots;
    size_t size, count;  /* size is 0 or a power of two, at most 3/4 full */
};

/* A map of zeroes is an empty map. */
void map_free(struct map *map);

void *map_get(const struct map *map, uint64_t key);
void map_put(struct map *map, uint64_t key, void *value);  /* adds or replaces */
void *map_remove(struct map *map, uint64_t key);           /* gives what was there, or null */

static inline bool map_is_empty(const struct map *map)
{
    return map->count == 0;
}

/* Walks all values in no order: start with *position = 0, until it gives null. The map must not change meanwhile. */
void *map_next(const struct map *map, size_t *position);

/* Spreads the bits of a number over all 64. */
uint64_t map_mix(uint64_t key);
