#include "api/route.h"

#include "api/step.h"
#include "wire/form.h"

#include <stdio.h>
#include <string.h>

/* --- What may be told -------------------------------------------------------------------------------------------------------- */

#define LIST(...) ((const struct arg[]){__VA_ARGS__, {.name = NULL}})

#define TEXT(name, least, most) {name, ARG_BODY, ARG_TEXT, false, least, most, NULL}
#define NEED_TEXT(name, least, most) {name, ARG_BODY, ARG_TEXT, true, least, most, NULL}
#define SECRET(name, least, most) {name, ARG_BODY, ARG_SECRET, false, least, most, NULL}
#define NEED_SECRET(name, least, most) {name, ARG_BODY, ARG_SECRET, true, least, most, NULL}
#define NUMBER(name, least, most) {name, ARG_BODY, ARG_NUMBER, false, least, most, NULL}
#define ID(name) {name, ARG_BODY, ARG_ID, false, 0, 0, NULL}
#define NEED_PLACE(name) {name, ARG_BODY, ARG_NUMBER, true, 0, FORM_ID_LIMIT - 1, NULL}
#define IDS(name, most) {name, ARG_BODY, ARG_IDS, false, 0, most, NULL}
#define FLAG(name) {name, ARG_BODY, ARG_FLAG, false, 0, 0, NULL}
#define UUID(name) {name, ARG_BODY, ARG_UUID, false, 0, 0, NULL}
#define TIME(name) {name, ARG_BODY, ARG_TIME, false, 0, 0, NULL}
#define NEED_TIME(name) {name, ARG_BODY, ARG_TIME, true, 0, 0, NULL}
#define CHOICE(name, choices) {name, ARG_BODY, ARG_CHOICE, false, 0, 0, choices}
#define NEED_CHOICE(name, choices) {name, ARG_BODY, ARG_CHOICE, true, 0, 0, choices}
#define OBJECT(name, most) {name, ARG_BODY, ARG_OBJECT, false, 0, most, NULL}

#define ASK_TEXT(name, most) {name, ARG_QUERY, ARG_TEXT, false, 0, most, NULL}
#define ASK_ID(name) {name, ARG_QUERY, ARG_ID, false, 0, 0, NULL}
#define ASK_FLAG(name) {name, ARG_QUERY, ARG_FLAG, false, 0, 0, NULL}
#define ASK_TIME(name) {name, ARG_QUERY, ARG_TIME, false, 0, 0, NULL}
#define ASK_CHOICE(name, choices) {name, ARG_QUERY, ARG_CHOICE, false, 0, 0, choices}
#define ASK_NUMBER(name, least, most) {name, ARG_QUERY, ARG_NUMBER, false, least, most, NULL}
#define ASK_PLACE(name) {name, ARG_QUERY, ARG_NUMBER, false, 0, FORM_ID_LIMIT - 1, NULL}
#define ASK_LIMIT {"limit", ARG_QUERY, ARG_LIMIT, false, 1, 200, NULL}
#define ASK_PAGE ASK_PLACE("before"), ASK_PLACE("after"), ASK_PLACE("around"), ASK_LIMIT

/* The same bounds as the database has, which is also asked from psql: whoever speaks first says what holds. */
enum {
    NAME_MAX_LENGTH = 40,
    ROOM_NAME_MAX_LENGTH = 80,
    TOPIC_MAX_LENGTH = 250,
    STATUS_MAX_LENGTH = 100,
    LABEL_MAX_LENGTH = 80,
    RULE_NAME_MAX_LENGTH = 100,
    QUERY_MAX_LENGTH = 200,
    REASON_MAX_LENGTH = 500,
    TEXT_MAX_LENGTH = 8000,
    TOKEN_MAX_LENGTH = 200
};

#define NAME(most) {"name", ARG_BODY, ARG_NAME, false, 1, most, NULL}
#define NEED_NAME(most) {"name", ARG_BODY, ARG_NAME, true, 1, most, NULL}
#define STATE FLAG("state")
#define INVITE TEXT("invite", 1, TOKEN_MAX_LENGTH)
#define PASSWORD NEED_SECRET("password", 8, 200)
#define REASON TEXT("reason", 0, REASON_MAX_LENGTH)
#define ASK_REASON ASK_TEXT("reason", REASON_MAX_LENGTH)

#define ROOM_ROLES "member|moderator|owner"
#define SERVER_ROLES "guest|member|moderator|admin|owner"

static const struct arg page[] = {ASK_PAGE, {.name = NULL}};
static const struct arg a_reason[] = {ASK_REASON, {.name = NULL}};
static const struct arg a_sanction[] = {TIME("until"), REASON, {.name = NULL}};
static const struct arg a_post[] = {NEED_TEXT("text", 0, TEXT_MAX_LENGTH), UUID("client_id"), ID("reply_to"), IDS("images", 10), OBJECT("alts", 16384), {.name = NULL}};
static const struct arg a_room[] = {NAME(ROOM_NAME_MAX_LENGTH), TEXT("topic", 0, TOPIC_MAX_LENGTH), NUMBER("slow_mode", 0, 86400), NUMBER("message_days", 0, 36500), FLAG("archived"), {.name = NULL}};
static const struct arg a_search[] = {ASK_TEXT("q", QUERY_MAX_LENGTH), ASK_ID("room"), ASK_ID("from"), ASK_TIME("since"), ASK_TIME("until"), ASK_PAGE, {.name = NULL}};
static const struct arg an_audit[] = {ASK_ID("user"), ASK_ID("actor"), ASK_ID("room"), ASK_TEXT("action", 100), ASK_TIME("since"), ASK_PAGE, {.name = NULL}};
static const struct arg an_undoing[] = {ID("actor"), ID("rule"), TIME("since"), ID("act"), FLAG("dry_run"), REASON, {.name = NULL}};
static const struct arg a_server_ban[] = {TIME("until"), REASON, CHOICE("messages", "keep|hide"), FLAG("dry_run"), {.name = NULL}};
static const struct arg a_resolution[] = {NEED_TEXT("action", 1, 40), TIME("until"), REASON, CHOICE("messages", "keep|hide"), {.name = NULL}};

#define RULE_KINDS "words|links|regex"
#define RULE_ACTIONS "refuse|mute|hide|report"
#define PATTERN_MAX_LENGTH 20000
#define RULE_FOR IDS("rooms", 100), CHOICE("exempt", "member|moderator|admin|owner|nobody")
#define RULE_MORE TEXT("name", 0, RULE_NAME_MAX_LENGTH), NUMBER("minutes", 1, 525600), RULE_FOR, FLAG("enabled")

static const struct arg a_rule[] = {CHOICE("kind", RULE_KINDS), TEXT("pattern", 1, PATTERN_MAX_LENGTH), CHOICE("action", RULE_ACTIONS), RULE_MORE, {.name = NULL}};
static const struct arg a_new_rule[] = {NEED_CHOICE("kind", RULE_KINDS), NEED_TEXT("pattern", 1, PATTERN_MAX_LENGTH), NEED_CHOICE("action", RULE_ACTIONS), RULE_MORE,
                                        {.name = NULL}};
static const struct arg a_tried_rule[] = {NEED_CHOICE("kind", RULE_KINDS), NEED_TEXT("pattern", 1, PATTERN_MAX_LENGTH), RULE_FOR, {.name = NULL}};
static const struct arg a_network_ban[] = {{"network", ARG_BODY, ARG_NETWORK, true, 0, 0, NULL}, NEED_TIME("until"), REASON,
                                           CHOICE("scope", "registration|everything"), FLAG("dry_run"), {.name = NULL}};

/* --- The table --------------------------------------------------------------------------------------------------------------- */

#define GET METHOD_GET
#define POST METHOD_POST
#define PUT METHOD_PUT
#define PATCH METHOD_PATCH
#define DELETE METHOD_DELETE

#define READ ROUTE_READ
#define RELAXED ROUTE_RELAXED
#define SEARCH ROUTE_SEARCH
#define EXPORT ROUTE_EXPORT
#define COMMIT ROUTE_COMMIT
#define ONCE ROUTE_COMMIT_ONCE

/* method, pattern, way, function, rate, flags, arguments, steps before and after */
const struct route routes[] = {
    /* most asked for first */
    {POST, "/api/rooms/{room}/messages", COMMIT, "post_message", LIMIT_POST, ROUTE_TAKES_PLAIN | ROUTE_JUDGED | ROUTE_WITH_ADDRESS, a_post, step_name_post, NULL},
    {GET, "/api/rooms/{room}/messages", READ, "list_messages", LIMIT_READ, 0, page, NULL, NULL},
    {PUT, "/api/rooms/{room}/read", RELAXED, "mark_read", LIMIT_PASSING, 0, LIST(NEED_PLACE("up_to")), NULL, NULL},
    {POST, "/api/rooms/{room}/typing", RELAXED, "set_typing", LIMIT_PASSING, 0, NULL, NULL, NULL},
    {POST, "/api/me/activity", RELAXED, "set_activity", LIMIT_PASSING, 0, LIST(NEED_CHOICE("state", "active|idle")), NULL, NULL},
    {GET, "/api/state", READ, "get_state", LIMIT_READ, 0, LIST(ASK_ID("room"), ASK_LIMIT), NULL, NULL},

    {GET, "/api/hello", READ, "hello", LIMIT_NONE, ROUTE_PUBLIC, NULL, NULL, step_add_version},
    {GET, "/api/health", READ, "health", LIMIT_NONE, ROUTE_PUBLIC, NULL, NULL, step_add_health},
    {GET, "/metrics/api", ROUTE_OWN, NULL, LIMIT_NONE, ROUTE_PUBLIC, NULL, step_metrics, NULL},

    /* coming in and going out */
    {POST, "/api/session/guest", COMMIT, "sign_in_guest", LIMIT_SIGN_IN, ROUTE_SIGNS_IN, LIST(NEED_NAME(NAME_MAX_LENGTH), STATE), NULL, step_add_state},
    {POST, "/api/users", COMMIT, "register_user", LIMIT_SIGN_IN, ROUTE_SIGNS_IN, LIST(NEED_NAME(NAME_MAX_LENGTH), PASSWORD, INVITE, STATE), step_hash_password, step_add_state},
    {POST, "/api/session", COMMIT, "sign_in", LIMIT_SIGN_IN, ROUTE_SIGNS_IN, LIST(NEED_NAME(NAME_MAX_LENGTH), NEED_SECRET("password", 0, 1000), STATE), step_verify_sign_in, step_add_state},
    {POST, "/api/session/link", COMMIT, "sign_in_link", LIMIT_SIGN_IN, ROUTE_SIGNS_IN, LIST(NEED_TEXT("token", 1, TOKEN_MAX_LENGTH), STATE), NULL, step_add_state},
    {DELETE, "/api/session", COMMIT, "sign_out", LIMIT_WRITE, ROUTE_SIGNS_OUT, NULL, NULL, NULL},

    /* my account */
    {GET, "/api/me", READ, "get_me", LIMIT_READ, 0, NULL, NULL, NULL},
    {PATCH, "/api/me", COMMIT, "change_me", LIMIT_WRITE, ROUTE_JUDGED, LIST(NAME(NAME_MAX_LENGTH), TEXT("status", 0, STATUS_MAX_LENGTH), OBJECT("settings", 16384)), NULL, NULL},
    {DELETE, "/api/me", RELAXED, "erase_me", LIMIT_WRITE, ROUTE_SIGNS_OUT, LIST(ASK_CHOICE("messages", "keep|remove")), NULL, NULL},
    {GET, "/api/me/erasure", READ, "preview_erasure", LIMIT_COSTLY, 0, NULL, NULL, NULL},
    {GET, "/api/me/export", EXPORT, "export_me", LIMIT_COSTLY, 0, NULL, NULL, NULL},
    {POST, "/api/me/password", COMMIT, "change_password", LIMIT_SIGN_IN, ROUTE_WITH_ADDRESS, LIST(SECRET("old", 0, 1000), PASSWORD), step_change_password, NULL},
    {POST, "/api/me/upgrade", ONCE, "upgrade_me", LIMIT_SIGN_IN, ROUTE_JUDGED, LIST(NAME(NAME_MAX_LENGTH), PASSWORD, INVITE), step_hash_password, NULL},
    {GET, "/api/me/sessions", READ, "list_sessions", LIMIT_READ, 0, page, NULL, NULL},
    {DELETE, "/api/me/sessions/{session}", COMMIT, "end_session", LIMIT_WRITE, 0, NULL, NULL, NULL},
    {POST, "/api/me/tokens", COMMIT, "create_token", LIMIT_WRITE, ROUTE_DRAWS_TOKEN, LIST(NEED_TEXT("label", 1, LABEL_MAX_LENGTH)), NULL, NULL},
    {GET, "/api/me/tokens", READ, "list_tokens", LIMIT_READ, 0, page, NULL, NULL},
    {DELETE, "/api/me/tokens/{session}", COMMIT, "delete_token", LIMIT_WRITE, 0, NULL, NULL, NULL},
    {GET, "/api/bots", READ, "list_bots", LIMIT_READ, 0, page, NULL, NULL},
    {DELETE, "/api/bots/{bot}", COMMIT, "delete_bot", LIMIT_WRITE, 0, NULL, NULL, NULL},
    {POST, "/api/bots", COMMIT, "create_bot", LIMIT_WRITE, ROUTE_DRAWS_TOKEN | ROUTE_WITH_CONTEXT | ROUTE_JUDGED, LIST(NEED_NAME(NAME_MAX_LENGTH)), NULL, NULL},

    /* people */
    {GET, "/api/users", READ, "find_users", LIMIT_COSTLY, 0, LIST(ASK_TEXT("q", QUERY_MAX_LENGTH), ASK_LIMIT), NULL, NULL},
    {GET, "/api/users/{user}", READ, "get_user", LIMIT_READ, 0, NULL, NULL, NULL},
    {PUT, "/api/users/{user}/role", COMMIT, "set_role", LIMIT_WRITE, 0, LIST(NEED_CHOICE("role", SERVER_ROLES), REASON), NULL, NULL},

    /* rooms */
    {GET, "/api/rooms", READ, "list_rooms", LIMIT_READ, 0, LIST(ASK_FLAG("all"), ASK_TEXT("q", QUERY_MAX_LENGTH), ASK_PAGE), NULL, NULL},
    {POST, "/api/rooms", ONCE, "create_room", LIMIT_WRITE, ROUTE_JUDGED | ROUTE_WITH_ADDRESS, LIST(NEED_CHOICE("kind", "channel|group"), NEED_NAME(ROOM_NAME_MAX_LENGTH), TEXT("topic", 0, TOPIC_MAX_LENGTH), IDS("members", 500)), NULL, NULL},
    {GET, "/api/rooms/{room}", READ, "get_room", LIMIT_READ, 0, NULL, NULL, NULL},
    {PATCH, "/api/rooms/{room}", COMMIT, "change_room", LIMIT_WRITE, ROUTE_JUDGED, a_room, NULL, NULL},
    {POST, "/api/rooms/{room}/join", COMMIT, "join_room", LIMIT_WRITE, ROUTE_WITH_ADDRESS, NULL, NULL, NULL},
    {POST, "/api/rooms/{room}/leave", COMMIT, "leave_room", LIMIT_WRITE, 0, NULL, NULL, NULL},
    {GET, "/api/rooms/{room}/members", READ, "list_members", LIMIT_READ, 0, page, NULL, NULL},
    {PUT, "/api/rooms/{room}/members/{user}", COMMIT, "put_member", LIMIT_WRITE, ROUTE_WITH_ADDRESS, LIST(CHOICE("role", ROOM_ROLES), REASON), NULL, NULL},
    {DELETE, "/api/rooms/{room}/members/{user}", COMMIT, "remove_member", LIMIT_WRITE, 0, a_reason, NULL, NULL},
    {PUT, "/api/directs/{user}", COMMIT, "open_direct", LIMIT_WRITE, ROUTE_WITH_ADDRESS, NULL, NULL, NULL},
    {PUT, "/api/rooms/{room}/level", COMMIT, "set_level", LIMIT_WRITE, 0, LIST(NEED_CHOICE("level", "all|mentions|none")), NULL, NULL},
    {GET, "/api/rooms/{room}/export", EXPORT, "export_room", LIMIT_COSTLY, 0, NULL, NULL, NULL},
    {GET, "/api/rooms/{room}/pins", READ, "list_pins", LIMIT_READ, 0, page, NULL, NULL},

    /* messages */
    {GET, "/api/messages/{message}", READ, "get_message", LIMIT_READ, 0, NULL, NULL, NULL},
    {PATCH, "/api/messages/{message}", COMMIT, "edit_message", LIMIT_WRITE, ROUTE_JUDGED | ROUTE_WITH_ADDRESS, LIST(NEED_TEXT("text", 0, TEXT_MAX_LENGTH)), NULL, NULL},
    {DELETE, "/api/messages/{message}", COMMIT, "remove_message", LIMIT_WRITE, 0, a_reason, NULL, NULL},
    {PUT, "/api/messages/{message}/reactions/{emoji:value}", COMMIT, "add_reaction", LIMIT_WRITE, 0, NULL, NULL, NULL},
    {DELETE, "/api/messages/{message}/reactions/{emoji:value}", COMMIT, "remove_reaction", LIMIT_WRITE, 0, NULL, NULL, NULL},
    {PUT, "/api/messages/{message}/pin", COMMIT, "pin_message", LIMIT_WRITE, 0, NULL, NULL, NULL},
    {DELETE, "/api/messages/{message}/pin", COMMIT, "unpin_message", LIMIT_WRITE, 0, NULL, NULL, NULL},
    {GET, "/api/search", SEARCH, "search_messages", LIMIT_COSTLY, 0, a_search, NULL, NULL},
    {GET, "/api/mentions", READ, "list_mentions", LIMIT_READ, 0, page, NULL, NULL},

    /* invitations */
    {GET, "/api/invites", READ, "list_invites", LIMIT_READ, 0, page, NULL, NULL},
    {POST, "/api/invites", ONCE, "create_invite", LIMIT_WRITE, ROUTE_WITH_ADDRESS, LIST(TIME("until"), NUMBER("uses", 1, 1000000), IDS("rooms", 100)), NULL, NULL},
    {DELETE, "/api/invites/{invite}", COMMIT, "delete_invite", LIMIT_WRITE, 0, NULL, NULL, NULL},
    {GET, "/api/invites/{invite:text}", READ, "get_invite", LIMIT_SIGN_IN, ROUTE_PUBLIC, NULL, NULL, NULL},
    {POST, "/api/invites/{invite:text}/accept", COMMIT, "accept_invite", LIMIT_WRITE, 0, NULL, NULL, NULL},

    /* moderation */
    {GET, "/api/blocks", READ, "list_blocks", LIMIT_READ, 0, page, NULL, NULL},
    {PUT, "/api/blocks/{user}", COMMIT, "block_user", LIMIT_WRITE, 0, NULL, NULL, NULL},
    {DELETE, "/api/blocks/{user}", COMMIT, "unblock_user", LIMIT_WRITE, 0, NULL, NULL, NULL},
    {GET, "/api/rooms/{room}/sanctions", READ, "list_sanctions", LIMIT_READ, 0, NULL, NULL, NULL},
    {PUT, "/api/rooms/{room}/mutes/{user}", COMMIT, "mute_member", LIMIT_WRITE, 0, LIST(NEED_TIME("until"), REASON), NULL, NULL},
    {DELETE, "/api/rooms/{room}/mutes/{user}", COMMIT, "unmute_member", LIMIT_WRITE, 0, a_reason, NULL, NULL},
    {PUT, "/api/rooms/{room}/bans/{user}", COMMIT, "ban_member", LIMIT_WRITE, 0, a_sanction, NULL, NULL},
    {DELETE, "/api/rooms/{room}/bans/{user}", COMMIT, "unban_member", LIMIT_WRITE, 0, a_reason, NULL, NULL},
    {GET, "/api/bans", READ, "list_sanctions", LIMIT_READ, 0, NULL, NULL, NULL},
    {PUT, "/api/bans/{user}", COMMIT, "ban_user", LIMIT_WRITE, 0, a_server_ban, NULL, NULL},
    {DELETE, "/api/bans/{user}", COMMIT, "unban_user", LIMIT_WRITE, 0, a_reason, NULL, NULL},
    {POST, "/api/messages/{message}/report", ONCE, "report_message", LIMIT_WRITE, 0, LIST(NEED_TEXT("reason", 0, REASON_MAX_LENGTH)), NULL, NULL},
    {GET, "/api/reports", READ, "list_reports", LIMIT_READ, 0, LIST(ASK_CHOICE("state", "open|resolved|all"), ASK_PAGE), NULL, NULL},
    {POST, "/api/reports/{report}/resolve", COMMIT, "resolve_report", LIMIT_WRITE, 0, a_resolution, NULL, NULL},
    {GET, "/api/rules", READ, "list_rules", LIMIT_READ, 0, page, NULL, NULL},
    {POST, "/api/rules", ONCE, "create_rule", LIMIT_WRITE, 0, a_new_rule, step_check_rule, step_ask_guard},
    {POST, "/api/rules/try", SEARCH, "try_rule", LIMIT_COSTLY, 0, a_tried_rule, NULL, NULL},
    {PATCH, "/api/rules/{rule}", COMMIT, "change_rule", LIMIT_WRITE, 0, a_rule, step_check_rule, step_ask_guard},
    {DELETE, "/api/rules/{rule}", COMMIT, "delete_rule", LIMIT_WRITE, 0, NULL, NULL, step_ask_guard},
    {GET, "/api/network-bans", READ, "list_network_bans", LIMIT_READ, 0, page, NULL, NULL},
    {POST, "/api/network-bans", ONCE, "create_network_ban", LIMIT_WRITE, 0, a_network_ban, NULL, step_ask_guard},
    {DELETE, "/api/network-bans/{ban}", COMMIT, "delete_network_ban", LIMIT_WRITE, 0, NULL, NULL, step_ask_guard},
    {GET, "/api/audit", READ, "list_audit", LIMIT_READ, 0, an_audit, NULL, NULL},
    {POST, "/api/undo", COMMIT, "undo", LIMIT_COSTLY, 0, an_undoing, NULL, step_ask_guard},
    {GET, "/api/raid", READ, "get_raid", LIMIT_READ, 0, NULL, NULL, NULL},
    {PUT, "/api/raid", COMMIT, "set_raid", LIMIT_WRITE, 0, LIST(TIME("until")), NULL, step_ask_guard},
    {GET, "/api/settings", READ, "get_settings", LIMIT_READ, 0, NULL, NULL, NULL},
    {PATCH, "/api/settings", COMMIT, "change_settings", LIMIT_WRITE, ROUTE_TAKES_ANY, NULL, NULL, step_ask_guard},
    {GET, "/api/settings/retention", READ, "preview_retention", LIMIT_COSTLY, 0,
     LIST(ASK_NUMBER("message_days", 0, 36500), ASK_NUMBER("log_days", 1, 365), ASK_NUMBER("audit_days", 365, 36500)), NULL, NULL},
};
const size_t routes_count = sizeof routes / sizeof *routes;

static void add_allowed(char allow[static ROUTE_ALLOW_SIZE], enum method method)
{
    size_t length = strlen(allow);
    const char *name = method == METHOD_GET ? "GET, HEAD" : method_name(method);
    snprintf(allow + length, ROUTE_ALLOW_SIZE - length, "%s%s", length ? ", " : "", name);
}

const struct route *route_find(enum method method, struct span path, struct path_parts *parts, char allow[static ROUTE_ALLOW_SIZE])
{
    bool is_literal = false;
    *allow = '\0';
    for (size_t i = 0; i < routes_count; i++) {
        if (!path_match(routes[i].pattern, path, parts) || (is_literal && parts->count > 0))
            continue; /* "try" of /api/rules/try, which stands before it, is no {rule} */
        is_literal = parts->count == 0;
        if (routes[i].method == method)
            return &routes[i];
        add_allowed(allow, routes[i].method);
    }
    return NULL;
}
