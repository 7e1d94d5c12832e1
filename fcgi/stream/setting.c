#include "stream/setting.h"

#include "base/config.h"
#include "base/listening.h"

struct setting setting;

static const struct config_item items[] = {
    {"PARLEY_DB", CONFIG_TEXT, &setting.database, NULL, 1, 0, "where PostgreSQL is, as libpq has it, with user=parley_stream"},
    {"PARLEY_API_SOCKET", CONFIG_TEXT, &setting.api, "", 0, 107, "where parley-api listens, for calls that come on WebSockets"},
    {"PARLEY_STREAM_THREADS", CONFIG_NUMBER, &setting.accept_threads, "4", 1, 64, "threads that accept streams"},
    {"PARLEY_RING", CONFIG_NUMBER, &setting.ring, "8192", 16, 1000000, "events kept in memory for those who come back"},
    {"PARLEY_RING_BYTES", CONFIG_NUMBER, &setting.ring_bytes, "67108864", 65536, 17179869184, "memory that these may take; then the oldest go"},
    {"PARLEY_QUEUE_BYTES", CONFIG_NUMBER, &setting.queue_bytes, "262144", 4096, 67108864, "a stream with more unwritten lags, a socket begins no more calls"},
    {"PARLEY_LAG_MS", CONFIG_NUMBER, &setting.lag_ms, "5000", 50, 600000, "a stream that lags and takes nothing for so long is cut off"},
    {"PARLEY_PING_MS", CONFIG_NUMBER, &setting.ping_ms, "15000", 50, 600000, "a ping after so long without another event"},
    {"PARLEY_ONCE_MS", CONFIG_NUMBER, &setting.once_ms, "25000", 50, 600000, "how long ?once=1 waits for an event"},
    {"PARLEY_RETRY_MS", CONFIG_NUMBER, &setting.retry_ms, "2750", 100, 600000, "about when clients come back after a stream ended"},
    {"PARLEY_STUCK_MS", CONFIG_NUMBER, &setting.stuck_ms, "60000", 100, 3600000, "a stream that takes nothing for so long is cut off"},
    {"PARLEY_PRESENCE_MS", CONFIG_NUMBER, &setting.presence_ms, "1000", 20, 60000, "how long changes of presence are gathered"},
    {"PARLEY_GRACE_MS", CONFIG_NUMBER, &setting.grace_ms, "30000", 0, 600000, "still online for so long after the last stream closed"},
    {"PARLEY_MISSED_LIMIT", CONFIG_NUMBER, &setting.missed_limit, "5000", 1, 1000000, "who missed more events starts afresh"},
    {"PARLEY_LIMITS", CONFIG_SWITCH, &setting.limits, "on", 0, 0, "limits on the number of streams"},
    {"PARLEY_STREAMS", CONFIG_NUMBER, &setting.streams, "0", 0, 10000000, "streams at a time; 0: as many as there are descriptors for"},
    {"PARLEY_STREAMS_A_PERSON", CONFIG_NUMBER, &setting.streams_a_person, "20", 1, 100000, "streams of one person at a time"},
    {"PARLEY_STREAMS_AN_ADDRESS", CONFIG_NUMBER, &setting.streams_an_address, "2000", 1, 1000000, "streams of one address at a time"},
    {"PARLEY_LOG_LEVEL", CONFIG_CHOICE, &setting.log_level, "info", 0, 0, "debug|info|warn|error"},
};

void setting_load(int argc, char **argv)
{
    setting.listening = listening_socket("stream", "stream");
    setting.listening_for_sockets = listening_socket("socket", "stream");
    config_load("parley-stream", "the event streams of Parley, behind nginx", items, sizeof items / sizeof items[0], argc, argv);
}
