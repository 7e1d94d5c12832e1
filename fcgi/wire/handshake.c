#include "wire/handshake.h"

#include <openssl/evp.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { SHA1_LENGTH = 20 };

static const struct {
    const char *name;
    size_t offset;
} headers[] = {
    {"Host", offsetof(struct handshake, host)},
    {"Upgrade", offsetof(struct handshake, upgrade)},
    {"Connection", offsetof(struct handshake, connection)},
    {"Sec-WebSocket-Key", offsetof(struct handshake, key)},
    {"Sec-WebSocket-Version", offsetof(struct handshake, version)},
    {"Origin", offsetof(struct handshake, origin)},
    {"Sec-Fetch-Site", offsetof(struct handshake, fetch_site)},
    {"Authorization", offsetof(struct handshake, authorization)},
    {"Cookie", offsetof(struct handshake, cookie)},
    {"Last-Event-ID", offsetof(struct handshake, last_event_id)},
    {"User-Agent", offsetof(struct handshake, agent)},
    {"X-Real-IP", offsetof(struct handshake, address)},
    {"X-Forwarded-Proto", offsetof(struct handshake, scheme)},
};

static bool is_named(struct span name, const char *other)
{
    return name.length == strlen(other) && strncasecmp(name.at, other, name.length) == 0;
}

static struct span trim(struct span text)
{
    return span_trim(text, " \t\r");
}

/* Is `token` among the words of a list with commas? */
static bool lists(struct span list, const char *token)
{
    while (list.length)
        if (is_named(trim(span_cut(&list, ',')), token))
            return true;
    return false;
}

static bool read_request_line(struct handshake *handshake, struct span line)
{
    handshake->method = span_cut(&line, ' ');
    handshake->target = span_cut(&line, ' ');
    handshake->query = handshake->target;
    span_cut(&handshake->query, '?');
    return handshake->target.length && handshake->target.at[0] == '/' && span_is(trim(line), "HTTP/1.1");
}

/* Headers that nobody here asks for are passed over; of one that was sent twice the last counts, which nginx would not send. */
static bool read_header(struct handshake *handshake, struct span line)
{
    bool has_colon = memchr(line.at, ':', line.length) != NULL;
    struct span name = span_cut(&line, ':');
    if (!has_colon || !name.length)
        return false;
    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++)
        if (is_named(name, headers[i].name))
            *(struct span *)(void *)((char *)handshake + headers[i].offset) = trim(line);
    return true;
}

static enum handshake_result judge(const struct handshake *handshake)
{
    if (!span_is(handshake->method, "GET"))
        return HANDSHAKE_NO_GET;
    if (!lists(handshake->upgrade, "websocket") || !lists(handshake->connection, "upgrade") || !span_is(handshake->version, "13"))
        return HANDSHAKE_NO_UPGRADE;
    if (!handshake->host.length || handshake->key.length != HANDSHAKE_KEY_LENGTH)
        return HANDSHAKE_BAD;
    return HANDSHAKE_DONE;
}

enum handshake_result handshake_read(struct handshake *handshake, struct span bytes)
{
    const char *end = memmem(bytes.at, bytes.length, "\r\n\r\n", 4);
    *handshake = (struct handshake){0};
    if (!end)
        return bytes.length < HANDSHAKE_HEAD_MAX ? HANDSHAKE_MORE : HANDSHAKE_BAD;
    handshake->length = (size_t)(end - bytes.at) + 4;
    struct span rest = {bytes.at, handshake->length - 4};
    if (memchr(rest.at, '\0', rest.length) || !read_request_line(handshake, span_cut(&rest, '\n')))
        return HANDSHAKE_BAD;
    while (rest.length)
        if (!read_header(handshake, span_cut(&rest, '\n')))
            return HANDSHAKE_BAD;
    return judge(handshake);
}

void handshake_accept(char accept[static HANDSHAKE_ACCEPT_SIZE], struct span key)
{
    static const char fixed[] = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"; /* RFC 6455, 1.3 */
    char text[HANDSHAKE_KEY_LENGTH + sizeof fixed - 1];
    unsigned char digest[SHA1_LENGTH];
    memcpy(text, key.at, HANDSHAKE_KEY_LENGTH);
    memcpy(text + HANDSHAKE_KEY_LENGTH, fixed, sizeof fixed - 1);
    if (EVP_Digest(text, sizeof text, digest, NULL, EVP_sha1(), NULL) != 1)
        abort();
    EVP_EncodeBlock((unsigned char *)accept, digest, SHA1_LENGTH);
}

void handshake_answer(struct buf *out, const char accept[static HANDSHAKE_ACCEPT_SIZE])
{
    buf_printf(out, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n\r\n", accept);
}
