#include "load.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <netinet/tcp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define CONNECTIONS_PER_ADDRESS 10000

void load_die(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
    exit(1);
}

uint64_t load_now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

char *load_file(const char *path, size_t *length)
{
    FILE *file = fopen(path, "r");
    if (!file)
        load_die("%s: %s", path, strerror(errno));
    char *text = NULL;
    size_t room = 0;
    ssize_t read = getdelim(&text, &room, EOF, file);
    if (read < 0)
        load_die("%s: nothing in it", path);
    fclose(file);
    *length = (size_t)read;
    return text;
}

static void parse_lines(const char *path, char ***lines, unsigned *count)
{
    size_t length;
    char *text = load_file(path, &length), *rest = NULL;
    for (char *line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
        *lines = realloc(*lines, (*count + 1) * sizeof **lines);
        (*lines)[(*count)++] = line;
    }
}

static void parse_server(struct load_options *options, const char *port)
{
    options->server.sin_family = AF_INET;
    options->server.sin_port = htons((uint16_t)atoi(port));
    options->server.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
}

static void add_path(struct load_options *options, const char *path)
{
    if (options->path_count == LOAD_PATHS_MAX)
        load_die("at most %d paths", LOAD_PATHS_MAX);
    options->paths[options->path_count++] = path;
}

void load_parse(struct load_options *options, int argc, char **argv)
{
    *options = (struct load_options){.connections = 1, .seconds = 5};
    for (int c; (c = getopt(argc, argv, "p:t:c:s:r:e:g:R:S:O:P:L:B")) != -1;) {
        switch (c) {
        case 'p': parse_server(options, optarg); break;
        case 't': parse_lines(optarg, &options->tokens, &options->token_count); break;
        case 'c': options->connections = (unsigned)atoi(optarg); break;
        case 's': options->seconds = atof(optarg); break;
        case 'r': options->rate = atof(optarg); break;
        case 'e': options->expect = strtoull(optarg, NULL, 10); break;
        case 'g': options->audience = (unsigned)atoi(optarg); break;
        case 'R': options->request = optarg; break;
        case 'S': options->second = optarg; break;
        case 'O': options->opened_by = optarg; break;
        case 'P': add_path(options, optarg); break;
        case 'L': parse_lines(optarg, &options->lines, &options->line_count); break;
        case 'B': options->comes_back = true; break;
        default:
            load_die("usage: -p PORT -c CONNECTIONS -s SECONDS [-t TOKENS]\n"
                     "post:   -P PATH … | -L LINES [-r RATE]\n"
                     "listen: -R REQUEST [-S SECOND] [-O OPENED_BY] [-e EXPECT] [-g AUDIENCE] [-B]");
        }
    }
    if (!options->server.sin_port || !options->connections)
        load_die("-p PORT and -c CONNECTIONS are needed");
}

bool load_is_whole(const char *answer, size_t got)
{
    const char *end = strstr(answer, "\r\n\r\n"), *length = end ? memmem(answer, (size_t)(end - answer), "Content-Length: ", 16) : NULL;
    if (!end)
        return false;
    if (!length)
        return memcmp(answer + got - 5, "0\r\n\r\n", 5) == 0;
    return got >= (size_t)(end - answer) + 4 + strtoul(length + 16, NULL, 10);
}

int load_connect(const struct load_options *options, unsigned number)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), on = 1;
    if (fd < 0)
        load_die("socket: %s", strerror(errno));
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    struct sockaddr_in from = {.sin_family = AF_INET,
                               .sin_addr.s_addr = htonl(INADDR_LOOPBACK + number / CONNECTIONS_PER_ADDRESS + (unsigned)getpid() % 200)};
    setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
    if (bind(fd, (struct sockaddr *)&from, sizeof from) < 0)
        load_die("bind: %s", strerror(errno));
    if (connect(fd, (const struct sockaddr *)&options->server, sizeof options->server) < 0 && errno != EINPROGRESS)
        load_die("connect: %s", strerror(errno));
    return fd;
}
