#include "stream/statement.h"

const char *const statements[STATEMENT_COUNT] = {
    [STATEMENT_LOG_HEAD] = "select * from api.log_head()",
    [STATEMENT_READ_LOG] = "select * from api.read_log($1, $2)",
    [STATEMENT_READ_EVENTS] = "select * from api.read_events($1)",
    [STATEMENT_LOAD_READERS] = "select * from api.load_readers($1)",
    [STATEMENT_COUNT_MISSED] = "select * from api.count_missed($1)",
    [STATEMENT_REPLAY] = "select * from api.replay($1)",
    [STATEMENT_TOUCH_SESSIONS] = "select * from api.touch_sessions($1)",
    [STATEMENT_TAKE_LEASE] = "select * from api.take_lease()",
    [STATEMENT_REPORT_PRESENCE] = "select * from api.report_presence($1, $2, $3)",
    [STATEMENT_FIND_DEAD_HUBS] = "select * from api.find_dead_hubs()",
    [STATEMENT_REAP_HUB] = "select * from api.reap_hub($1)",
    [STATEMENT_ROOMS_OF] = "select * from api.rooms_of($1)",
    [STATEMENT_COUNT_ONLINE] = "select * from api.count_online($1)",
};
