#include "api/turns.h"

#include "base/mem.h"

#include <assert.h>
#include <pthread.h>
#include <stddef.h>
#include <time.h>

enum { TURNS_MAX = 1024 }; /* as many as there can be threads (api/main.c), each of which has one at a time */

struct turns {
    pthread_mutex_t lock;
    pthread_cond_t given_back;
    int64_t people[TURNS_MAX]; /* whose turn it is */
    size_t count;
};

struct turns *turns_new(void)
{
    struct turns *turns = mem_zeroed(sizeof *turns);
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&turns->given_back, &attributes);
    pthread_condattr_destroy(&attributes);
    pthread_mutex_init(&turns->lock, NULL);
    return turns;
}

void turns_free(struct turns *turns)
{
    pthread_cond_destroy(&turns->given_back);
    pthread_mutex_destroy(&turns->lock);
    mem_free(turns);
}

/* Their place in the list; the count when they have no turn. */
static size_t place_of(const struct turns *turns, int64_t person)
{
    size_t place = 0;
    while (place < turns->count && turns->people[place] != person)
        place++;
    return place;
}

bool turns_take(struct turns *turns, int64_t person, int64_t deadline_ms)
{
    struct timespec deadline = {.tv_sec = deadline_ms / 1000, .tv_nsec = deadline_ms % 1000 * 1000000};
    int result = 0;
    pthread_mutex_lock(&turns->lock);
    while (place_of(turns, person) < turns->count && result == 0)
        result = pthread_cond_timedwait(&turns->given_back, &turns->lock, &deadline);
    bool is_free = place_of(turns, person) == turns->count;
    if (is_free) {
        assert(turns->count < TURNS_MAX);
        turns->people[turns->count++] = person;
    }
    pthread_mutex_unlock(&turns->lock);
    return is_free;
}

void turns_give_back(struct turns *turns, int64_t person)
{
    pthread_mutex_lock(&turns->lock);
    size_t place = place_of(turns, person);
    assert(place < turns->count);
    turns->people[place] = turns->people[--turns->count];
    pthread_cond_broadcast(&turns->given_back);
    pthread_mutex_unlock(&turns->lock);
}
