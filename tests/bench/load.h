// What both load generators share: the command line, sockets, time.
#pragma once

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// The text of a bench message is `bench SEQUENCE MICROSECONDS.`: when it was meant to be sent, by CLOCK_MONOTONIC, which all processes
// of a machine share. Whoever receives it knows its age.
#define LOAD_MARK "bench "

#define LOAD_PATHS_MAX 1024

struct load_options {
    struct sockaddr_in server;
    const char *request;     // listen: a file with the request, with %TOKEN% and %RESUME% in it
    const char *second;      // listen: a file with bytes that follow after the first answer, or NULL
    const char *opened_by;   // listen: a stream is open when it says this
    const char *paths[LOAD_PATHS_MAX]; // post: where to; connection I posts to path I modulo their number
    unsigned path_count;
    char **lines;            // post: what to ask for instead, `TOKEN PATH`
    unsigned line_count;
    char **tokens;
    unsigned token_count;
    unsigned connections;
    unsigned audience;       // listen: how many readers each message is for; 0: all
    double seconds;
    double rate;             // post: messages a second in all; 0: as many as there are answers
    uint64_t expect;         // listen: messages 0 … expect-1 are for every reader: end when each got all; 0: after `seconds`
    bool comes_back;         // listen: who is closed comes back at once, with Last-Event-ID
};

// Ends the program with a sentence when an option is wrong.
void load_parse(struct load_options *options, int argc, char **argv);

uint64_t load_now_us(void);

// A connection under way, non-blocking. From 127.0.0.1, 127.0.0.2 … in turn, so that ports do not run out.
int load_connect(const struct load_options *options, unsigned number);

// True when an answer is there whole; a NUL follows what was got. In chunks it ends with an empty one.
bool load_is_whole(const char *answer, size_t got);

// The whole file; the caller owns it.
char *load_file(const char *path, size_t *length);

void load_die(const char *format, ...) __attribute__((noreturn, format(printf, 1, 2)));
