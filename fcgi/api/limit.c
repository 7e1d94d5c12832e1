#include "api/limit.h"

#include "base/mem.h"

#include <pthread.h>

enum {
    SHARDS = 64,       /* locks */
    SETS = 256,        /* in a shard */
    WAYS = 4,          /* buckets of a set: the one unused longest goes */
    ONE_REQUEST = 60000 /* so that a millisecond gives back as many parts as the rate has requests a minute */
};

struct bucket {
    uint64_t key; /* 0: free */
    int64_t at_ms;
    int64_t left; /* in parts of a request */
};

struct shard {
    pthread_mutex_t lock;
    struct bucket buckets[SETS][WAYS];
};

struct limits {
    _Atomic int64_t posts_per_minute, people_per_address;
    struct shard shards[SHARDS];
};

struct rate {
    int64_t burst, per_minute; /* what may come at once, and how much of that comes back */
};

static const struct rate rates[LIMIT_CLASSES] = {
    [LIMIT_READ] = {200, 2400},
    [LIMIT_WRITE] = {60, 600},
    [LIMIT_PASSING] = {40, 300},
    [LIMIT_COSTLY] = {20, 120},
    [LIMIT_SIGN_IN] = {60, 120},
};

struct limits *limits_new(void)
{
    struct limits *limits = mem_zeroed(sizeof *limits);
    limits->posts_per_minute = 120;
    limits->people_per_address = 100;
    for (int i = 0; i < SHARDS; i++)
        pthread_mutex_init(&limits->shards[i].lock, NULL);
    return limits;
}

void limits_free(struct limits *limits)
{
    for (int i = 0; i < SHARDS; i++)
        pthread_mutex_destroy(&limits->shards[i].lock);
    mem_free(limits);
}

void limits_set_posts(struct limits *limits, int64_t per_minute, int64_t people_per_address)
{
    limits->posts_per_minute = per_minute;
    limits->people_per_address = people_per_address;
}

static struct rate rate_of(const struct limits *limits, enum limit_class class)
{
    int64_t posts = limits->posts_per_minute;
    if (class == LIMIT_POST_OF_ADDRESS)
        posts *= limits->people_per_address;
    return class == LIMIT_POST || class == LIMIT_POST_OF_ADDRESS ? (struct rate){posts, posts} : rates[class];
}

/* FNV-1a of the class as a byte and then of who asks (a person's number, an address, the hash of a token), with a final mix. */
static uint64_t key_of(enum limit_class class, struct span who)
{
    uint64_t key = (14695981039346656037u ^ (uint64_t)class) * 1099511628211u;
    for (size_t i = 0; i < who.length; i++)
        key = (key ^ (unsigned char)who.at[i]) * 1099511628211u;
    key ^= key >> 29;
    key *= 0xbf58476d1ce4e5b9u;
    key ^= key >> 32;
    return key ? key : 1;
}

static struct bucket *find(struct bucket ways[WAYS], uint64_t key, struct rate rate, int64_t now_ms)
{
    struct bucket *oldest = &ways[0];
    for (int i = 0; i < WAYS; i++) {
        if (ways[i].key == key)
            return &ways[i];
        if (ways[i].at_ms < oldest->at_ms)
            oldest = &ways[i];
    }
    *oldest = (struct bucket){.key = key, .at_ms = now_ms, .left = rate.burst * ONE_REQUEST};
    return oldest;
}

static void refill(struct bucket *bucket, struct rate rate, int64_t now_ms)
{
    int64_t full = rate.burst * ONE_REQUEST;
    int64_t passed_ms = now_ms > bucket->at_ms ? now_ms - bucket->at_ms : 0;
    if (passed_ms > full / rate.per_minute)
        bucket->left = full;
    else
        bucket->left += passed_ms * rate.per_minute;
    if (bucket->left > full)
        bucket->left = full;
    bucket->at_ms = now_ms;
}

static int take(struct bucket *bucket, struct rate rate, int64_t now_ms)
{
    refill(bucket, rate, now_ms);
    if (bucket->left < ONE_REQUEST)
        return (int)((ONE_REQUEST - bucket->left) / (rate.per_minute * 1000)) + 1;
    bucket->left -= ONE_REQUEST;
    return 0;
}

int limits_take(struct limits *limits, enum limit_class class, struct span who, int64_t now_ms)
{
    if (class == LIMIT_NONE)
        return 0;
    struct rate rate = rate_of(limits, class);
    if (!rate.per_minute)
        return 0;
    uint64_t key = key_of(class, who);
    struct shard *shard = &limits->shards[key % SHARDS];
    pthread_mutex_lock(&shard->lock);
    int wait_s = take(find(shard->buckets[key / SHARDS % SETS], key, rate, now_ms), rate, now_ms);
    pthread_mutex_unlock(&shard->lock);
    return wait_s;
}
