#include "api/guard.h"

#include "base/mem.h"
#include "wire/network.h"

#include <jansson.h>
#include <pthread.h>
#include <stdatomic.h>

enum { ASK_AGAIN_MS = 1000 };

struct guard {
    _Atomic int64_t due_ms;
    atomic_bool judges;
    _Atomic size_t count;    /* of networks: the common case is 0, without the lock */
    pthread_mutex_t lock;    /* guards the list */
    struct network *networks;
};

struct guard *guard_new(void)
{
    struct guard *guard = mem_zeroed(sizeof *guard);
    pthread_mutex_init(&guard->lock, NULL);
    return guard;
}

void guard_free(struct guard *guard)
{
    pthread_mutex_destroy(&guard->lock);
    mem_free(guard->networks);
    mem_free(guard);
}

bool guard_is_due(struct guard *guard, int64_t now_ms)
{
    int64_t due_ms = guard->due_ms;
    return now_ms >= due_ms && atomic_compare_exchange_strong(&guard->due_ms, &due_ms, now_ms + ASK_AGAIN_MS);
}

bool guard_judges(const struct guard *guard)
{
    return guard->judges;
}

static size_t read_networks(struct network *networks, const json_t *list)
{
    size_t index, count = 0;
    json_t *text;
    json_array_foreach(list, index, text)
        if (json_is_string(text) && network_parse(&networks[count], span_of(json_string_value(text))))
            count++;
    return count;
}

void guard_take(struct guard *guard, struct span answer)
{
    json_t *json = json_loadb(answer.at, answer.length, 0, NULL);
    const json_t *list = json_object_get(json, "networks");
    if (json_is_array(list)) {
        struct network *networks = mem_alloc((json_array_size(list) + 1) * sizeof *networks);
        guard->judges = json_is_true(json_object_get(json, "judges"));
        pthread_mutex_lock(&guard->lock);
        mem_free(guard->networks);
        guard->networks = networks;
        guard->count = read_networks(networks, list);
        pthread_mutex_unlock(&guard->lock);
    }
    json_decref(json);
}

bool guard_shuts_out(struct guard *guard, struct span address)
{
    struct address from;
    bool is_out = false;
    if (!guard->count || !address_parse(&from, address))
        return false;
    pthread_mutex_lock(&guard->lock);
    for (size_t i = 0; i < guard->count && !is_out; i++)
        is_out = network_holds(&guard->networks[i], &from);
    pthread_mutex_unlock(&guard->lock);
    return is_out;
}
