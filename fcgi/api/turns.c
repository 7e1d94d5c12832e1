#include "api/turns.h"

#include "base/cond.h"
#include "base/mem.h"

#include <assert.h>
#include <pthread.h>
#include <stddef.h>

enum {
    TURNS_MAX = 1024, /* as many as there can be threads (api/main.c), each of which has one at a time, or waits for one */
    WAITING_MAX = 16  /* of one person: each of them keeps a thread */
};

/* Of a person who has a turn, or waits for one. */
struct place {
    int64_t person;
    size_t waiting;
    bool is_taken;
};

struct turns {
    pthread_mutex_t lock;
    pthread_cond_t given_back;
    struct place places[TURNS_MAX];
    size_t count;
};

struct turns *turns_new(void)
{
    struct turns *turns = mem_zeroed(sizeof *turns);
    cond_init(&turns->given_back);
    pthread_mutex_init(&turns->lock, NULL);
    return turns;
}

void turns_free(struct turns *turns)
{
    pthread_cond_destroy(&turns->given_back);
    pthread_mutex_destroy(&turns->lock);
    mem_free(turns);
}

/* Good until a turn is given back. One that is not there yet is free. */
static struct place *place_of(struct turns *turns, int64_t person)
{
    size_t place = 0;
    while (place < turns->count && turns->places[place].person != person)
        place++;
    if (place == turns->count) {
        assert(turns->count < TURNS_MAX);
        turns->places[turns->count++] = (struct place){.person = person};
    }
    return &turns->places[place];
}

/* Under the lock; the place stays there while somebody waits for it. */
static void wait_for(struct turns *turns, int64_t person, int64_t deadline_ms)
{
    bool is_time_left = true;
    place_of(turns, person)->waiting++;
    while (place_of(turns, person)->is_taken && is_time_left)
        is_time_left = cond_wait_until(&turns->given_back, &turns->lock, deadline_ms);
    place_of(turns, person)->waiting--;
}

bool turns_take(struct turns *turns, int64_t person, int64_t deadline_ms)
{
    pthread_mutex_lock(&turns->lock);
    struct place *place = place_of(turns, person);
    if (place->is_taken && place->waiting < WAITING_MAX) {
        wait_for(turns, person, deadline_ms);
        place = place_of(turns, person);
    }
    bool is_free = !place->is_taken;
    place->is_taken = true;
    pthread_mutex_unlock(&turns->lock);
    return is_free;
}

void turns_give_back(struct turns *turns, int64_t person)
{
    pthread_mutex_lock(&turns->lock);
    struct place *place = place_of(turns, person);
    assert(place->is_taken);
    place->is_taken = false;
    if (place->waiting)
        pthread_cond_broadcast(&turns->given_back);
    else
        *place = turns->places[--turns->count];
    pthread_mutex_unlock(&turns->lock);
}
