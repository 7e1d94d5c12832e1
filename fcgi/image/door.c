#include "image/door.h"

#include "base/accept.h"

void door_init(struct door *door)
{
    accept_init(&door->request);
}

bool door_take(struct door *door)
{
    return accept_request(&door->request);
}

char *const *door_params(const struct door *door)
{
    return door->request.envp;
}

size_t door_read(void *owner, char *bytes, size_t size)
{
    struct door *door = owner;
    int length = FCGX_GetStr(bytes, (int)size, door->request.in);
    return length > 0 ? (size_t)length : 0;
}

void door_answer(struct door *door, struct span answer)
{
    enum { PIECE = 1 << 20 };
    for (size_t at = 0; at < answer.length; at += PIECE) {
        size_t length = answer.length - at < PIECE ? answer.length - at : PIECE;
        if (FCGX_PutStr(answer.at + at, (int)length, door->request.out) < 0)
            break;
    }
    accept_finish(&door->request);
}
