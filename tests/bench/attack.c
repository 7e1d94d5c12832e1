// attack: guests who come from fifty addresses and post garbage, over keep-alive connections; prints what became of it as one line of JSON.
//
//   attack -p PORT -c 200 -s 10 -r 200        200 guests a second, each with a name and a session of its own and POSTS posts
//
// The addresses are public ones, told by X-Forwarded-For: the server must trust who we connect from. Every third post is no JSON, every third
// one is noise that changes; the others say the same again and again, with links and mentions.
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "load.h"

#define ADDRESSES 50
#define POSTS 6
#define NOISE 1500
#define ANSWER_MAX 65536
#define GRACE_US 10000000

struct guest {
    int fd;
    unsigned address, posted;
    bool busy;
    char token[128]; // "" while the guest is only coming in
    char answer[ANSWER_MAX];
    size_t got;
};

static struct load_options options;
static struct guest *guests;
static uint64_t begun, in, kept_out, taken, refused;

static void send_to(struct guest *guest, const char *path, const char *body)
{
    char request[ANSWER_MAX];
    int length = snprintf(request, sizeof request,
                          "POST %s HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Forwarded-For: 81.2.69.%u\r\n%s%s%sContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
                          path, guest->address, *guest->token ? "Authorization: Bearer " : "", guest->token, *guest->token ? "\r\n" : "", strlen(body), body);
    if (send(guest->fd, request, (size_t)length, MSG_NOSIGNAL) != length)
        load_die("a request was not taken whole");
    guest->busy = true;
    guest->got = 0;
}

static void come_in(struct guest *guest)
{
    char body[128];
    guest->address = 1 + (unsigned)(begun % ADDRESSES);
    guest->posted = 0;
    *guest->token = '\0';
    snprintf(body, sizeof body, "{\"name\":\"%d %llu\"}", (int)getpid(), (unsigned long long)begun++);
    send_to(guest, "/api/session/guest", body);
}

static void post_garbage(struct guest *guest)
{
    char body[NOISE + 64] = "{\"text\":\"@all BUY NOW https://spam.example/ @1 @2 @3 free free free\"}";
    if (guest->posted % 3 == 1)
        snprintf(body, sizeof body, "{\"text\":\"free");
    if (guest->posted % 3 == 2) {
        size_t length = (size_t)sprintf(body, "{\"text\":\"");
        while (length < NOISE)
            body[length++] = (char)('a' + random() % 26);
        strcpy(body + length, "\"}");
    }
    guest->posted++;
    send_to(guest, "/api/rooms/1/messages", body);
}

static void take_token(struct guest *guest)
{
    const char *token = strstr(guest->answer, "\"token\":\"");
    if (!token || guest->answer[9] != '2') {
        kept_out++;
        return;
    }
    snprintf(guest->token, sizeof guest->token, "%.*s", (int)strcspn(token + 9, "\""), token + 9);
    in++;
}

static void take_answer(struct guest *guest)
{
    ssize_t n = recv(guest->fd, guest->answer + guest->got, ANSWER_MAX - 1 - guest->got, 0);
    if (n < 0 && errno == EAGAIN)
        return;
    if (n <= 0)
        load_die("the server closed a connection");
    guest->got += (size_t)n;
    guest->answer[guest->got] = '\0';
    if (!load_is_whole(guest->answer, guest->got))
        return;
    guest->busy = false;
    if (*guest->token)
        *(guest->answer[9] == '2' ? &taken : &refused) += 1;
    else
        take_token(guest);
    if (*guest->token && guest->posted < POSTS)
        post_garbage(guest);
}

static void open_connections(int epoll)
{
    guests = calloc(options.connections, sizeof *guests);
    for (unsigned i = 0; i < options.connections; i++) {
        guests[i].fd = load_connect(&options, i);
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = &guests[i]};
        epoll_ctl(epoll, EPOLL_CTL_ADD, guests[i].fd, &event);
    }
    usleep(100000); // loopback connections are made by then
}

// Whoever is due comes in on the next connection that is free.
static void begin_what_is_due(uint64_t start, uint64_t now)
{
    static unsigned next;
    for (unsigned tried = 0; tried < options.connections && (double)(now - start) * options.rate >= (double)begun * 1e6; tried++) {
        struct guest *guest = &guests[next++ % options.connections];
        if (!guest->busy)
            come_in(guest);
    }
}

static bool is_anybody_busy(void)
{
    for (unsigned i = 0; i < options.connections; i++)
        if (guests[i].busy)
            return true;
    return false;
}

int main(int argc, char **argv)
{
    load_parse(&options, argc, argv);
    int epoll = epoll_create1(EPOLL_CLOEXEC);
    open_connections(epoll);
    uint64_t start = load_now_us(), end = start + (uint64_t)(options.seconds * 1e6);
    struct epoll_event events[256];
    for (uint64_t now = start; now < end || (is_anybody_busy() && now < end + GRACE_US); now = load_now_us()) {
        if (now < end)
            begin_what_is_due(start, now);
        int n = epoll_wait(epoll, events, 256, 1);
        for (int i = 0; i < n; i++)
            take_answer(events[i].data.ptr);
    }
    printf("{\"guests\":%llu,\"in\":%llu,\"kept_out\":%llu,\"taken\":%llu,\"refused\":%llu}\n", (unsigned long long)begun, (unsigned long long)in,
           (unsigned long long)kept_out, (unsigned long long)taken, (unsigned long long)refused);
    return 0;
}
