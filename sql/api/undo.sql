-- Everything that one actor did since a time, taken back in one step: a rogue moderator, or a rule that was too eager.

-- {actor | rule, since, dry_run?}: newest first, what was done and what became of it: {"acts":[{"id":…,"action":…,"user":…,"state":"undone"}, …]}.
-- `state`: undone (in a dry run: can_be_undone) · changed_since (somebody has decided otherwise meanwhile) · cannot_be_undone.
-- A removed message comes back only when a report has a copy of it. Bans, mutes, hidden messages, roles, removed members, rooms, rules
-- and network bans are put back to what they were before.
create function api.undo(p_token text, p_args jsonb, out status int, out body json)
language plpgsql volatile security definer set search_path = data, rule, pg_temp as $$
declare
  v_dry boolean := coalesce((p_args->>'dry_run')::boolean, false);
  v_actor data.person := rule.lock_actor(p_token);
  v_act data.audit;
  v_state text;
  v_acts jsonb := '[]'::jsonb;
begin
  perform rule.check_may_undo(v_actor, p_args);
  for v_act in select * from rule.acts_to_undo(p_args) loop
    v_state := rule.state_of_act(v_act);
    if v_state = 'can_be_undone' and not v_dry then
      perform rule.undo_act(v_actor, v_act);
      perform rule.note_audit(v_actor, 'undo', v_act.person_id, v_act.room_id, v_act.message_id, p_reason => p_args->>'reason',
                              p_detail => jsonb_build_object('audit', v_act.id, 'action', v_act.action));
      v_state := 'undone';
    end if;
    v_acts := v_acts || (rule.show_audit(v_act)::jsonb || jsonb_build_object('state', v_state));
  end loop;
  status := 200;
  body := json_build_object('acts', v_acts);
end $$;

-- Undoing is for admins, and for who stands above the one whose acts they were.
create function rule.check_may_undo(p_actor data.person, p_args jsonb) returns void
language plpgsql stable as $$
begin
  perform rule.check_administers(p_actor);
  if p_args->>'since' is null then
    perform rule.refuse_invalid('since', 'say since when');
  elsif (p_args->>'actor' is null) = (p_args->>'rule' is null) then
    perform rule.refuse_invalid('actor', 'say whose acts: a person or a rule');
  elsif p_args->>'actor' is not null and (p_args->>'actor')::bigint <> p_actor.id then
    perform rule.check_outranks(p_actor, rule.person((p_args->>'actor')::bigint));
  end if;
end $$;

-- At most 500 at a time, so that posting waits only a moment: once more for the rest.
create function rule.acts_to_undo(p_args jsonb) returns setof data.audit
language sql stable as $$
  select * from data.audit a
  where at >= (p_args->>'since')::timestamptz and action <> 'undo' and action not like 'resolve%'
    and (actor_id = (p_args->>'actor')::bigint or actor_id is null and via = 'rule:' || (p_args->>'rule'))
    and not exists (select from data.audit u where u.id > a.id and u.action = 'undo' and (u.detail->>'audit')::bigint = a.id)
  order by id desc limit 500;
$$;

-- Whether what an act made is still so.
create function rule.state_of_act(p_act data.audit) returns text
language plpgsql stable as $$
declare
  v_is_so boolean;
begin
  if p_act.person_id is not null and (rule.person(p_act.person_id)).erased_at is not null then
    return 'cannot_be_undone';
  end if;
  v_is_so := case p_act.action
    when 'mute_member' then exists (select from data.sanction s where rule.is_of(s, p_act, 'mute'))
    when 'ban_member' then exists (select from data.sanction s where rule.is_of(s, p_act, 'ban'))
    when 'ban_user' then exists (select from data.sanction s where rule.is_of(s, p_act, 'ban'))
    when 'unmute_member' then rule.muted_until(p_act.person_id, p_act.room_id) is null and (p_act.detail->'was'->>'until')::timestamptz > now()
    when 'unban_member' then not rule.is_banned(p_act.person_id, p_act.room_id) and (p_act.detail->'was'->>'until')::timestamptz > now()
    when 'unban_user' then not rule.is_banned(p_act.person_id) and (p_act.detail->'was'->>'until')::timestamptz > now()
    when 'remove_member' then (rule.membership(p_act.person_id, p_act.room_id)).person_id is null and not rule.is_banned(p_act.person_id, p_act.room_id)
    when 'set_role' then rule.rank_name((rule.person(p_act.person_id)).rank) = p_act.detail->>'to'
    when 'put_member' then rule.room_role_name((rule.membership(p_act.person_id, p_act.room_id)).role) = p_act.detail->>'role'
    when 'change_room' then p_act.detail->'was' <> '{}'
    when 'remove_message' then nullif(p_act.detail->>'by' = 'moderator' and (rule.copy_of(p_act.message_id)).id is not null, false)
    when 'hold_message' then (rule.copy_of(p_act.message_id)).id is not null
    when 'create_rule' then exists (select from data.rule where id = (p_act.detail->>'rule')::bigint and enabled)
    when 'create_network_ban' then exists (select from data.network_ban where id = (p_act.detail->>'network_ban')::bigint and at = p_act.at)
    when 'delete_network_ban' then p_act.until > now() and not exists (select from data.network_ban where network = (p_act.detail->>'network')::cidr)
  end;
  return case when v_is_so then 'can_be_undone' when v_is_so is null then 'cannot_be_undone' else 'changed_since' end;
end $$;

-- The sanction that this very act made: both rows are of one transaction.
create function rule.is_of(p_sanction data.sanction, p_act data.audit, p_kind text) returns boolean
language sql immutable as $$
  select p_sanction.person_id = p_act.person_id and p_sanction.room_id = coalesce(p_act.room_id, 0) and p_sanction.kind = p_kind and p_sanction.at = p_act.at;
$$;

-- A report that holds the words of a message which a moderator, or a rule, took away. Null when there is none.
create function rule.copy_of(p_message bigint) returns data.report
language sql stable as $$
  select r from data.report r join data.message m on m.id = r.message_id
  where r.message_id = p_message and r.copy->>'text' is not null and m.deleted_by = 'moderator' order by r.id desc limit 1;
$$;

-- Puts back what an act changed. The log lock is held, and the state was looked at.
create function rule.undo_act(p_actor data.person, p_act data.audit) returns void
language plpgsql volatile as $$
declare
  v_room bigint := coalesce(p_act.room_id, 0);
begin
  case p_act.action
    when 'mute_member' then
      perform rule.lift_sanction(p_act.person_id, v_room, 'mute');
      perform rule.tell_muted(p_actor, p_act.person_id, v_room);
    when 'ban_member' then
      perform rule.lift_sanction(p_act.person_id, v_room, 'ban');
      perform rule.put_member_back(p_actor, p_act);
    when 'remove_member' then perform rule.put_member_back(p_actor, p_act);
    when 'ban_user' then
      perform rule.lift_sanction(p_act.person_id, 0, 'ban');
      if (p_act.detail->>'hidden')::boolean then
        perform rule.hide_messages(p_actor, p_act.person_id, false);
      end if;
      perform rule.log_event('user.changed', 'shared', p_act.person_id, p_person => p_act.person_id, p_actor => p_actor.id);
    when 'unmute_member', 'unban_member', 'unban_user' then perform rule.sanction_again(p_actor, p_act);
    when 'set_role' then perform rule.set_rank(p_actor, p_act.person_id, rule.rank_number(p_act.detail->>'from'));
    when 'put_member' then perform rule.set_room_role(v_room, p_act.person_id, rule.room_role_number(p_act.detail->>'was'), p_actor.id);
    when 'change_room' then perform rule.change_room_back(p_actor, v_room, p_act.detail->'was');
    when 'remove_message', 'hold_message' then perform rule.restore_message(rule.copy_of(p_act.message_id));
    when 'create_rule' then update data.rule set enabled = false where id = (p_act.detail->>'rule')::bigint;
    when 'create_network_ban' then delete from data.network_ban where id = (p_act.detail->>'network_ban')::bigint;
    when 'delete_network_ban' then
      insert into data.network_ban (network, scope, until, reason, actor_id)
      values ((p_act.detail->>'network')::cidr, p_act.detail->>'scope', p_act.until, coalesce(p_act.reason, ''), nullif(p_actor.id, 0));
    else null;
  end case;
end $$;

-- Into the room again, with the role of then.
create function rule.put_member_back(p_actor data.person, p_act data.audit) returns void
language plpgsql volatile as $$
begin
  if p_act.detail->>'was' is not null then
    perform rule.add_member(p_act.room_id, p_act.person_id, rule.room_role_number(p_act.detail->>'was'), p_actor.id);
  end if;
end $$;

create function rule.sanction_again(p_actor data.person, p_act data.audit) returns void
language plpgsql volatile as $$
declare
  v_until timestamptz := (p_act.detail->'was'->>'until')::timestamptz;
  v_reason text := p_act.detail->'was'->>'reason';
begin
  if v_until > '9999-01-01' then
    v_until := 'infinity';
  end if;
  case p_act.action
    when 'unmute_member' then
      perform rule.put_sanction(p_actor, p_act.person_id, p_act.room_id, 'mute', v_until, v_reason);
      perform rule.tell_muted(p_actor, p_act.person_id, p_act.room_id);
    when 'unban_member' then
      perform rule.put_sanction(p_actor, p_act.person_id, p_act.room_id, 'ban', v_until, v_reason);
      perform rule.drop_member(p_act.room_id, p_act.person_id, p_actor.id, 'banned');
    else
      perform rule.ban_user_as(p_actor, rule.person(p_act.person_id), v_until, v_reason,
                               case when (p_act.detail->>'shown')::boolean then 'hide' end);
  end case;
end $$;

create function rule.change_room_back(p_actor data.person, p_room bigint, p_was jsonb) returns void
language plpgsql volatile as $$
begin
  update data.room set name = coalesce(p_was->>'name', name), topic = coalesce(p_was->>'topic', topic),
    slow_mode = coalesce((p_was->>'slow_mode')::int, slow_mode),
    message_days = case when p_was ? 'message_days' then (p_was->>'message_days')::int else message_days end,
    archived_at = case when p_was ? 'archived' then case when (p_was->>'archived')::boolean then coalesce(archived_at, now()) end else archived_at end
  where id = p_room;
  perform rule.log_event('room.changed', 'room', p_room, p_room => p_room, p_actor => p_actor.id);
end $$;
