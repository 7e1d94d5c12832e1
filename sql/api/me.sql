-- One's own account: name, password, sessions, tokens, bots.

create function api.get_me(p_token text, p_args jsonb, out status int, out body json)
language plpgsql stable security definer set search_path = data, rule, pg_temp as $$
begin
  status := 200;
  body := rule.show_me(rule.actor(p_token), rule.session_of(p_token));
end $$;

-- PATCH /api/me {name?, status?, settings?}: a rename is an event that everyone who shares a room sees. Of `settings` the keys given are
-- set, null takes one away, as it does a status.
create function api.change_me(p_token text, p_args jsonb, out status int, out body json)
language plpgsql volatile security definer set search_path = data, rule, pg_temp as $$
declare
  v_actor data.person := rule.lock_actor(p_token);
  v_new data.person := v_actor;
begin
  if p_args ? 'name' then
    v_new.name := rule.clean_name(p_args->>'name');
    v_new.name_key := rule.claim_name(v_new.name, v_actor.id);
  end if;
  if p_args ? 'status' then
    v_new.status := rule.clean_line(coalesce(p_args->>'status', ''), 'status', 100);
  end if;
  v_new.settings := jsonb_strip_nulls(v_actor.settings || coalesce(nullif(p_args->'settings', 'null'), '{}'));
  if length(v_new.settings::text) > 16384 then
    perform rule.refuse_invalid('settings', 'at most 16 KB in all');
  end if;
  update data.person set name = v_new.name, name_key = v_new.name_key, status = v_new.status, settings = v_new.settings where id = v_actor.id;
  if (v_new.name, v_new.status) is distinct from (v_actor.name, v_actor.status) then
    perform rule.use_up(v_actor.id, 'renames');
    perform rule.log_event('user.changed', 'shared', v_actor.id, p_person => v_actor.id, p_actor => v_actor.id);
  end if;
  status := 200;
  body := rule.show_me(v_new, rule.session_of(p_token));
end $$;

-- POST /api/me/password {old?, password}: the program has verified the old one, where it is needed; all other sessions end, tokens too.
create function api.change_password(p_token text, p_args jsonb, out status int, out body json)
language plpgsql volatile security definer set search_path = data, rule, pg_temp as $$
declare
  v_actor data.person := rule.lock_actor(p_token);
begin
  update data.person set password_hash = p_args->>'password_hash' where id = v_actor.id;
  update data.session set by_link = false where token_hash = p_token and by_link;
  perform rule.forget_failures(v_actor.name_key);
  perform rule.end_sessions(v_actor.id, 'password_changed', p_except => (rule.session_of(p_token)).id);
  status := 204;
end $$;

-- POST /api/me/upgrade {name?, password, invite?}: a guest becomes a member and keeps id and messages, where an account needs an invitation
-- with one. Who has a rank already, but no password yet (the owner of the first start), sets the first one here, too.
create function api.upgrade_me(p_token text, p_args jsonb, out status int, out body json)
language plpgsql volatile security definer set search_path = data, rule, pg_temp as $$
declare
  v_actor data.person := rule.lock_actor(p_token);
  v_invite data.invite;
begin
  if v_actor.password_hash is not null or v_actor.is_bot then
    perform rule.refuse(409, 'not_a_guest', 'This is a member account already.');
  end if;
  if v_actor.rank = 0 then
    v_invite := rule.invited_to_register(p_args);
  end if;
  if p_args->>'name' is not null then
    v_actor.name := rule.clean_name(p_args->>'name');
    v_actor.name_key := rule.claim_name(v_actor.name, v_actor.id);
  end if;
  update data.person set rank = greatest(rank, 1), password_hash = p_args->>'password_hash', name = v_actor.name, name_key = v_actor.name_key
  where id = v_actor.id;
  perform rule.log_event('user.changed', 'shared', v_actor.id, p_person => v_actor.id, p_actor => v_actor.id);
  if v_invite.id is not null then
    perform rule.use_invite(v_invite, v_actor);
  end if;
  status := 204;
end $$;

-- GET /api/me/sessions: where I am signed in.
create function api.list_sessions(p_token text, p_args jsonb, out status int, out body json)
language plpgsql stable security definer set search_path = data, rule, pg_temp as $$
declare
  v_actor data.person := rule.actor(p_token);
  v_page record := rule.page_of(rule.sessions_of(v_actor.id, false), p_args, null);
begin
  status := 200;
  body := json_build_object(
    'sessions', (select coalesce(json_agg(rule.show_session(s, (rule.session_of(p_token)).id) order by s.id), '[]') from data.session s where s.id = any(v_page.ids)),
    'more_before', v_page.more_before, 'more_after', v_page.more_after);
end $$;

-- DELETE /api/me/sessions/ID: sign out elsewhere.
create function api.end_session(p_token text, p_args jsonb, out status int, out body json)
language plpgsql volatile security definer set search_path = data, rule, pg_temp as $$
declare
  v_actor data.person := rule.lock_actor(p_token);
begin
  perform rule.end_own_session(v_actor, (p_args->>'session')::bigint, false);
  status := 204;
end $$;

-- POST /api/me/tokens {label}: a bearer token for scripts; the program adds it to the answer, once.
create function api.create_token(p_token text, p_args jsonb, out status int, out body json)
language plpgsql volatile security definer set search_path = data, rule, pg_temp as $$
declare
  v_actor data.person := rule.lock_actor(p_token);
begin
  status := 201;
  body := json_build_object('id', rule.create_token(v_actor.id, v_actor.id, p_args));
end $$;

create function api.list_tokens(p_token text, p_args jsonb, out status int, out body json)
language plpgsql stable security definer set search_path = data, rule, pg_temp as $$
declare
  v_actor data.person := rule.actor(p_token);
  v_page record := rule.page_of(rule.sessions_of(v_actor.id, true), p_args, null);
begin
  status := 200;
  body := json_build_object(
    'tokens', (
      select coalesce(json_agg(json_build_object('id', id, 'label', label, 'created_at', rule.show_time(created_at), 'used_at', rule.show_time(used_at)) order by id), '[]')
      from data.session where id = any(v_page.ids)),
    'more_before', v_page.more_before, 'more_after', v_page.more_after);
end $$;

create function api.delete_token(p_token text, p_args jsonb, out status int, out body json)
language plpgsql volatile security definer set search_path = data, rule, pg_temp as $$
declare
  v_actor data.person := rule.lock_actor(p_token);
begin
  perform rule.end_own_session(v_actor, (p_args->>'session')::bigint, true);
  status := 204;
end $$;

-- POST /api/bots {name}: a bot of mine, below my own rank, with its first token.
create function api.create_bot(p_token text, p_args jsonb, out status int, out body json)
language plpgsql volatile security definer set search_path = data, rule, pg_temp as $$
declare
  v_actor data.person := rule.lock_actor(p_token);
  v_bot data.person;
begin
  if v_actor.rank = 0 or v_actor.is_bot then
    perform rule.refuse(403, 'rank_too_low', 'A bot stands below its keeper: a guest or a bot has nothing below.');
  end if;
  v_bot := rule.already_signed_in(p_args);
  if v_bot.id is null then
    perform rule.use_up(v_actor.id, 'bots');
    v_bot := rule.create_person(p_args->>'name', least(v_actor.rank - 1, 1), p_bot => true, p_keeper => v_actor.id);
    perform rule.create_token(v_bot.id, v_actor.id, p_args || '{"label":"first"}');
  end if;
  status := 201;
  body := rule.show_signed_in(v_bot);
end $$;

-- GET /api/bots: mine, with when each was last used.
create function api.list_bots(p_token text, p_args jsonb, out status int, out body json)
language plpgsql stable security definer set search_path = data, rule, pg_temp as $$
declare
  v_actor data.person := rule.actor(p_token);
  v_page record := rule.page_of(array(select id from data.person where keeper_id = v_actor.id and erased_at is null order by id), p_args, null);
begin
  status := 200;
  body := json_build_object(
    'bots', (select coalesce(json_agg(json_build_object('user', rule.show_person(p), 'used_at', (select rule.show_time(max(used_at)) from data.session where person_id = p.id)) order by p.id), '[]')
             from data.person p where p.id = any(v_page.ids)),
    'more_before', v_page.more_before, 'more_after', v_page.more_after);
end $$;

-- DELETE /api/bots/ID: a bot of mine is no more. Its tokens end, its name is free, what it wrote stays by "removed person".
create function api.delete_bot(p_token text, p_args jsonb, out status int, out body json)
language plpgsql volatile security definer set search_path = data, rule, pg_temp as $$
declare
  v_actor data.person := rule.lock_actor(p_token);
  v_bot data.person;
begin
  select * into v_bot from data.person where id = (p_args->>'bot')::bigint and keeper_id = v_actor.id and erased_at is null;
  if not found then
    perform rule.not_found('bot');
  end if;
  perform rule.note_audit(v_actor, 'delete_bot', v_bot.id);
  perform rule.erase_person(v_bot, false);
  status := 204;
end $$;
