#include "base/listening.h"

#include "base/span.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FIRST_NAMED = 3 };

/* LISTEN_PID says whom the descriptors are for, so that they are not taken for those of a grandchild. */
static bool are_for_us(void)
{
    const char *pid = getenv("LISTEN_PID");
    return !pid || strtol(pid, NULL, 10) == getpid();
}

int listening_socket(const char *name, const char *main)
{
    const char *names = getenv("LISTEN_FDNAMES");
    const char *count = getenv("LISTEN_FDS");
    if (!names || !count || !are_for_us())
        return strcmp(name, main) == 0 ? STDIN_FILENO : LISTENING_NONE;
    struct span rest = span_of(names);
    long left = strtol(count, NULL, 10);
    for (int descriptor = FIRST_NAMED; left > 0 && rest.length; descriptor++, left--)
        if (span_is(span_cut(&rest, ':'), name))
            return descriptor;
    return LISTENING_NONE;
}
