#include "stream/calls.h"

#include "stream/reader.h"
#include "stream/setting.h"

#include <string.h>

static struct call *owner(struct list *link)
{
    return LIST_OWNER(link, struct call, in_line);
}

static bool is_waiting(const struct call *call)
{
    return call->descriptor < 0;
}

void calls_init(struct calls *calls)
{
    list_init(&calls->line);
    calls->expected = CALLS_ANSWER_BYTES;
}

bool calls_are_done(const struct calls *calls)
{
    return list_is_empty(&calls->line);
}

bool calls_add(struct calls *calls, struct reader *reader, const struct call_request *request)
{
    size_t count = 0, bytes = request->body.length;
    struct call *call;
    LIST_EACH(&calls->line, link) {
        count += is_waiting(owner(link));
        bytes += owner(link)->question.length;
    }
    if (count >= CALLS_WAITING_MAX || bytes > CALLS_WAITING_BYTES)
        return false;
    call = call_new(reader, request);
    list_append(&calls->line, &call->in_line);
    return true;
}

/* --- what may go on --- */

static bool is_read(const struct call *call)
{
    return !call->write_path;
}

void calls_learn(struct calls *calls, const struct call *call)
{
    size_t least = calls->expected / 2;
    if (is_read(call))
        calls->expected = call->answer.output.length > least ? call->answer.output.length : least;
}

/* Of answers: what is expected of those under way, or has come of it when that is more. */
static size_t expected_bytes(const struct calls *calls, const struct call *call)
{
    size_t come = call->answer.output.length;
    return is_read(call) && come < calls->expected ? calls->expected : come;
}

struct under_way {
    size_t count, reads, bytes;
};

static struct under_way count_under_way(const struct calls *calls)
{
    struct under_way all = {0};
    LIST_EACH(&calls->line, link) {
        if (is_waiting(owner(link)))
            continue;
        all.count++;
        all.reads += is_read(owner(link));
        all.bytes += expected_bytes(calls, owner(link));
    }
    return all;
}

static bool has_room(const struct calls *calls, const struct call *call, const struct under_way *all)
{
    if (reader_is_full(call->reader))
        return false;
    if (is_read(call) && all->reads == 0)
        return true;
    return call->reader->outbox.bytes + all->bytes + expected_bytes(calls, call) <= (size_t)setting.queue_bytes;
}

/* Does a write to the same path stand before it? */
static bool is_held_up(const struct calls *calls, const struct call *call)
{
    LIST_EACH(&calls->line, link) {
        if (owner(link) == call)
            break;
        if (call->write_path && owner(link)->write_path && strcmp(owner(link)->write_path, call->write_path) == 0)
            return true;
    }
    return false;
}

void calls_go_on(struct hub *hub, struct calls *calls)
{
    struct under_way all = count_under_way(calls);
    LIST_EACH(&calls->line, link) {
        struct call *call = owner(link);
        if (all.count >= CALLS_AT_A_TIME)
            return;
        if (!is_waiting(call) || !has_room(calls, call, &all) || is_held_up(calls, call))
            continue;
        call_begin(hub, call);
        all = count_under_way(calls);
    }
}

/* --- what will not --- */

void calls_fail_waiting(struct hub *hub, struct calls *calls)
{
    LIST_EACH(&calls->line, link) {
        if (is_waiting(owner(link)))
            call_fail(hub, owner(link));
    }
}

void calls_fail_all(struct hub *hub, struct calls *calls)
{
    LIST_EACH(&calls->line, link)
        call_fail(hub, owner(link));
}

void calls_drop_all(struct hub *hub, struct calls *calls)
{
    LIST_EACH(&calls->line, link)
        call_drop(hub, owner(link));
}
