/*
 * From an arrival to a live stream: sessions are looked up in batches, then each reader gets what it missed since its cursor,
 * from the ring where that reaches back far enough, else page by page from the log, and joins the live ones without a gap.
 * Everything is paced by what the reader takes, so those who come back cost no more memory than the others.
 */
#pragma once

#include <stdbool.h>

struct hub;
struct reader;

/* What the loader may ask for (loader.h): true when it did. */
bool resume_ask_load(struct hub *hub);
bool resume_ask_missed(struct hub *hub);
bool resume_ask_replay(struct hub *hub);

/* Catching up: queues some more, or makes the reader live. */
void resume_go_on(struct hub *hub, struct reader *reader);

/* The hub's position moved: readers that waited for it begin. */
void resume_wake(struct hub *hub);

/* The reader is looked up again (its session may have ended, the log may be another one) and goes on where it stands. */
void resume_again(struct hub *hub, struct reader *reader);
