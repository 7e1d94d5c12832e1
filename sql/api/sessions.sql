-- Coming in and going out.

-- POST /api/session/guest {name}: the quickest way in.
create function api.sign_in_guest(p_token text, p_args jsonb, out status int, out body json)
language plpgsql volatile security definer set search_path = data, rule, pg_temp as $$
declare
  v_person data.person;
begin
  perform rule.lock_log();
  v_person := rule.already_signed_in(p_args);
  if v_person.id is null then
    perform rule.check_network(p_args);
    perform rule.check_no_raid();
    if not rule.setting_is_on('guests') then
      perform rule.refuse(403, 'guests_off', 'This server takes no guests. Sign in, or ask for an invitation.');
    end if;
    v_person := rule.create_person(p_args->>'name', 0);
    perform rule.count_arrival(p_args);
    perform rule.create_session(v_person, p_args);
  end if;
  status := 201;
  body := rule.show_signed_in(v_person);
end $$;

-- POST /api/session/link {token}: a one-time link.
create function api.sign_in_link(p_token text, p_args jsonb, out status int, out body json)
language plpgsql volatile security definer set search_path = data, rule, pg_temp as $$
declare
  v_link data.sign_in_link;
  v_person data.person;
begin
  perform rule.lock_log();
  v_person := rule.already_signed_in(p_args);
  if v_person.id is null then
    perform rule.check_network(p_args);
    select * into v_link from data.sign_in_link where token_hash = rule.token_hash(p_args->>'token');
    if not found then
      perform rule.not_found('link');
    elsif v_link.used_at is not null or v_link.until <= now() then
      perform rule.refuse(410, 'gone', 'This link was used already, or it is too old. Ask for another one.');
    end if;
    v_person := rule.person(v_link.person_id);
    perform rule.check_not_banned(v_person);
    update data.sign_in_link set used_at = now() where token_hash = v_link.token_hash;
    perform rule.create_session(v_person, p_args, p_by_link => true);
  end if;
  status := 201;
  body := rule.show_signed_in(v_person);
end $$;

-- DELETE /api/session: this session is over, its streams close.
create function api.sign_out(p_token text, p_args jsonb, out status int, out body json)
language plpgsql volatile security definer set search_path = data, rule, pg_temp as $$
declare
  v_actor data.person := rule.lock_actor(p_token);
begin
  perform rule.end_sessions(v_actor.id, 'signed_out', p_only => (rule.session_of(p_token)).id);
  status := 204;
end $$;

-- For the program, once an hour a session: that it is in use, and whose it is, {"person":7,"is_guest":false}, since the limits are a person's, and
-- guests do not hold up members. Waits for no flush.
create function api.use_session(p_token text, p_args jsonb, out status int, out body json)
language plpgsql volatile security definer set search_path = data, rule, pg_temp as $$
declare
  v_actor data.person := rule.actor(p_token);
begin
  perform set_config('synchronous_commit', 'off', true);
  perform rule.touch_sessions(array[(rule.session_of(p_token)).id]);
  status := 200;
  body := json_build_object('person', v_actor.id, 'is_guest', v_actor.rank = 0);
end $$;

-- For psql (parley_admin): the first owner and a sign-in link for it, {"token":…}; null when there is an owner already.
create function api.make_first_owner(p_token text, p_args jsonb, out status int, out body json)
language plpgsql volatile security definer set search_path = data, rule, pg_temp as $$
declare
  v_actor data.person := rule.lock_actor(p_token);
  v_owner data.person;
begin
  if v_actor.rank < 4 then
    perform rule.refuse(403, 'rank_too_low', 'Only an owner may do this.');
  end if;
  status := 200;
  if not exists (select from data.person where rank = 4) then
    v_owner := rule.create_person(coalesce(p_args->>'name', 'owner'), 4);
    perform rule.note_audit(v_actor, 'make_first_owner', v_owner.id);
    body := json_build_object('token', rule.make_sign_in_link(v_owner.id));
  end if;
end $$;

-- POST /api/users {name, password, invite?}: a member account. The program gives `password_hash`.
create function api.register_user(p_token text, p_args jsonb, out status int, out body json)
language plpgsql volatile security definer set search_path = data, rule, pg_temp as $$
declare
  v_person data.person;
  v_invite data.invite;
begin
  perform rule.lock_log();
  v_person := rule.already_signed_in(p_args);
  if v_person.id is null then
    perform rule.check_network(p_args);
    v_invite := rule.invited_to_register(p_args);
    v_person := rule.create_person(p_args->>'name', 1, p_args->>'password_hash');
    perform rule.count_arrival(p_args);
    if v_invite.id is not null then
      perform rule.use_invite(v_invite, v_person);
    end if;
    perform rule.create_session(v_person, p_args);
  end if;
  status := 201;
  body := rule.show_signed_in(v_person);
end $$;

-- For the program: the hash to verify a password against, or null; 429 when it is too soon to try again.
create function api.password_of(p_token text, p_args jsonb, out status int, out body json)
language plpgsql stable security definer set search_path = data, rule, pg_temp as $$
begin
  perform rule.check_tries(p_args);
  status := 200;
  body := json_build_object('hash', (select password_hash from data.person where name_key = rule.typed_name_key(p_args->>'name')));
end $$;

-- The same, when the password was wrong: counts it, and is the answer.
create function api.note_wrong_password(p_token text, p_args jsonb, out status int, out body json)
language plpgsql volatile security definer set search_path = data, rule, pg_temp as $$
begin
  perform rule.note_failure(p_args);
  status := 401;
  body := json_build_object('status', 401, 'code', 'bad_credentials', 'title', 'There is no account with this name and password.');
end $$;

-- The same for one's own: the hash of the old password, null when a new one may be set without it. Whoever has found a session open is no better
-- off than who tries to sign in.
create function api.my_password(p_token text, p_args jsonb, out status int, out body json)
language plpgsql stable security definer set search_path = data, rule, pg_temp as $$
declare
  v_actor data.person := rule.actor(p_token);
  v_may_set boolean := rule.may_set_password(v_actor, rule.session_of(p_token));
begin
  if v_actor.password_hash is null and not v_may_set then
    perform rule.refuse(409, 'no_password', 'This account has no password yet. Make it a member account first.');
  elsif not v_may_set then
    perform rule.check_tries(rule.tried_as(v_actor, p_args));
  end if;
  status := 200;
  body := json_build_object('hash', case when not v_may_set then v_actor.password_hash end);
end $$;

-- When that was wrong: counts it, and is the answer.
create function api.note_wrong_old_password(p_token text, p_args jsonb, out status int, out body json)
language plpgsql volatile security definer set search_path = data, rule, pg_temp as $$
begin
  perform rule.note_failure(rule.tried_as(rule.actor(p_token), p_args));
  status := 403;
  body := json_build_object('status', 403, 'code', 'bad_credentials', 'title', 'The old password is not right.');
end $$;

-- POST /api/session {name, password}: the program has verified the password against `verified_hash`, which is still the one of the account:
-- a sign-in that was under way when the password changed comes too late.
create function api.sign_in(p_token text, p_args jsonb, out status int, out body json)
language plpgsql volatile security definer set search_path = data, rule, pg_temp as $$
declare
  v_person data.person;
begin
  perform rule.lock_log();
  v_person := rule.already_signed_in(p_args);
  if v_person.id is null then
    perform rule.check_network(p_args);
    select * into v_person from data.person where name_key = rule.typed_name_key(p_args->>'name') and password_hash = p_args->>'verified_hash';
    if not found then
      perform rule.refuse(401, 'bad_credentials', 'There is no account with this name and password.');
    end if;
    perform rule.check_not_banned(v_person);
    perform rule.forget_failures(v_person.name_key);
    perform rule.create_session(v_person, p_args);
  end if;
  status := 201;
  body := rule.show_signed_in(v_person);
end $$;
