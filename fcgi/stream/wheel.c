#include "stream/wheel.h"

void wheel_init(struct wheel *wheel, int64_t slot_ms, int64_t now_ms)
{
    wheel->slot_ms = slot_ms > 0 ? slot_ms : 1;
    wheel->position = now_ms / wheel->slot_ms;
    for (size_t i = 0; i < WHEEL_SLOTS; i++)
        list_init(&wheel->slots[i]);
}

void wheel_set(struct wheel *wheel, struct list *link, int64_t due_ms)
{
    int64_t slot = due_ms / wheel->slot_ms + 1;
    if (slot < wheel->position)
        slot = wheel->position;
    if (slot >= wheel->position + WHEEL_SLOTS)
        slot = wheel->position + WHEEL_SLOTS - 1;
    list_remove(link);
    list_append(&wheel->slots[slot % WHEEL_SLOTS], link);
}

void wheel_take(struct wheel *wheel, int64_t now_ms, struct list *due)
{
    int64_t last = now_ms / wheel->slot_ms;
    if (last - wheel->position >= WHEEL_SLOTS)
        wheel->position = last - WHEEL_SLOTS + 1;
    for (; wheel->position <= last; wheel->position++)
        list_move_all(&wheel->slots[wheel->position % WHEEL_SLOTS], due);
}
