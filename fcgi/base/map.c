#include "base/map.h"

#include "base/mem.h"

#include <assert.h>
#include <stdbool.h>

enum {FIRST_SIZE = 16};

uint64_t map_mix(uint64_t key)
{
    key = (key ^ (key >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    key = (key ^ (key >> 27)) * UINT64_C(0x94d049bb133111eb);
    return key ^ (key >> 31);
}

/* The slot that has the key, or the empty one where it would go. */
static struct map_slot *find_slot(const struct map *map, uint64_t key)
{
    size_t mask = map->size - 1;
    size_t i = map_mix(key) & mask;
    while (map->slots[i].value && map->slots[i].key != key)
        i = (i + 1) & mask;
    return &map->slots[i];
}

static void resize(struct map *map, size_t size)
{
    struct map old = *map;
    map->slots = mem_zeroed(size * sizeof *map->slots);
    map->size = size;
    for (size_t i = 0; i < old.size; i++) {
        if (old.slots[i].value)
            *find_slot(map, old.slots[i].key) = old.slots[i];
    }
    mem_free(old.slots);
}

void map_free(struct map *map)
{
    mem_free(map->slots);
    *map = (struct map){0};
}

void *map_get(const struct map *map, uint64_t key)
{
    return map->count == 0 ? NULL : find_slot(map, key)->value;
}

void map_put(struct map *map, uint64_t key, void *value)
{
    struct map_slot *slot;
    assert(value);
    if (map->count + 1 > map->size / 4 * 3)
        resize(map, map->size == 0 ? FIRST_SIZE : map->size * 2);
    slot = find_slot(map, key);
    if (!slot->value)
        map->count++;
    *slot = (struct map_slot){.key = key, .value = value};
}

/* Closes the gap at `hole`: later entries of the same run move up when their own place allows it. */
static void close_gap(struct map *map, size_t hole)
{
    size_t mask = map->size - 1;
    for (size_t i = (hole + 1) & mask; map->slots[i].value; i = (i + 1) & mask) {
        size_t home = map_mix(map->slots[i].key) & mask;
        if (((i - home) & mask) >= ((i - hole) & mask)) {
            map->slots[hole] = map->slots[i];
            hole = i;
        }
    }
    map->slots[hole] = (struct map_slot){0};
}

void *map_remove(struct map *map, uint64_t key)
{
    struct map_slot *slot;
    void *value;
    if (map->count == 0)
        return NULL;
    slot = find_slot(map, key);
    value = slot->value;
    if (value) {
        map->count--;
        close_gap(map, (size_t)(slot - map->slots));
    }
    return value;
}

void *map_next(const struct map *map, size_t *position)
{
    while (*position < map->size) {
        void *value = map->slots[(*position)++].value;
        if (value)
            return value;
    }
    return NULL;
}
