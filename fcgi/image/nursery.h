/*
 * The process that decoders are born from. It is forked before this program has threads, starts libvips once, and from then on
 * forks a fresh decoder for every file, so that no file meets what another one left behind. It watches them, kills whoever takes
 * too long, and buries them; all of them yield (image/yield). It never reads a byte of a file, and ends with the process that started it.
 */
#pragma once
#include "image/sandbox.h"

#include <stdbool.h>

struct nursery_plan {
    struct sandbox_plan sandbox;
    long seconds;  /* a decoder's life */
    long decoders; /* so many at a time, of whoever asks */
};

enum { NURSERY_CHILDREN_MAX = 64 };

/* Forks it; gives our end of its socket, or -1. `plan` is copied. To be called while there is one thread. */
int nursery_start(const struct nursery_plan *plan);

/*
 * Asks for a decoder, which gets copies of both descriptors: the file, and where the result goes (image/picture). The answer is the end of
 * what comes there. False when the nursery is gone. Any thread may request.
 */
bool nursery_ask(int nursery, int file, int result) __attribute__((warn_unused_result));

bool nursery_is_gone(int nursery); /* whoever was asked for before will not come, then */
