/*
 * Turns: of what is dear, each person has one at a time. Who sends twelve texts at once has them judged one after the other, and the
 * connections that judge are left to others meanwhile. Only so many may wait, or one person could have all threads wait.
 */
#pragma once
#include <stdbool.h>
#include <stdint.h>

struct turns;

struct turns *turns_new(void);
void turns_free(struct turns *turns);

/* False when it did not come before the deadline; at once when too many of the person's wait already. */
bool turns_take(struct turns *turns, int64_t person, int64_t deadline_ms) __attribute__((warn_unused_result));
void turns_give_back(struct turns *turns, int64_t person);
