-- Who acts, and how people are shown.

-- The person behind a session's token hash. Without a token it is nobody (401), but from psql the login role itself: id 0, the rank of
-- daily work for parley_moderator, of an owner for parley_admin.
create function rule.actor(p_token text) returns data.person
language plpgsql stable as $$
declare
  v_person data.person;
begin
  if p_token is not null then
    select p.* into v_person
    from data.session s join data.person p on p.id = s.person_id
    where s.token_hash = p_token and s.expires_at > now();
    if found then
      return v_person;
    end if;
  elsif session_user in ('parley_moderator', 'parley_admin') then
    v_person.id := 0;
    v_person.name := session_user;
    v_person.rank := case session_user when 'parley_admin' then 4 else 2 end;
    return v_person;
  end if;
  perform rule.refuse(401, 'no_session', 'Sign in first: this session is unknown or over.');
  return null;
end $$;

create function rule.session_of(p_token text) returns data.session
language plpgsql stable as $$
begin
  return (select s from data.session s where s.token_hash = p_token and s.expires_at > now());
end $$;

create function rule.person(p_id bigint) returns data.person
language plpgsql stable as $$
declare
  v_person data.person;
begin
  select * into v_person from data.person where id = p_id;
  if not found then
    perform rule.not_found('person');
  end if;
  return v_person;
end $$;

-- (In PL/pgSQL, as is_online and others that are asked all the time: what SQL functions look up is planned anew for each call.)
-- From a room, or from the server. Where its keeper is banned a bot is, too: nobody comes back in disguise.
create function rule.is_banned(p_person bigint, p_room bigint default 0) returns boolean
language plpgsql stable as $$
begin
  return exists (select from data.sanction
                 where person_id in (p_person, (select keeper_id from data.person where id = p_person)) and room_id = p_room and kind = 'ban' and until > now());
end $$;

-- {"id":7,"name":"ana"}: how a person stands in messages and events.
create function rule.show_name(p_person data.person) returns json
language sql stable as $$ select json_build_object('id', p_person.id, 'name', p_person.name); $$;

create function rule.show_name_of(p_person bigint) returns json
language plpgsql stable as $$
begin
  return (select rule.show_name(p) from data.person p where p.id = p_person);
end $$;

create function rule.person_object(p_person data.person, p_online boolean) returns json
language sql stable as $$
  select json_build_object('id', p_person.id, 'name', p_person.name, 'role', rule.rank_name(p_person.rank),
    'kind', case when p_person.is_bot then 'bot' else 'person' end, 'online', p_online, 'status', p_person.status);
$$;

create function rule.show_person_as(p_person data.person, p_online boolean, p_banned boolean) returns json
language sql stable as $$
  select case when p_banned then (rule.person_object(p_person, p_online)::jsonb || '{"banned": true}')::json else rule.person_object(p_person, p_online) end;
$$;

create function rule.show_person(p_person data.person) returns json
language plpgsql stable as $$
declare
  v_online boolean := rule.is_online(p_person.id);
  v_banned boolean := rule.is_banned(p_person.id);
begin
  return rule.show_person_as(p_person, v_online, v_banned);
end $$;

-- Whose messages stayed when they left for good is called this; nobody else is.
create function rule.erased_name() returns text
language sql immutable as $$ select 'removed person'; $$;

-- A name that nobody has. A guest who was away too long without any session gives it back and becomes name#ID.
create function rule.claim_name(p_name text, p_except bigint default 0) returns text
language plpgsql volatile as $$
declare
  v_key text := rule.name_key(p_name);
  v_holder data.person;
begin
  if v_key = rule.erased_name() then
    perform rule.refuse(409, 'name_taken', 'This is what those are called who have left for good. Choose another name.');
  end if;
  select * into v_holder from data.person where name_key = v_key;
  if not found or v_holder.id = p_except then
    return v_key;
  end if;
  if not rule.is_lost_guest(v_holder) then
    perform rule.refuse(409, 'name_taken', 'Somebody has this name already. Choose another.');
  end if;
  perform rule.release_name(v_holder);
  return v_key;
end $$;

-- Whoever has a password signs in again by the name, also with the rank of a guest.
create function rule.is_lost_guest(p_person data.person) returns boolean
language sql stable as $$
  select p_person.rank = 0 and p_person.password_hash is null and not p_person.is_bot and p_person.erased_at is null
     and p_person.seen_at < now() - make_interval(days => rule.setting_number('guest_name_days')::int)
     and not rule.is_banned(p_person.id)
     and not exists (select from data.session where person_id = p_person.id and expires_at > now());
$$;

-- name#ID; where somebody has taken that, name#ID-2, and so on: no two people have one name.
create function rule.release_name(p_person data.person) returns void
language plpgsql volatile as $$
declare
  v_suffix text := '#' || p_person.id;
  v_turn int := 1;
  v_name text;
begin
  loop
    v_name := left(p_person.name, 40 - length(v_suffix)) || v_suffix;
    exit when not exists (select from data.person where name_key = rule.name_key(v_name) and id <> p_person.id);
    v_turn := v_turn + 1;
    v_suffix := '#' || p_person.id || '-' || v_turn;
  end loop;
  update data.person set name = v_name, name_key = rule.name_key(v_name) where id = p_person.id;
  perform rule.log_event('user.changed', 'shared', p_person.id, p_person => p_person.id, p_actor => p_person.id);
end $$;

-- A new account and its place in the lobby.
create function rule.create_person(p_name text, p_rank int, p_password_hash text default null, p_bot boolean default false, p_keeper bigint default null)
returns data.person
language plpgsql volatile as $$
declare
  v_name text := rule.clean_name(p_name);
  v_person data.person;
begin
  insert into data.person (name, name_key, rank, password_hash, is_bot, keeper_id)
  values (v_name, rule.claim_name(v_name), p_rank, p_password_hash, p_bot, p_keeper)
  returning * into v_person;
  perform rule.enter_lobby(v_person);
  return v_person;
end $$;

-- A session under a token hash that the program drew; the same hash again is the same session, so a call can be repeated.
create function rule.create_session(p_person data.person, p_args jsonb, p_by_link boolean default false) returns void
language plpgsql volatile as $$
begin
  insert into data.session (person_id, token_hash, address, agent, by_link)
  values (p_person.id, p_args->>'new_token', (p_args->>'address')::inet, left(coalesce(p_args->>'agent', ''), 200), p_by_link);
  update data.person set seen_at = now() where id = p_person.id;
end $$;

-- They are in use: a session ends 30 days after its last use, which is known to the hour. Many at once and without the log lock: one that somebody
-- holds is being touched, or ended.
create function rule.touch_sessions(p_sessions bigint[]) returns void
language plpgsql volatile as $$
begin
  update data.session set used_at = now(), expires_at = greatest(expires_at, now() + interval '30 days')
  where id = any(array(select id from data.session where id = any(p_sessions) and used_at < now() - interval '1 hour' and expires_at > now()
                       order by id for update skip locked));
end $$;

-- Ends sessions: their streams close, by an event for each, and whoever has no other one is offline with that.
create function rule.end_sessions(p_person bigint, p_reason text, p_only bigint default null, p_except bigint default null) returns int
language plpgsql volatile as $$
declare
  v_session bigint;
  v_ended bigint[] := array[]::bigint[];
begin
  for v_session in
    delete from data.session
    where person_id = p_person and (p_only is null or id = p_only) and id is distinct from p_except
    returning id
  loop
    perform rule.log_event('session.ended', 'session', v_session, p_actor => p_person, p_detail => jsonb_build_object('reason', p_reason));
    v_ended := v_ended || v_session;
  end loop;
  perform rule.end_presence(p_person, v_ended);
  update data.person set seen_at = now() where id = p_person;
  return cardinality(v_ended);
end $$;

-- What is signed in gets: {"user":…}; the program adds the token.
create function rule.show_signed_in(p_person data.person) returns json
language sql stable as $$ select json_build_object('user', rule.show_person(p_person)); $$;

-- The person of a session that was made with this very token: the call is a repetition.
create function rule.already_signed_in(p_args jsonb) returns data.person
language plpgsql stable as $$
begin
  return (select p from data.session s join data.person p on p.id = s.person_id where s.token_hash = p_args->>'new_token');
end $$;

create function rule.check_not_banned(p_person data.person) returns void
language plpgsql stable as $$
declare
  v_ban data.sanction;
begin
  select * into v_ban from data.sanction where person_id = p_person.id and room_id = 0 and kind = 'ban' and until > now();
  if found then
    perform rule.refuse(403, 'banned', 'You are banned from this server' || coalesce(': ' || nullif(v_ban.reason, ''), '') || '.',
                        jsonb_build_object('until', rule.show_time(v_ban.until)));
  end if;
end $$;

-- A link that signs in once, within three days; gives its token.
create function rule.make_sign_in_link(p_person bigint) returns text
language plpgsql volatile as $$
declare
  v_token text := rule.new_token();
begin
  delete from data.sign_in_link where person_id = p_person;
  insert into data.sign_in_link (token_hash, person_id, until) values (rule.token_hash(v_token), p_person, now() + interval '3 days');
  return v_token;
end $$;

-- Whether this session may set a password without giving the old one: the first of who stands above a guest, or a new one of who came in
-- by a sign-in link within the hour, once.
create function rule.may_set_password(p_person data.person, p_session data.session) returns boolean
language sql stable as $$
  select not p_person.is_bot and case when p_person.password_hash is null then p_person.rank > 0
                                      else coalesce(p_session.by_link and p_session.created_at > now() - interval '1 hour', false) end;
$$;

-- One's own account also shows its settings, and what is to be known of its password.
create function rule.show_own(p_person data.person, p_session data.session default null) returns json
language plpgsql stable as $$
begin
  return rule.show_person(p_person)::jsonb || jsonb_build_object('settings', p_person.settings, 'has_password', p_person.password_hash is not null,
                                                                'may_set_password', rule.may_set_password(p_person, p_session));
end $$;

create function rule.show_me(p_person data.person, p_session data.session) returns json
language sql stable as $$ select json_build_object('user', rule.show_own(p_person, p_session)); $$;

create function rule.check_no_raid() returns void
language plpgsql stable as $$
begin
  if rule.is_raid() then
    perform rule.refuse(403, 'raid', 'This server is under attack and lets nobody new in for some hours. Come back later.');
  end if;
end $$;

create function rule.check_registration(p_invited boolean) returns void
language plpgsql stable as $$
begin
  perform rule.check_no_raid();
  if rule.setting_text('registration') = 'closed' then
    perform rule.refuse(403, 'registration_closed', 'This server takes no new accounts at the moment.');
  elsif rule.setting_text('registration') = 'invite' and not p_invited then
    perform rule.refuse(403, 'invite_needed', 'A new account needs an invitation here. Ask somebody who is in for a link.');
  end if;
end $$;

-- Those that are not over: where one is signed in, or one's tokens.
create function rule.sessions_of(p_person bigint, p_is_token boolean) returns bigint[]
language sql stable as $$ select array(select id from data.session where person_id = p_person and is_token = p_is_token and expires_at > now() order by id); $$;

create function rule.show_session(p_session data.session, p_current bigint) returns json
language sql stable as $$
  select json_build_object('id', p_session.id, 'label', p_session.label, 'agent', p_session.agent, 'address', host(p_session.address),
    'created_at', rule.show_time(p_session.created_at), 'used_at', rule.show_time(p_session.used_at),
    'expires_at', rule.show_time(p_session.expires_at), 'current', p_session.id = p_current);
$$;

-- Ends one session or token of one's own. Else 404.
create function rule.end_own_session(p_actor data.person, p_session bigint, p_is_token boolean) returns void
language plpgsql volatile as $$
begin
  if not exists (select from data.session where id = p_session and person_id = p_actor.id and is_token = p_is_token) then
    perform rule.not_found(case when p_is_token then 'token' else 'session' end);
  end if;
  perform rule.end_sessions(p_actor.id, 'revoked', p_only => p_session);
end $$;

-- A bearer token of a person (or of a bot, counted for its keeper); it lasts until it is deleted, or the
-- password changes. Repeating the call gives the same id.
create function rule.create_token(p_person bigint, p_keeper bigint, p_args jsonb) returns bigint
language plpgsql volatile as $$
declare
  v_id bigint := (select id from data.session where token_hash = p_args->>'new_token');
begin
  if v_id is null then
    perform rule.use_up(p_keeper, 'tokens');
    insert into data.session (person_id, token_hash, is_token, label, expires_at)
    values (p_person, p_args->>'new_token', true, rule.clean_name(p_args->>'label', 80, 'label'), 'infinity')
    returning id into v_id;
  end if;
  return v_id;
end $$;

-- To the streams of the one who blocks, and to nobody else.
create function rule.tell_block(p_person bigint, p_blocked bigint, p_is_blocked boolean) returns void
language sql volatile as $$
  select rule.log_event('block.changed', 'person', p_person, p_actor => p_person,
                        p_detail => jsonb_build_object('blocked_id', p_blocked, 'blocked', p_is_blocked));
$$;

create function rule.inspect_person(p_person data.person) returns json
language sql stable as $$
  select json_build_object('id', p_person.id, 'name', p_person.name, 'role', rule.rank_name(p_person.rank),
    'keeper', (select name from data.person where id = p_person.keeper_id), 'state', rule.presence_of(p_person.id),
    'since', rule.show_time(p_person.created_at), 'seen', rule.show_time(p_person.seen_at),
    'sessions', (select count(*) from data.session where person_id = p_person.id and expires_at > now()),
    'addresses', (select string_agg(distinct host(address), ' ') from data.session where person_id = p_person.id and expires_at > now()),
    'rooms', (select count(*) from data.member where person_id = p_person.id),
    'reports', (select count(*) from data.report where author_id = p_person.id),
    'hidden', p_person.hidden_up_to > 0,
    'banned_until', (select rule.show_time(until) from data.sanction where person_id = p_person.id and room_id = 0 and kind = 'ban' and until > now()),
    'mutes', (select count(*) from data.sanction where person_id = p_person.id and kind = 'mute' and until > now()));
$$;
