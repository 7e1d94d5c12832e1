#include "api/known.h"

#include "base/mem.h"

#include <jansson.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    SHARDS = 64, /* locks */
    SETS = 256,  /* in a shard */
    WAYS = 4,    /* entries of a set: the one noted longest ago goes */
    KEY_DIGITS = 16,
    ASK_AGAIN_MS = 3600 * 1000
};

struct entry {
    uint64_t key; /* 0: free */
    struct known_person person;
    int64_t noted_ms;
};

struct shard {
    pthread_mutex_t lock;
    struct entry entries[SETS][WAYS];
};

struct known {
    struct shard shards[SHARDS];
};

struct known *known_new(void)
{
    struct known *known = mem_zeroed(sizeof *known);
    for (int i = 0; i < SHARDS; i++)
        pthread_mutex_init(&known->shards[i].lock, NULL);
    return known;
}

void known_free(struct known *known)
{
    for (int i = 0; i < SHARDS; i++)
        pthread_mutex_destroy(&known->shards[i].lock);
    mem_free(known);
}

/* 64 bits of a SHA-256: those of two people are the same once in a blue moon, and then they share a rate for an hour. */
static uint64_t key_of(const char *session)
{
    char digits[KEY_DIGITS + 1];
    snprintf(digits, sizeof digits, "%s", session);
    uint64_t key = strtoull(digits, NULL, 16);
    return key ? key : 1;
}

static struct entry *find(struct entry ways[WAYS], uint64_t key)
{
    struct entry *oldest = &ways[0];
    for (int i = 0; i < WAYS; i++) {
        if (ways[i].key == key)
            return &ways[i];
        if (ways[i].noted_ms < oldest->noted_ms)
            oldest = &ways[i];
    }
    return oldest;
}

struct known_person known_find(struct known *known, const char *session, int64_t now_ms)
{
    uint64_t key = key_of(session);
    struct shard *shard = &known->shards[key % SHARDS];
    pthread_mutex_lock(&shard->lock);
    struct entry entry = *find(shard->entries[key / SHARDS % SETS], key);
    pthread_mutex_unlock(&shard->lock);
    return entry.key == key && now_ms - entry.noted_ms < ASK_AGAIN_MS ? entry.person : (struct known_person){0};
}

void known_note(struct known *known, const char *session, struct known_person person, int64_t now_ms)
{
    uint64_t key = key_of(session);
    struct shard *shard = &known->shards[key % SHARDS];
    pthread_mutex_lock(&shard->lock);
    *find(shard->entries[key / SHARDS % SETS], key) = (struct entry){.key = key, .person = person, .noted_ms = now_ms};
    pthread_mutex_unlock(&shard->lock);
}

struct known_person known_of_sign_in(struct span answer)
{
    json_t *json = json_loadb(answer.at, answer.length, 0, NULL);
    const json_t *user = json_object_get(json, "user");
    const char *role = json_string_value(json_object_get(user, "role"));
    struct known_person person = {json_integer_value(json_object_get(user, "id")), role && strcmp(role, "guest") == 0};
    json_decref(json);
    return person;
}
