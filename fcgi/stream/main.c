/* parley-stream: the event streams. */
#include "base/config.h"
#include "base/listening.h"
#include "base/log.h"
#include "base/notify.h"
#include "stream/hub.h"
#include "stream/setting.h"

#include <sodium.h>
#include <stdlib.h>
#include <sys/resource.h>

/* Each stream is a descriptor: take as many as we may have. */
static void raise_descriptor_limit(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}

int main(int argc, char **argv)
{
    setting_load(argc, argv);
    log_start("parley-stream", (enum log_level)setting.log_level);
    if (setting.listening == LISTENING_NONE) {
        log_error("among the sockets of LISTEN_FDNAMES there is none named stream");
        return CONFIG_EXIT;
    }
    notify_start();
    raise_descriptor_limit();
    if (sodium_init() < 0)
        return EXIT_FAILURE;
    return hub_run();
}
