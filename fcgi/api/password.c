#include "api/password.h"

#include <assert.h>
#include <errno.h>
#include <semaphore.h>
#include <sodium.h>
#include <stdatomic.h>
#include <string.h>
#include <time.h>

enum {
    AT_A_TIME = 2,
    WAITING_MAX = 16,
    PATIENCE_S = 3
};

static_assert(PASSWORD_HASH_SIZE >= crypto_pwhash_STRBYTES, "libsodium's hashes fit");

static sem_t free_places;
static atomic_int waiting;

/* Of random bytes that nobody kept, at today's cost: what a name without a password is verified against. */
static const char hash_of_nobody[] = "$argon2id$v=19$m=65536,t=2,p=1$HEmrCCi/TfHVl+h96Wl91g$/YXhoUC64CzkvnHu+wW/5+5fyXDNO0DIV22iYvje/s4";

void password_start(void)
{
    sem_init(&free_places, 0, AT_A_TIME);
}

static bool take_place(void)
{
    struct timespec deadline;
    int result = -1;
    clock_gettime(CLOCK_MONOTONIC, &deadline);
    deadline.tv_sec += PATIENCE_S;
    if (atomic_fetch_add(&waiting, 1) < WAITING_MAX)
        while ((result = sem_clockwait(&free_places, CLOCK_MONOTONIC, &deadline)) != 0 && errno == EINTR)
            continue;
    atomic_fetch_sub(&waiting, 1);
    return result == 0;
}

enum password_verdict password_hash(char hash[static PASSWORD_HASH_SIZE], const char *password)
{
    if (!take_place())
        return PASSWORD_BUSY;
    bool is_done = crypto_pwhash_str(hash, password, strlen(password), crypto_pwhash_OPSLIMIT_INTERACTIVE,
                                     crypto_pwhash_MEMLIMIT_INTERACTIVE) == 0;
    sem_post(&free_places);
    return is_done ? PASSWORD_RIGHT : PASSWORD_BUSY; /* it only fails for want of memory */
}

enum password_verdict password_verify(const char *hash, const char *password)
{
    if (!take_place())
        return PASSWORD_BUSY;
    bool is_right = crypto_pwhash_str_verify(hash ? hash : hash_of_nobody, password, strlen(password)) == 0;
    sem_post(&free_places);
    return is_right && hash ? PASSWORD_RIGHT : PASSWORD_WRONG;
}
