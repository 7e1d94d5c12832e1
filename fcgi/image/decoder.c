#include "image/decoder.h"

#include "base/clock.h"
#include "base/log.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { GRACE_MS = 2000, READ_SIZE = 64 << 10 }; /* the nursery kills in time; this is for when it does not */

bool decoder_start(struct decoder *decoder, const struct nursery_plan *plan)
{
    *decoder = (struct decoder){.nursery = nursery_start(plan), .seconds = plan->seconds};
    return decoder->nursery >= 0 && sem_init(&decoder->turns, 0, (unsigned)plan->decoders) == 0;
}

static bool take_turn(struct decoder *decoder)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += decoder->seconds;
    while (sem_clockwait(&decoder->turns, CLOCK_MONOTONIC, &until) < 0)
        if (errno != EINTR)
            return false;
    return true;
}

/* Reads to the end; false when it does not come in time, or with more than a picture can be. */
static bool read_result(int from, struct buf *sent, int64_t deadline_ms)
{
    struct pollfd ear = {.fd = from, .events = POLLIN};
    while (!sent->failed) {
        int ready = poll(&ear, 1, clock_left_ms(deadline_ms));
        if (ready == 0)
            return false;
        char *room = ready > 0 ? buf_room(sent, READ_SIZE) : NULL;
        ssize_t length = room ? read(from, room, READ_SIZE) : -1;
        if (length == 0)
            return true;
        if (length > 0)
            buf_added(sent, (size_t)length);
        else if (errno != EINTR)
            return false;
    }
    return false;
}

/* The program is of no use without its nursery, and cannot fork a new one beside its threads: it is started anew as a whole. */
static _Noreturn void give_up(void)
{
    log_error("the nursery is gone");
    _exit(EXIT_FAILURE);
}

static void decode_elsewhere(const struct decoder *decoder, int file, struct picture *picture)
{
    struct buf sent;
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0) {
        picture->verdict = PICTURE_NO_DECODER;
        return;
    }
    buf_init(&sent, PICTURE_HEADER_SIZE + 2 * (size_t)PICTURE_BYTES_MAX + READ_SIZE);
    if (!nursery_ask(decoder->nursery, file, ends[1]))
        give_up();
    close(ends[1]);
    bool has_ended = read_result(ends[0], &sent, clock_ms() + decoder->seconds * 1000 + GRACE_MS);
    if (!sent.length && nursery_is_gone(decoder->nursery))
        give_up(); /* it was asked while it died: that is not the picture's fault */
    if (has_ended)
        picture_take(picture, buf_span(&sent));
    else
        picture->verdict = PICTURE_TOO_HARD;
    close(ends[0]);
    buf_free(&sent);
}

void decoder_decode(struct decoder *decoder, int file, struct picture *picture)
{
    if (!take_turn(decoder)) {
        picture->verdict = PICTURE_NO_DECODER;
        return;
    }
    decode_elsewhere(decoder, file, picture);
    sem_post(&decoder->turns);
}
