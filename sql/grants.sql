-- Who may call what. Nothing else is granted: the login roles see no table.
grant usage on schema api to parley_api, parley_stream, parley_image, parley_moderator, parley_admin;

-- parley-api: every function of the API's shape, but what only psql may do.
select format('grant execute on function %s to parley_api', oid::regprocedure)
from pg_proc
where pronamespace = 'api'::regnamespace and pg_get_function_identity_arguments(oid) = 'p_token text, p_args jsonb, OUT status integer, OUT body json'
  and proname not in ('make_first_owner', 'list_online', 'inspect_users', 'inspect_room', 'remove_messages_of', 'close_registration',
                      'make_sign_in_link', 'server_stats', 'server_status', 'list_settings')
\gexec
grant execute on function api.execute(json), api.export_me(text), api.export_room(text, bigint) to parley_api;

-- parley-stream: the log and its readers.
grant execute on function api.log_head(), api.read_log(bigint, int), api.read_events(bigint[]), api.load_readers(jsonb),
  api.replay(jsonb), api.touch_sessions(bigint[]), api.maintain(text),
  api.take_lease(), api.report_presence(int, jsonb, bigint[]), api.find_dead_hubs(), api.reap_hub(int), api.rooms_of(bigint[]), api.count_online(bigint[]), api.count_missed(jsonb) to parley_stream;

-- parley_moderator: what the scripts of daily work call. parley_admin: the same, and roles, sign-in links and settings.
grant execute on function api.person_named(text), api.room_named(text), api.list_online(text, jsonb), api.inspect_users(text, jsonb),
  api.inspect_room(text, jsonb), api.remove_message(text, jsonb), api.remove_messages_of(text, jsonb), api.mute_member(text, jsonb),
  api.unmute_member(text, jsonb), api.ban_member(text, jsonb), api.unban_member(text, jsonb), api.ban_user(text, jsonb),
  api.unban_user(text, jsonb), api.list_sanctions(text, jsonb), api.list_reports(text, jsonb), api.resolve_report(text, jsonb),
  api.list_audit(text, jsonb), api.close_registration(text, jsonb), api.set_raid(text, jsonb), api.server_stats(text, jsonb), api.server_status(text, jsonb),
  api.list_rules(text, jsonb), api.list_network_bans(text, jsonb), api.create_network_ban(text, jsonb), api.delete_network_ban(text, jsonb) to parley_moderator, parley_admin;
grant execute on function api.make_first_owner(text, jsonb), api.set_role(text, jsonb), api.make_sign_in_link(text, jsonb),
  api.list_settings(text, jsonb), api.change_settings(text, jsonb), api.preview_retention(text, jsonb), api.undo(text, jsonb) to parley_admin;

-- parley-image: who may send and see an image, store one, and its bytes. Nothing of rooms, messages and people.
grant execute on function api.check_upload(text, jsonb), api.begin_upload(text, jsonb), api.store_image(text, jsonb, bytea, bytea), api.get_image(text, jsonb),
  api.get_blob(text, boolean), api.health(text, jsonb) to parley_image;
