-- What moderators do to people: mute, ban, change a role. Every act is judged by the one ladder (rule/ranks.sql) after the log lock
-- is held, and writes its audit row. Repeating a call is no error.

-- PUT /api/rooms/ID/mutes/USER {until, reason}
create function api.mute_member(p_token text, p_args jsonb, out status int, out body json)
language plpgsql volatile security definer set search_path = data, rule, pg_temp as $$
declare
  v_actor data.person := rule.lock_actor(p_token);
begin
  perform rule.mute_as(v_actor, rule.person_to_act_on((p_args->>'user')::bigint), (p_args->>'room')::bigint,
                       rule.sanction_until(p_args), rule.sanction_reason(p_args));
  status := 204;
end $$;

-- DELETE /api/rooms/ID/mutes/USER
create function api.unmute_member(p_token text, p_args jsonb, out status int, out body json)
language plpgsql volatile security definer set search_path = data, rule, pg_temp as $$
declare
  v_actor data.person := rule.lock_actor(p_token);
  v_room data.room := rule.visible_room(v_actor, (p_args->>'room')::bigint);
  v_person data.person := rule.person_to_act_on((p_args->>'user')::bigint);
  v_lifted jsonb;
begin
  perform rule.moderated_room(v_actor, v_room.id, v_person);
  v_lifted := rule.lift_sanction(v_person.id, v_room.id, 'mute');
  if v_lifted is not null then
    perform rule.tell_muted(v_actor, v_person.id, v_room.id);
    perform rule.note_audit(v_actor, 'unmute_member', v_person.id, v_room.id, p_reason => p_args->>'reason', p_detail => v_lifted);
  end if;
  status := 204;
end $$;

-- PUT /api/rooms/ID/bans/USER {until?, reason}: also of somebody who is not in the room.
create function api.ban_member(p_token text, p_args jsonb, out status int, out body json)
language plpgsql volatile security definer set search_path = data, rule, pg_temp as $$
declare
  v_actor data.person := rule.lock_actor(p_token);
begin
  perform rule.ban_member_as(v_actor, rule.person_to_act_on((p_args->>'user')::bigint), (p_args->>'room')::bigint,
                             rule.sanction_until(p_args), rule.sanction_reason(p_args));
  status := 204;
end $$;

-- DELETE /api/rooms/ID/bans/USER: may join again; nobody is put back.
create function api.unban_member(p_token text, p_args jsonb, out status int, out body json)
language plpgsql volatile security definer set search_path = data, rule, pg_temp as $$
declare
  v_actor data.person := rule.lock_actor(p_token);
  v_room data.room := rule.visible_room(v_actor, (p_args->>'room')::bigint);
  v_person data.person := rule.person_to_act_on((p_args->>'user')::bigint);
  v_lifted jsonb;
begin
  perform rule.moderated_room(v_actor, v_room.id, v_person);
  v_lifted := rule.lift_sanction(v_person.id, v_room.id, 'ban');
  if v_lifted is not null then
    perform rule.note_audit(v_actor, 'unban_member', v_person.id, v_room.id, p_reason => p_args->>'reason', p_detail => v_lifted);
  end if;
  status := 204;
end $$;

-- GET /api/rooms/ID/sanctions, and GET /api/bans for the whole server (room 0; the list is `bans` then): who is muted or banned now, until when
-- and why.
-- For those who moderate there.
create function api.list_sanctions(p_token text, p_args jsonb, out status int, out body json)
language plpgsql stable security definer set search_path = data, rule, pg_temp as $$
declare
  v_actor data.person := rule.actor(p_token);
  v_room bigint := coalesce((p_args->>'room')::bigint, 0);
begin
  if v_room = 0 then
    perform rule.check_moderates_server(v_actor);
  else
    perform rule.check_moderates(v_actor, rule.visible_room(v_actor, v_room));
  end if;
  status := 200;
  body := json_build_object(case v_room when 0 then 'bans' else 'sanctions' end, (
    select coalesce(json_agg(json_build_object('user', rule.show_name_of(s.person_id), 'kind', s.kind, 'until', rule.show_time(s.until),
             'reason', s.reason, 'by', rule.show_name_of(s.actor_id), 'at', rule.show_time(s.at)) order by s.at, s.person_id), '[]')
    from data.sanction s where s.room_id = v_room and s.until > now()));
end $$;

-- PUT /api/bans/USER {until?, reason, messages: "keep"|"hide", dry_run?}: 204; a dry run 200 with what it would touch (no messages when
-- these are to be kept), and touches nothing:
-- {"bots":0,"sessions":2,"tokens":1,"invites":0,"uploads":0,"messages":57,"rooms":3}
-- Banned once more without `messages`, what was hidden stays so; `keep` shows it.
create function api.ban_user(p_token text, p_args jsonb, out status int, out body json)
language plpgsql volatile security definer set search_path = data, rule, pg_temp as $$
declare
  v_dry boolean := coalesce((p_args->>'dry_run')::boolean, false);
  v_actor data.person := case when v_dry then rule.actor(p_token) else rule.lock_actor(p_token) end;
  v_until timestamptz := rule.sanction_until(p_args);
  v_reason text := rule.sanction_reason(p_args);
  v_person data.person;
begin
  perform rule.check_moderates_server(v_actor);
  v_person := rule.person_to_act_on((p_args->>'user')::bigint);
  perform rule.check_outranks(v_actor, v_person);
  if coalesce(p_args->>'messages', 'keep') not in ('keep', 'hide') then
    perform rule.refuse_invalid('messages', 'keep or hide');
  end if;
  status := 204;
  if v_dry then
    status := 200;
    body := rule.count_ban(v_person) || case when p_args->>'messages' = 'keep' then '{"messages":0,"rooms":0}' else rule.count_hidden(v_person) end;
  else
    perform rule.ban_user_as(v_actor, v_person, v_until, v_reason, p_args->>'messages');
  end if;
end $$;

-- DELETE /api/bans/USER: may sign in again, and hidden messages come back, also when the ban has run out by itself.
create function api.unban_user(p_token text, p_args jsonb, out status int, out body json)
language plpgsql volatile security definer set search_path = data, rule, pg_temp as $$
declare
  v_actor data.person := rule.lock_actor(p_token);
  v_person data.person;
  v_lifted jsonb;
begin
  perform rule.check_moderates_server(v_actor);
  v_person := rule.person_to_act_on((p_args->>'user')::bigint);
  perform rule.check_outranks(v_actor, v_person);
  v_lifted := rule.lift_sanction(v_person.id, 0, 'ban');
  perform rule.hide_up_to(v_actor, v_person.id, 0);
  if v_lifted is not null then
    perform rule.log_event('user.changed', 'shared', v_person.id, p_person => v_person.id, p_actor => v_actor.id);
  end if;
  if v_lifted is not null or v_person.hidden_up_to > 0 then
    perform rule.note_audit(v_actor, 'unban_user', v_person.id, p_reason => p_args->>'reason',
                            p_detail => coalesce(v_lifted, '{}') || jsonb_build_object('shown', v_person.hidden_up_to > 0, 'hidden_was', v_person.hidden_up_to));
  end if;
  status := 204;
end $$;

-- PUT /api/users/ID/role {role}: the role of now and the new one are both below the actor's own, but an owner makes owners.
-- A guest given a role keeps id, name and sessions, and is a member account from then on: the name is no longer given back, and a
-- password can be set with POST /api/me/upgrade or by a sign-in link.
create function api.set_role(p_token text, p_args jsonb, out status int, out body json)
language plpgsql volatile security definer set search_path = data, rule, pg_temp as $$
declare
  v_actor data.person := rule.lock_actor(p_token);
  v_rank int := rule.rank_number(p_args->>'role');
  v_person data.person;
  v_why_not text;
begin
  if v_rank is null then
    perform rule.refuse_invalid('role', 'guest, member, moderator, admin or owner');
  end if;
  perform rule.check_moderates_server(v_actor);
  v_person := rule.person_to_act_on((p_args->>'user')::bigint);
  perform rule.check_outranks(v_actor, v_person);
  v_why_not := rule.why_not_rank(v_actor, v_person, v_rank);
  if v_why_not is not null then
    perform rule.refuse(403, 'rank_too_low', v_why_not);
  end if;
  if v_rank <> v_person.rank then
    perform rule.set_rank(v_actor, v_person.id, v_rank);
    perform rule.note_rank(v_actor, v_person.id, v_person.rank, v_rank, p_args->>'reason');
  end if;
  status := 204;
end $$;
