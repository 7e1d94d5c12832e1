-- Ranks, strict for every action: nobody acts on an equal or a higher rank. On the server the ranks guest 0 … owner 4 count;
-- in a room the one ladder of rule.room_power: server owner 6 > admin 5 > moderator 4 > room owner 3 > room moderator 2 > everybody else 1.

-- The log lock, then the actor: whoever waited for the lock acts by the rank that stands when the lock is theirs.
create function rule.lock_actor(p_token text) returns data.person
language plpgsql volatile as $$
begin
  perform pg_advisory_xact_lock(7265108, 0);  -- rule.lock_log(), without the call: each post comes through here
  return rule.actor(p_token);
end $$;

-- The one to act upon. Who was erased is nobody any more: 404.
create function rule.person_to_act_on(p_id bigint) returns data.person
language plpgsql stable as $$
declare
  v_person data.person := rule.person(p_id);
begin
  if v_person.erased_at is not null then
    perform rule.not_found('person');
  end if;
  return v_person;
end $$;

-- Where somebody stands in a room as the one acted upon. Server ranks act only in groups they belong to, but they protect everywhere.
create function rule.standing_in(p_person data.person, p_room data.room) returns int
language plpgsql stable as $$
begin
  return greatest(rule.power_in(p_person, p_room), case when p_person.rank >= 2 and p_room.kind <> 'direct' then p_person.rank + 2 else 1 end);
end $$;

create function rule.outranks(p_actor data.person, p_target data.person, p_room data.room default null) returns boolean
language plpgsql stable as $$
begin
  if p_room.id is null then
    return p_actor.rank > p_target.rank;
  end if;
  return rule.power_in(p_actor, p_room) > rule.standing_in(p_target, p_room);
end $$;

-- Refuses to act on an equal or a higher rank: of the server, or in a room of its ladder.
create function rule.check_outranks(p_actor data.person, p_target data.person, p_room data.room default null) returns void
language plpgsql stable as $$
begin
  if not rule.outranks(p_actor, p_target, p_room) then
    perform rule.refuse(403, 'rank_too_low', 'You can only act on people of a lower rank than yours.');
  end if;
end $$;

-- Refuses who does not moderate this room. Nobody moderates a direct room.
create function rule.check_moderates(p_actor data.person, p_room data.room) returns void
language plpgsql stable as $$
begin
  if rule.power_in(p_actor, p_room) < 2 then
    perform rule.refuse(403, 'not_a_moderator', 'Only those who moderate this room may do this.');
  end if;
end $$;

-- Refuses who does not moderate the server.
create function rule.check_moderates_server(p_actor data.person) returns void
language plpgsql stable as $$
begin
  if p_actor.rank < 2 then
    perform rule.refuse(403, 'not_a_moderator', 'Only moderators of this server may do this.');
  end if;
end $$;

create function rule.check_administers(p_actor data.person) returns void
language plpgsql stable as $$
begin
  if p_actor.rank < 3 then
    perform rule.refuse(403, 'not_an_admin', 'Only admins of this server may do this.');
  end if;
end $$;

-- The last owner can neither leave nor be erased. (Nobody takes an owner down: nobody is of a higher rank.)
create function rule.check_not_last_owner(p_person data.person) returns void
language plpgsql stable as $$
begin
  if p_person.rank = 4 and not exists (select from data.person where rank = 4 and id <> p_person.id and erased_at is null) then
    perform rule.refuse(409, 'last_owner', 'The last owner of this server must stay: make somebody else an owner first.');
  end if;
end $$;

-- Why the actor may not give this person this rank; null when they may. One below the actor's own (but an owner makes owners), for a bot
-- one below its keeper's.
create function rule.why_not_rank(p_actor data.person, p_person data.person, p_rank int) returns text
language plpgsql stable as $$
begin
  return case
    when p_rank >= p_actor.rank and not (p_rank = 4 and p_actor.rank = 4) then 'You can only give a role below your own.'
    when p_person.is_bot and p_rank >= (rule.person(p_person.keeper_id)).rank then 'A bot stays below its keeper.'
  end;
end $$;

-- Sets a rank, and takes the person's bots down with it, so that they stay below: each with a row of its own in the audit.
create function rule.set_rank(p_actor data.person, p_person bigint, p_rank int) returns void
language plpgsql volatile as $$
declare
  v_changed record;
begin
  for v_changed in
    update data.person p set rank = case when p.id = p_person then p_rank else greatest(p_rank - 1, 0) end
    from data.person was where was.id = p.id and (p.id = p_person or p.keeper_id = p_person and p.rank >= greatest(p_rank, 1))
    returning p.id, was.rank as rank_before, p.rank
  loop
    perform rule.log_event('user.changed', 'shared', v_changed.id, p_person => v_changed.id, p_actor => p_actor.id);
    if v_changed.id <> p_person then
      perform rule.note_rank(p_actor, v_changed.id, v_changed.rank_before, v_changed.rank, 'with its keeper');
    end if;
  end loop;
end $$;

create function rule.note_rank(p_actor data.person, p_person bigint, p_from int, p_to int, p_reason text) returns void
language sql volatile as $$
  select rule.note_audit(p_actor, 'set_role', p_person, p_reason => p_reason, p_detail => jsonb_build_object('from', rule.rank_name(p_from), 'to', rule.rank_name(p_to)));
$$;
