/*
 * Where WebSockets come in: the second listening socket, behind nginx's proxy_pass. Reads the opening handshake, refuses what is none
 * and what a page of another site sent, and makes a reader of the rest; the answer to the handshake is given when its session is known.
 */
#pragma once

#include "stream/watch.h"

struct door;
struct hub;

/* `listening` may be LISTENING_NONE: then nobody comes. */
struct door *door_open(struct hub *hub, int listening);
void door_free(struct hub *hub);

void door_accept(struct hub *hub);                       /* somebody knocks */
void door_read(struct hub *hub, struct watch *newcomer); /* somebody in it speaks */
void door_tick(struct hub *hub);                         /* who does not speak goes */
void door_free_gone(struct hub *hub);                    /* at the end of a turn */
void door_stop(struct hub *hub);                         /* no more: what is not accepted stays for the next process */
