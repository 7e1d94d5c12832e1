-- What moderators do, each act with its event and its audit row in the one transaction. The caller holds the log lock.

-- The `until` of a sanction; what names none lasts until it is lifted. Refuses what is not a time to come.
create function rule.sanction_until(p_args jsonb) returns timestamptz
language plpgsql stable as $$
declare
  v_until timestamptz := 'infinity'::timestamptz;
begin
  if p_args->>'until' is not null then
    begin
      v_until := (p_args->>'until')::timestamptz;
    exception when data_exception then
      v_until := null;
    end;
    if v_until is null or v_until <= now() then
      perform rule.refuse_invalid('until', 'a time to come, like 2030-01-31T12:00:00Z');
    end if;
  end if;
  return v_until;
end $$;

-- Why: one line that the audit keeps and the one concerned may read.
create function rule.sanction_reason(p_args jsonb) returns text
language sql immutable as $$ select rule.clean_line(coalesce(p_args->>'reason', ''), 'reason', 500); $$;

-- {"until":…,"reason":…}: for the audit, from which an undo takes it.
create function rule.sanction_facts(p_sanction data.sanction) returns jsonb
language sql stable as $$ select jsonb_build_object('until', rule.show_time(p_sanction.until), 'reason', p_sanction.reason); $$;

-- Gives what it stands in for, for the audit: {"replaced":{"until":…,"reason":…}}; {} when none was in force.
create function rule.put_sanction(p_actor data.person, p_person bigint, p_room bigint, p_kind text, p_until timestamptz, p_reason text) returns jsonb
language plpgsql volatile as $$
declare
  v_replaced jsonb := (select jsonb_build_object('replaced', rule.sanction_facts(s)) from data.sanction s
                       where person_id = p_person and room_id = p_room and kind = p_kind and until > now());
begin
  insert into data.sanction (person_id, room_id, kind, until, reason, actor_id)
  values (p_person, p_room, p_kind, p_until, p_reason, case when p_actor.id > 0 then p_actor.id end)
  on conflict (person_id, room_id, kind) do update
    set until = excluded.until, reason = excluded.reason, actor_id = excluded.actor_id, at = now();
  return coalesce(v_replaced, '{}');
end $$;

-- What was lifted, for the audit: {"was":{"until":…,"reason":…}}; null when there was none in force.
create function rule.lift_sanction(p_person bigint, p_room bigint, p_kind text) returns jsonb
language sql volatile as $$
  with lifted as (delete from data.sanction s where person_id = p_person and room_id = p_room and kind = p_kind returning s)
  select jsonb_build_object('was', rule.sanction_facts(s)) from lifted where (s).until > now();
$$;

-- The room as one that the actor moderates, and the person as one below: what every act on a person in a room begins with.
create function rule.moderated_room(p_actor data.person, p_room bigint, p_person data.person) returns data.room
language plpgsql stable as $$
declare
  v_room data.room := rule.visible_room(p_actor, p_room);
begin
  perform rule.check_moderates(p_actor, v_room);
  perform rule.check_outranks(p_actor, p_person, v_room);
  return v_room;
end $$;

-- Tells the room about a mute or its end; somebody who is not in it has nothing to be told.
create function rule.tell_muted(p_actor data.person, p_person bigint, p_room bigint) returns void
language plpgsql volatile as $$
begin
  if exists (select from data.member where person_id = p_person and room_id = p_room) then
    perform rule.log_event('member.changed', 'room', p_room, p_room => p_room, p_person => p_person, p_actor => p_actor.id);
  end if;
end $$;

-- In this room: reads, but does not post, react, edit or rename the room, nor does a bot of theirs (rule.check_may_write). Outlives a leave and
-- a join.
create function rule.mute_as(p_actor data.person, p_person data.person, p_room bigint, p_until timestamptz, p_reason text) returns void
language plpgsql volatile as $$
declare
  v_detail jsonb;
begin
  perform rule.moderated_room(p_actor, p_room, p_person);
  v_detail := rule.put_sanction(p_actor, p_person.id, p_room, 'mute', p_until, p_reason);
  perform rule.tell_muted(p_actor, p_person.id, p_room);
  perform rule.note_audit(p_actor, 'mute_member', p_person.id, p_room, p_until => p_until, p_reason => p_reason, p_detail => v_detail);
end $$;

-- Out of this room with one's bots that stand below the actor; joining, being added and the banned one's own invitations to it are
-- shut (rule.is_banned).
create function rule.ban_member_as(p_actor data.person, p_person data.person, p_room bigint, p_until timestamptz, p_reason text) returns void
language plpgsql volatile as $$
declare
  v_role int := (rule.membership(p_person.id, p_room)).role;
  v_room data.room := rule.moderated_room(p_actor, p_room, p_person);
  v_detail jsonb := rule.put_sanction(p_actor, p_person.id, p_room, 'ban', p_until, p_reason);
begin
  perform rule.drop_member(p_room, p_person.id, p_actor.id, 'banned');
  perform rule.drop_member(p_room, bot.id, p_actor.id, 'banned') from data.person bot
  where bot.keeper_id = p_person.id and rule.outranks(p_actor, bot, v_room);
  update data.invite set rooms = array_remove(rooms, p_room) where person_id = p_person.id and p_room = any(rooms);
  perform rule.note_audit(p_actor, 'ban_member', p_person.id, p_room, p_until => p_until, p_reason => p_reason,
                          p_detail => jsonb_strip_nulls(v_detail || jsonb_build_object('was', rule.room_role_name(v_role))));
end $$;

-- The person and their bots: a ban of the one is out for all of them.
create function rule.with_bots(p_person bigint) returns bigint[]
language sql stable as $$ select p_person || array(select id from data.person where keeper_id = p_person); $$;

-- What a ban of this person ends, in exact numbers.
create function rule.count_ban(p_person data.person) returns jsonb
language sql stable as $$
  select jsonb_build_object(
    'bots', cardinality(them) - 1,
    'sessions', (select count(*) from data.session where person_id = any(them) and not is_token and expires_at > now()),
    'tokens', (select count(*) from data.session where person_id = any(them) and is_token and expires_at > now()),
    'invites', (select count(*) from data.invite where person_id = any(them) and until > now() and uses_left is distinct from 0),
    'uploads', (select count(*) from data.image where person_id = any(them) and message_id is null))
  from rule.with_bots(p_person.id) as them;
$$;

-- What it could hide: `messages` still to be seen, in `rooms` rooms. Reads them all, so only a dry run asks.
create function rule.count_hidden(p_person data.person) returns jsonb
language sql stable as $$
  select jsonb_build_object('messages', count(*), 'rooms', count(distinct room_id))
  from data.message where person_id = p_person.id and deleted_at is null and id > p_person.hidden_up_to;
$$;

-- Hides what the person has written up to this message, however much it is, or shows it again with 0: one row and one event. It is for
-- everybody: they may have written where they are no longer.
create function rule.hide_up_to(p_actor data.person, p_person bigint, p_message bigint) returns void
language plpgsql volatile as $$
declare
  v_before bigint := (rule.person(p_person)).hidden_up_to;
begin
  if p_message <> v_before then
    update data.person set hidden_up_to = p_message, hidden_at = case when p_message > 0 then date_trunc('milliseconds', now()) end where id = p_person;
    perform rule.log_event(case when p_message > v_before then 'user.hidden' else 'user.shown' end, 'rank', 0, p_person => p_person, p_actor => p_actor.id);
  end if;
end $$;

-- Out of everything: sessions, tokens, streams, invitations, sign-in links and unfinished uploads end here and now, those of the
-- person's bots too. The name and the memberships stay. p_messages: 'hide', 'keep' (shows again what was hidden), or null (as it is).
create function rule.ban_user_as(p_actor data.person, p_person data.person, p_until timestamptz, p_reason text, p_messages text) returns void
language plpgsql volatile as $$
declare
  v_detail jsonb := rule.count_ban(p_person) || jsonb_build_object('hidden', coalesce(p_messages = 'hide', false));
  v_them bigint[] := rule.with_bots(p_person.id);
begin
  perform rule.check_moderates_server(p_actor);
  perform rule.check_outranks(p_actor, p_person);
  v_detail := v_detail || rule.put_sanction(p_actor, p_person.id, 0, 'ban', p_until, p_reason);
  perform rule.end_sessions(id, 'banned') from unnest(v_them) as id;
  delete from data.sign_in_link where person_id = any(v_them);
  delete from data.invite where person_id = any(v_them);
  delete from data.image where person_id = any(v_them) and message_id is null;
  if p_messages is not null then
    v_detail := v_detail || jsonb_build_object('hidden_was', p_person.hidden_up_to);
    perform rule.hide_up_to(p_actor, p_person.id, case when p_messages = 'hide' then (rule.log_head()).id else 0 end);
  end if;
  perform rule.log_event('user.changed', 'shared', p_person.id, p_person => p_person.id, p_actor => p_actor.id);
  perform rule.note_audit(p_actor, 'ban_user', p_person.id, p_until => p_until, p_reason => p_reason, p_detail => v_detail);
end $$;
