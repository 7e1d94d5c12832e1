#include "api/request.h"

#include "wire/form.h"

#include <stddef.h>

static const char *const method_names[] = {"GET", "POST", "PUT", "PATCH", "DELETE", "OTHER"};

const char *method_name(enum method method)
{
    return method_names[method];
}

bool request_is_unsafe(const struct request *request)
{
    return request->method != METHOD_GET;
}

/* The parameters that are taken as they are. */
static const struct {
    const char *name;
    size_t offset;
} taken[] = {
    {"CONTENT_TYPE", offsetof(struct request, content_type)},
    {"HTTP_HOST", offsetof(struct request, host)},
    {"HTTP_ORIGIN", offsetof(struct request, origin)},
    {"HTTP_SEC_FETCH_SITE", offsetof(struct request, fetch_site)},
    {"HTTP_COOKIE", offsetof(struct request, cookie)},
    {"HTTP_AUTHORIZATION", offsetof(struct request, authorization)},
    {"HTTP_USER_AGENT", offsetof(struct request, agent)},
    {"REMOTE_ADDR", offsetof(struct request, address)},
    {"REQUEST_ID", offsetof(struct request, id)},
};

static void read_method(struct request *request, struct span value)
{
    request->is_head = span_is(value, "HEAD");
    request->method = request->is_head ? METHOD_GET : METHOD_OTHER;
    for (int method = METHOD_GET; method < METHOD_OTHER; method++)
        if (span_is(value, method_names[method]))
            request->method = (enum method)method;
}

static void read_address_line(struct request *request, struct span value)
{
    request->path = span_cut(&value, '?');
    request->query = value;
}

static void read_param(struct request *request, struct span name, struct span value)
{
    if (span_is(name, "REQUEST_METHOD"))
        read_method(request, value);
    else if (span_is(name, "REQUEST_URI"))
        read_address_line(request, value);
    else if (span_is(name, "HTTPS"))
        request->is_https = span_is(value, "on");
    else if (span_is(name, "CONTENT_LENGTH") && value.length && (!form_integer(value, &request->content_length) || request->content_length < 0))
        request->content_length = -1;
    for (size_t i = 0; i < sizeof taken / sizeof *taken; i++)
        if (span_is(name, taken[i].name))
            *(struct span *)(void *)((char *)request + taken[i].offset) = value;
}

static struct span without_parameters(struct span type)
{
    return span_trim(span_cut(&type, ';'), " ");
}

void request_read(struct request *request, char *const *params)
{
    *request = (struct request){.method = METHOD_OTHER};
    for (; *params; params++) {
        struct span value = span_of(*params);
        struct span name = span_cut(&value, '=');
        read_param(request, name, value);
    }
    request->content_type = without_parameters(request->content_type);
}
