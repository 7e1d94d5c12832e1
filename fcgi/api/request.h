/*
 * What was asked: the FastCGI parameters as a struct. Everything points into the parameters and lives as long as they do. What is
 * not there is an empty span. nginx says which parameters exist (nginx/fastcgi.conf).
 */
#pragma once
#include "base/span.h"

#include <stdbool.h>
#include <stdint.h>

enum method { METHOD_GET, METHOD_POST, METHOD_PUT, METHOD_PATCH, METHOD_DELETE, METHOD_OTHER };

struct request {
    enum method method;       /* HEAD is GET */
    bool is_head;
    struct span path, query;  /* as they came, still percent-encoded */
    struct span content_type; /* without its parameters */
    int64_t content_length;   /* -1: not a length */
    struct span host, origin, fetch_site;
    struct span cookie, authorization;
    struct span address, agent, id;
    bool is_https;
};

void request_read(struct request *request, char *const *params); /* "NAME=value", NULL at the end */

const char *method_name(enum method method);
bool request_is_unsafe(const struct request *request); /* it may change something */
