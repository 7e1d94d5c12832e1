#include "image/gateway.h"

#include "base/accept.h"

void gateway_init(struct gateway *gateway)
{
    accept_init(&gateway->fcgx);
}

bool gateway_accept(struct gateway *gateway)
{
    return accept_request(&gateway->fcgx);
}

char *const *gateway_params(const struct gateway *gateway)
{
    return gateway->fcgx.envp;
}

size_t gateway_read(void *owner, char *bytes, size_t size)
{
    struct gateway *gateway = owner;
    int length = FCGX_GetStr(bytes, (int)size, gateway->fcgx.in);
    return length > 0 ? (size_t)length : 0;
}

void gateway_answer(struct gateway *gateway, struct span answer)
{
    enum { PIECE = 1 << 20 };
    for (size_t at = 0; at < answer.length; at += PIECE) {
        size_t length = answer.length - at < PIECE ? answer.length - at : PIECE;
        if (FCGX_PutStr(answer.at + at, (int)length, gateway->fcgx.out) < 0)
            break;
    }
    accept_finish(&gateway->fcgx);
}
