/*
 * Argon2id by libsodium. A hash costs 64 MB and some 50 ms, so only a few are worked on at a time and only some more may wait;
 * whoever comes on top is told to come back. Verifying for a name that has no password takes as long as for one that has.
 */
#pragma once
#include <stdbool.h>

enum { PASSWORD_HASH_SIZE = 128 };

enum password_verdict {
    PASSWORD_RIGHT,
    PASSWORD_WRONG,
    PASSWORD_BUSY /* too many at a time */
};

void password_start(void); /* once, before the threads */

enum password_verdict password_hash(char hash[static PASSWORD_HASH_SIZE], const char *password); /* PASSWORD_RIGHT: here it is */
enum password_verdict password_verify(const char *hash, const char *password);                   /* hash may be NULL: never right */
