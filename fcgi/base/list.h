/*
 * Doubly linked lists whose links are embedded in their owners: an owner that stands on a list costs no allocation,
 * and leaves it without a search. A link that stands nowhere points at itself, so removing it twice is harmless.
 * A list owns nothing; whoever frees an owner removes its links first.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct list {
    struct list *prev, *next;
};

/* The owner of a link. */
#define LIST_OWNER(link, type, member) ((type *)(void *)((char *)(link) - offsetof(type, member)))

/* Walks a list; the body may remove the link that it stands on, and no other. */
#define LIST_EACH(head, link) \
    for (struct list *link = (head)->next, *link##_next = link->next; link != (head); link = link##_next, link##_next = link->next)

static inline void list_init(struct list *list)
{
    list->prev = list->next = list;
}

static inline bool list_is_empty(const struct list *list)
{
    return list->next == list;
}

/* The same test, for a link: does it stand on a list? */
static inline bool list_is_linked(const struct list *link)
{
    return link->next != link;
}

static inline void list_remove(struct list *link)
{
    link->prev->next = link->next;
    link->next->prev = link->prev;
    list_init(link);
}

/* At the end; the link must stand nowhere. */
static inline void list_append(struct list *list, struct list *link)
{
    link->prev = list->prev;
    link->next = list;
    list->prev->next = link;
    list->prev = link;
}

/* Takes the first link off; null when there is none. */
static inline struct list *list_take(struct list *list)
{
    struct list *first = list->next;
    if (first == list)
        return NULL;
    list_remove(first);
    return first;
}

/* Moves everything from one list to the end of another. */
static inline void list_move_all(struct list *from, struct list *to)
{
    if (list_is_empty(from))
        return;
    from->next->prev = to->prev;
    to->prev->next = from->next;
    from->prev->next = to;
    to->prev = from->prev;
    list_init(from);
}
