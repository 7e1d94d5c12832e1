#include "image/nursery.h"

#include "base/clock.h"
#include "base/log.h"
#include "image/decode.h"
#include "image/picture.h"
#include "image/yield.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

struct child {
    pid_t pid;       /* 0: the place is free */
    int result;      /* kept until its death: it may be us who has to say how it ended */
    int64_t due_at;
    bool overdue;    /* killed for it */
};

struct nursery {
    struct nursery_plan plan;
    int socket, deaths;
    struct child children[NURSERY_CHILDREN_MAX];
};

/* --- the decoder ---------------------------------------------------------------------------------------------------------- */

static bool write_all(int to, const void *bytes, size_t length)
{
    const char *at = bytes;
    while (length > 0) {
        ssize_t written = write(to, at, length);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return false;
        at += written;
        length -= (size_t)written;
    }
    return true;
}

static bool send_picture(int to, const struct picture *picture)
{
    unsigned char header[PICTURE_HEADER_SIZE];
    picture_pack_header(header, picture);
    return write_all(to, header, sizeof header)
        && (picture->verdict != PICTURE_FINE
            || (write_all(to, picture->bytes.bytes, picture->bytes.length) && write_all(to, picture->thumb.bytes, picture->thumb.length)));
}

static bool map_file(int file, struct span *bytes)
{
    struct stat about;
    *bytes = (struct span){0};
    if (fstat(file, &about) < 0 || about.st_size <= 0)
        return false;
    void *at = mmap(NULL, (size_t)about.st_size, PROT_READ, MAP_PRIVATE, file, 0);
    if (at == MAP_FAILED)
        return false;
    *bytes = (struct span){at, (size_t)about.st_size};
    return true;
}

/* Descriptors 0 to 2 are harmless, 3 is where the result goes, and there is no other. */
static bool keep_only(int result)
{
    enum { RESULT = 3 };
    if (result != RESULT && dup2(result, RESULT) < 0)
        return false;
#if !SANDBOX_HAS_SHADOW /* a sanitizer speaks on standard error */
    if (dup2(STDIN_FILENO, STDOUT_FILENO) < 0 || dup2(STDIN_FILENO, STDERR_FILENO) < 0)
        return false;
#endif
    return close_range(RESULT + 1, ~0U, 0) == 0;
}

static _Noreturn void be_decoder(const struct nursery_plan *plan, int file, int result)
{
    struct span bytes;
    struct picture picture;
    picture_init(&picture);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    yield_as_decoder();
    if (!map_file(file, &bytes) || !keep_only(result) || !sandbox_enter(&plan->sandbox))
        _exit(EXIT_FAILURE);
    decode_picture(bytes, &picture);
    _exit(send_picture(3, &picture) ? EXIT_SUCCESS : EXIT_FAILURE);
}

/* --- the nursery ---------------------------------------------------------------------------------------------------------- */

static struct child *find_child(struct nursery *nursery, pid_t pid)
{
    for (size_t i = 0; i < NURSERY_CHILDREN_MAX; i++)
        if (nursery->children[i].pid == pid)
            return &nursery->children[i];
    return NULL;
}

/* What is not the picture's fault. */
static void say_there_is_none(int result)
{
    struct picture picture;
    picture_init(&picture);
    picture.verdict = PICTURE_NO_DECODER;
    (void)!send_picture(result, &picture);
}

/* `result` is closed when the child has ended. */
static void give_birth(struct nursery *nursery, int file, int result)
{
    struct child *child = find_child(nursery, 0);
    pid_t pid = child ? fork() : -1;
    if (pid == 0)
        be_decoder(&nursery->plan, file, result);
    if (pid > 0) {
        *child = (struct child){.pid = pid, .result = result, .due_at = clock_ms() + nursery->plan.seconds * 1000};
        return;
    }
    log_error("no new decoder", log_text("why", child ? strerror(errno) : "too many"));
    say_there_is_none(result);
    close(result);
}

/* Two descriptors come with one byte. False when the program has gone. */
static bool hear(struct nursery *nursery)
{
    char byte;
    union {
        char bytes[CMSG_SPACE(2 * sizeof(int))];
        struct cmsghdr align;
    } control;
    struct iovec part = {&byte, 1};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = control.bytes, .msg_controllen = sizeof control.bytes};
    ssize_t length = recvmsg(nursery->socket, &message, MSG_CMSG_CLOEXEC);
    if (length <= 0)
        return length < 0 && errno == EINTR;
    struct cmsghdr *rights = CMSG_FIRSTHDR(&message);
    if (!rights || rights->cmsg_type != SCM_RIGHTS || rights->cmsg_len != CMSG_LEN(2 * sizeof(int)))
        return true;
    int descriptors[2];
    memcpy(descriptors, CMSG_DATA(rights), sizeof descriptors);
    give_birth(nursery, descriptors[0], descriptors[1]);
    close(descriptors[0]);
    return true;
}

/* Killed for its time, but others had the processors meanwhile: less than half of that time was its own. */
static bool was_starved(const struct nursery *nursery, const struct child *child, const struct rusage *used)
{
    int64_t own_ms = (used->ru_utime.tv_sec + used->ru_stime.tv_sec) * 1000 + (used->ru_utime.tv_usec + used->ru_stime.tv_usec) / 1000;
    return child->overdue && own_ms < nursery->plan.seconds * 1000 / 2;
}

static void note_death(const struct child *child, int status, bool is_starved)
{
    if (child->overdue)
        log_warn("decoder killed", log_text("why", is_starved ? "others had the processors" : "it took too long"));
    else if (WIFSIGNALED(status))
        log_warn("decoder died", log_text("signal", strsignal(WTERMSIG(status))));
    else if (WEXITSTATUS(status) != EXIT_SUCCESS)
        log_warn("decoder failed", log_int("status", WEXITSTATUS(status)));
}

static void bury(struct nursery *nursery)
{
    struct signalfd_siginfo ignored;
    struct rusage used;
    int status;
    pid_t pid;
    (void)!read(nursery->deaths, &ignored, sizeof ignored);
    while ((pid = wait4(-1, &status, WNOHANG, &used)) > 0) {
        struct child *child = find_child(nursery, pid);
        if (!child)
            continue;
        bool is_starved = was_starved(nursery, child, &used);
        note_death(child, status, is_starved);
        if (is_starved)
            say_there_is_none(child->result);
        close(child->result);
        *child = (struct child){0};
    }
}

/* Kills whoever is overdue; whether anybody is there who is not. */
static bool watch(struct nursery *nursery)
{
    int64_t now = clock_ms();
    bool has_young = false;
    for (size_t i = 0; i < NURSERY_CHILDREN_MAX; i++) {
        struct child *child = &nursery->children[i];
        if (!child->pid || child->overdue)
            continue;
        child->overdue = child->due_at <= now && kill(child->pid, SIGKILL) == 0;
        has_young = has_young || !child->overdue;
    }
    return has_young;
}

static _Noreturn void live(struct nursery *nursery)
{
    struct pollfd ears[] = {{.fd = nursery->socket, .events = POLLIN}, {.fd = nursery->deaths, .events = POLLIN}};
    for (;;) {
        int ready = poll(ears, 2, watch(nursery) ? YIELD_MS : -1);
        if (ready > 0 && ears[1].revents)
            bury(nursery);
        if (ready > 0 && ears[0].revents && !hear(nursery))
            _exit(EXIT_SUCCESS); /* the decoders go along */
    }
}

/* A signal to the whole group is not for this process: it ends when its program has ended. */
static bool prepare(struct nursery *nursery)
{
    sigset_t deaths;
    sigemptyset(&deaths);
    sigaddset(&deaths, SIGCHLD);
    int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (nothing < 0 || dup2(nothing, STDIN_FILENO) < 0 || sigprocmask(SIG_BLOCK, &deaths, NULL) < 0)
        return false;
    close(nothing);
    yield_as_nursery(nursery->plan.decoders);
    signal(SIGINT, SIG_IGN);
    signal(SIGTERM, SIG_IGN);
    signal(SIGPIPE, SIG_IGN);
    nursery->deaths = signalfd(-1, &deaths, SFD_CLOEXEC | SFD_NONBLOCK);
    return nursery->deaths >= 0 && decode_start();
}

int nursery_start(const struct nursery_plan *plan)
{
    struct nursery nursery = {.plan = *plan};
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
        return -1;
    pid_t pid = fork();
    if (pid == 0) {
        close(ends[0]);
        nursery.socket = ends[1];
        if (!prepare(&nursery)) {
            log_error("libvips does not start");
            _exit(EXIT_FAILURE);
        }
        live(&nursery);
    }
    close(ends[1]);
    if (pid > 0)
        return ends[0];
    close(ends[0]);
    return -1;
}

bool nursery_ask(int nursery, int file, int result)
{
    char byte = 0;
    union {
        char bytes[CMSG_SPACE(2 * sizeof(int))];
        struct cmsghdr align;
    } control = {0};
    struct iovec part = {&byte, 1};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = control.bytes, .msg_controllen = sizeof control.bytes};
    struct cmsghdr *rights = CMSG_FIRSTHDR(&message);
    *rights = (struct cmsghdr){.cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS, .cmsg_len = CMSG_LEN(2 * sizeof(int))};
    memcpy(CMSG_DATA(rights), (const int[]){file, result}, 2 * sizeof(int));
    return sendmsg(nursery, &message, MSG_NOSIGNAL) == 1;
}

bool nursery_is_gone(int nursery)
{
    struct pollfd ear = {.fd = nursery};
    return poll(&ear, 1, 0) > 0 && (ear.revents & POLLHUP);
}
