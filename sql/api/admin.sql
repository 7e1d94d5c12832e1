-- What only psql asks: the scripts of sql/admin call these and the functions of the web API alike. parley-api may execute none of them.

-- The id of who has this name; `#7` is the person with the id 7. For the scripts, which are told names.
create function api.person_named(p_name text) returns bigint
language plpgsql stable security definer set search_path = data, rule, pg_temp as $$
declare
  v_id bigint := (select id from data.person where name_key = rule.name_key(p_name));
begin
  perform rule.actor(null);
  if p_name = '' then
    perform rule.refuse_invalid('user', 'say who, like user=bob');
  elsif v_id is null and p_name ~ '^#[0-9]{1,18}$' then
    v_id := (rule.person(substr(p_name, 2)::bigint)).id;
  elsif v_id is null then
    perform rule.not_found('person');
  end if;
  return v_id;
end $$;

-- The same for a channel; `#3` is the room with the id 3.
create function api.room_named(p_name text) returns bigint
language plpgsql stable security definer set search_path = data, rule, pg_temp as $$
declare
  v_ids bigint[] := array(select id from data.room where kind = 'channel' and lower(name) = lower(p_name) order by id);
begin
  perform rule.actor(null);
  if p_name = '' then
    perform rule.refuse_invalid('room', 'say which, like room=lobby');
  elsif p_name ~ '^#[0-9]{1,18}$' then
    return substr(p_name, 2)::bigint;
  elsif cardinality(v_ids) > 1 then
    perform rule.refuse(409, 'not_one', format('There are several channels of this name: say room=''#ID'' with one of %s.', array_to_string(v_ids, ', ')));
  elsif v_ids = '{}' then
    perform rule.not_found('channel');
  end if;
  return v_ids[1];
end $$;

-- Who has a stream open now.
create function api.list_online(p_token text, p_args jsonb, out status int, out body json)
language plpgsql stable security definer set search_path = data, rule, pg_temp as $$
begin
  perform rule.check_moderates_server(rule.actor(p_token));
  status := 200;
  body := json_build_object('users', (
    select coalesce(json_agg(json_build_object('id', p.id, 'name', p.name, 'role', rule.rank_name(p.rank), 'state', rule.presence_of(p.id),
             'since', rule.show_time(here.since), 'streams', here.streams) order by p.name_key), '[]')
    from (select person_id, min(at) as since, count(*) as streams from data.presence where hub <> 0 group by person_id) here
    join data.person p on p.id = here.person_id));
end $$;

-- {user}: whose name holds this, or `#7`: what a moderator wants to know before acting, at most 50.
create function api.inspect_users(p_token text, p_args jsonb, out status int, out body json)
language plpgsql stable security definer set search_path = data, rule, pg_temp as $$
declare
  v_key text := rule.name_key(coalesce(p_args->>'user', ''));
begin
  perform rule.check_moderates_server(rule.actor(p_token));
  status := 200;
  body := json_build_object('users', (
    select coalesce(json_agg(rule.inspect_person(person) order by person.id), '[]')
    from (select * from data.person p where position(v_key in p.name_key) > 0 or '#' || p.id = p_args->>'user' order by p.id limit 50) person));
end $$;

-- {room}: the people of a channel, and those who are banned from it.
create function api.inspect_room(p_token text, p_args jsonb, out status int, out body json)
language plpgsql stable security definer set search_path = data, rule, pg_temp as $$
declare
  v_actor data.person := rule.actor(p_token);
  v_room data.room := rule.visible_room(v_actor, (p_args->>'room')::bigint);
begin
  perform rule.check_moderates(v_actor, v_room);
  status := 200;
  body := json_build_object('members', (
    select coalesce(json_agg(json_build_object('id', p.id, 'name', p.name, 'server_role', rule.rank_name(p.rank), 'room_role', rule.room_role_name(m.role),
             'joined', rule.show_time(m.joined_at), 'online', rule.is_online(p.id), 'muted_until', rule.show_time(rule.muted_until(p.id, v_room.id)),
             'banned_until', rule.show_time(ban.until)) order by m.role desc nulls last, p.name_key), '[]')
    from (select person_id from data.member where room_id = v_room.id
          union select person_id from data.sanction where room_id = v_room.id and kind = 'ban' and until > now()) them
    join data.person p on p.id = them.person_id
    left join data.member m on m.person_id = p.id and m.room_id = v_room.id
    left join data.sanction ban on ban.person_id = p.id and ban.room_id = v_room.id and ban.kind = 'ban' and ban.until > now()));
end $$;

-- {user, room?, since?, reason?, limit?, dry_run?}: removes the newest messages of a person, one by one, in the rooms where
-- the actor stands above: {"messages":50}. A call removes at most `limit` (50), so that posting never waits long; a dry run counts them all.
create function api.remove_messages_of(p_token text, p_args jsonb, out status int, out body json)
language plpgsql volatile security definer set search_path = data, rule, pg_temp as $$
declare
  v_dry boolean := coalesce((p_args->>'dry_run')::boolean, false);
  v_actor data.person := case when v_dry then rule.actor(p_token) else rule.lock_actor(p_token) end;
  v_person data.person := rule.person((p_args->>'user')::bigint);
  v_rooms bigint[] := rule.rooms_above(v_actor, v_person, (p_args->>'room')::bigint);
  v_ids bigint[];
begin
  v_ids := array(
    select m.id from data.message m
    where m.person_id = v_person.id and m.room_id = any(v_rooms) and m.deleted_at is null
      and m.at >= coalesce((p_args->>'since')::timestamptz, '-infinity')
    order by m.id desc limit case when not v_dry then coalesce((p_args->>'limit')::int, 50) end);
  if not v_dry then
    perform rule.remove_message_as(v_actor, m, rule.sanction_reason(p_args)) from data.message m where m.id = any(v_ids);
  end if;
  status := 200;
  body := json_build_object('messages', cardinality(v_ids));
end $$;

-- {guests?}: no new accounts from now on, and with guests = false no guests either. An admin opens again, by the settings.
create function api.close_registration(p_token text, p_args jsonb, out status int, out body json)
language plpgsql volatile security definer set search_path = data, rule, pg_temp as $$
declare
  v_actor data.person := rule.lock_actor(p_token);
  v_values jsonb := '{"registration":"closed"}' || case when (p_args->>'guests')::boolean = false then '{"guests":false}'::jsonb else '{}' end;
begin
  perform rule.check_moderates_server(v_actor);
  perform rule.set_settings(v_actor, 'close_registration', v_values, nullif(rule.sanction_reason(p_args), ''));
  status := 204;
end $$;

-- What there is to set: {"settings":[{"key":…,"value":…,"default":…,"about":…}, …]}
create function api.list_settings(p_token text, p_args jsonb, out status int, out body json)
language plpgsql stable security definer set search_path = data, rule, pg_temp as $$
begin
  perform rule.check_administers(rule.actor(p_token));
  status := 200;
  body := json_build_object('settings', (
    select json_agg(json_build_object('key', key, 'value', rule.setting(key), 'default', value, 'about', about)) from rule.setting_defaults()));
end $$;

-- {user}: a link that signs in once, {"token":…}: for who lost the password. The password stays until it is changed.
create function api.make_sign_in_link(p_token text, p_args jsonb, out status int, out body json)
language plpgsql volatile security definer set search_path = data, rule, pg_temp as $$
declare
  v_actor data.person := rule.lock_actor(p_token);
  v_person data.person := rule.person_to_act_on((p_args->>'user')::bigint);
begin
  if v_actor.rank < 4 then
    perform rule.refuse(403, 'rank_too_low', 'Only an owner may do this.');
  elsif v_person.is_bot then
    perform rule.refuse(409, 'no_sign_in', 'Nobody signs in with this account.');
  elsif rule.is_banned(v_person.id) then
    perform rule.refuse(409, 'banned', 'This person is banned: lift the ban first.');
  end if;
  perform rule.note_audit(v_actor, 'make_sign_in_link', v_person.id);
  status := 201;
  body := json_build_object('token', rule.make_sign_in_link(v_person.id));
end $$;

-- The house in numbers: {"stats":[{"what":"people","number":12},…]}
create function api.server_stats(p_token text, p_args jsonb, out status int, out body json)
language plpgsql stable security definer set search_path = data, rule, pg_temp as $$
begin
  perform rule.check_moderates_server(rule.actor(p_token));
  status := 200;
  body := json_build_object('stats', (select json_agg(json_build_object('what', what, 'number', number)) from rule.stats()));
end $$;
