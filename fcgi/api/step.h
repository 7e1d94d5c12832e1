/*
 * The few things that C does around a call of the database: passwords (the database never sees one), tokens, ids that a client
 * left out, the version. Each is named in the route table as `before` or `after`; it is false when it has answered.
 */
#pragma once
#include "api/route.h"

route_step step_name_post;       /* a message without a client_id gets one, so that it can be repeated */
route_step step_hash_password;   /* password → password_hash */
route_step step_verify_sign_in;  /* name and password must fit → verified_hash */
route_step step_change_password; /* the old one must fit; the new one → password_hash */
route_step step_add_state;       /* who signs in with `state` gets the snapshot to start from in the same answer */
route_step step_metrics;
route_step step_check_rule;      /* what a rule looks for is checked before the log lock is taken for it */
route_step step_ask_guard;       /* rules, settings or network bans have changed: the guard knows it before the answer leaves */
route_step step_add_version;
route_step step_add_health;
