/*
 * The listening sockets that a program was started with. With one it is descriptor 0, as FastCGI has it. With several they are named,
 * as systemd has it (sd_listen_fds(3)): LISTEN_FDS of them from descriptor 3 on, LISTEN_FDNAMES with colons between.
 */
#pragma once

enum { LISTENING_NONE = -1 };

/* The socket of a name; descriptor 0 stands in for the name `main` when there are no names. LISTENING_NONE when it is not there. */
int listening_socket(const char *name, const char *main);
