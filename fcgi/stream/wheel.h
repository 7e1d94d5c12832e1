/*
 * Timers in slots of some milliseconds: setting one and letting it go cost nothing, and it comes up to one slot late. The links
 * are embedded in their owners. A time beyond the wheel's turn comes up early: whoever takes it looks at its own clock.
 */
#pragma once

#include "base/list.h"

#include <stdint.h>

enum { WHEEL_SLOTS = 64 };

struct wheel {
    struct list slots[WHEEL_SLOTS];
    int64_t slot_ms, position;  /* the next slot to come up, counted since time 0 */
};

void wheel_init(struct wheel *wheel, int64_t slot_ms, int64_t now_ms);
void wheel_set(struct wheel *wheel, struct list *link, int64_t due_ms);  /* moves it when it was set before */
void wheel_take(struct wheel *wheel, int64_t now_ms, struct list *due);  /* moves what is due to a list */
