#include "image/yield.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { NICENESS = 10, DECODERS_MAX = 2, SLICE_NS = 100 * 1000 * 1000 };

/*
 * Where Linux shares processors between sessions first (sched(7), autogroup), niceness holds only within one: so the nursery gets a
 * session of its own, which is nice as a whole. Elsewhere there is nothing to write to, and its own is enough.
 */
static void be_nice(void)
{
    char text[8];
    int length = snprintf(text, sizeof text, "%d", NICENESS);
    (void)!nice(NICENESS);
    (void)setsid();
    int autogroup = open("/proc/self/autogroup", O_WRONLY | O_CLOEXEC);
    if (autogroup < 0)
        return;
    for (int tries = 0; tries < 10 && write(autogroup, text, (size_t)length) < 0 && errno == EAGAIN; tries++)
        poll(NULL, 0, 110); /* the kernel takes one of these in a tenth of a second */
    close(autogroup);
}

/* The last ones of those that we may use, as many as there are decoders, so that the nursery wakes up where they run. */
static void keep_to_few_processors(long decoders)
{
    cpu_set_t usable, few;
    if (sched_getaffinity(0, sizeof usable, &usable) < 0)
        return;
    CPU_ZERO(&few);
    for (int i = CPU_SETSIZE - 1; i >= 0 && CPU_COUNT(&few) < decoders; i--)
        if (CPU_ISSET(i, &usable))
            CPU_SET(i, &few);
    (void)!sched_setaffinity(0, sizeof few, &few);
}

void yield_as_nursery(long decoders)
{
    be_nice();
    keep_to_few_processors(decoders);
}

/* struct sched_attr of Linux 3.14, of which libc 2.36 has no declaration: sched_setattr(2). */
struct attributes {
    uint32_t size, policy;
    uint64_t flags;
    int32_t nice;
    uint32_t priority;
    uint64_t runtime, deadline, period;
};

/*
 * An idle task counts as none when the kernel looks for a processor for somebody who wakes up, and since Linux 6.12 whoever asks for
 * shorter slices need not wait for the end of this one's; the slice is asked for first, for an idle task may not ask.
 */
void yield_as_decoder(void)
{
    const struct attributes long_slice = {.size = sizeof long_slice, .policy = SCHED_OTHER, .nice = getpriority(PRIO_PROCESS, 0),
                                          .runtime = SLICE_NS};
    (void)!syscall(SYS_sched_setattr, 0, &long_slice, 0);
    (void)!sched_setscheduler(0, SCHED_IDLE, &(struct sched_param){0});
}

long yield_decoders(void)
{
    cpu_set_t usable;
    long processors = sched_getaffinity(0, sizeof usable, &usable) < 0 ? 1 : CPU_COUNT(&usable);
    return processors > DECODERS_MAX ? DECODERS_MAX : processors > 1 ? processors - 1 : 1;
}
