#include "base/crew.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

enum { BETWEEN_WAKES_MS = 2 };

struct crew_member {
    pthread_t thread;
    const struct crew_plan *plan;
    atomic_bool is_free, has_ended;
    atomic_uint taken;
};

struct crew {
    struct crew_plan plan;
    unsigned taken; /* by all, at the last look */
    struct crew_member members[];
};

static void *begin(void *given)
{
    struct crew_member *self = given;
    self->plan->work(self, self->plan->owner);
    atomic_store(&self->has_ended, true);
    return NULL;
}

struct crew *crew_start(const struct crew_plan *plan)
{
    struct crew *crew = mem_zeroed(sizeof *crew + (size_t)plan->size * sizeof *crew->members);
    pthread_attr_t attributes;
    crew->plan = *plan;
    pthread_attr_init(&attributes);
    if (plan->stack_bytes)
        pthread_attr_setstacksize(&attributes, plan->stack_bytes);
    for (long i = 0; i < plan->size; i++) {
        crew->members[i].plan = &crew->plan;
        atomic_store(&crew->members[i].is_free, true); /* also while it has not begun: nothing keeps it from the next request */
        if (pthread_create(&crew->members[i].thread, &attributes, begin, &crew->members[i]) != 0) {
            log_error("cannot start a thread", log_int("started", i));
            exit(EXIT_FAILURE);
        }
    }
    pthread_attr_destroy(&attributes);
    return crew;
}

bool crew_take(struct crew_member *self, bool (*take)(void *door), void *door)
{
    atomic_store(&self->is_free, true);
    bool has_request = take(door);
    atomic_store(&self->is_free, false);
    atomic_fetch_add(&self->taken, 1);
    return has_request;
}

bool crew_works(struct crew *crew)
{
    bool is_any_free = false;
    unsigned taken = 0;
    for (long i = 0; i < crew->plan.size; i++) {
        is_any_free |= atomic_load(&crew->members[i].is_free);
        taken += atomic_load(&crew->members[i].taken);
    }
    bool has_moved = taken != crew->taken;
    crew->taken = taken;
    return is_any_free || has_moved;
}

static bool wake_all(struct crew *crew)
{
    bool have_all_ended = true;
    for (long i = 0; i < crew->plan.size; i++)
        if (!atomic_load(&crew->members[i].has_ended)) {
            have_all_ended = false;
            pthread_kill(crew->members[i].thread, crew->plan.wake);
        }
    return have_all_ended;
}

/* Woken again and again: a signal may come just before the wait that it is meant to end. */
bool crew_stop(struct crew *crew, int64_t within_ms)
{
    int64_t deadline = clock_ms() + within_ms;
    while (!wake_all(crew)) {
        if (clock_ms() > deadline)
            return false;
        nanosleep(&(struct timespec){.tv_nsec = BETWEEN_WAKES_MS * 1000000L}, NULL);
    }
    for (long i = 0; i < crew->plan.size; i++)
        pthread_join(crew->members[i].thread, NULL);
    mem_free(crew);
    return true;
}
