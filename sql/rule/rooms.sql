-- Rooms, who is in them, and who may do what there.

-- One's own row of a room, or null.
create function rule.membership(p_person bigint, p_room bigint) returns data.member
language sql stable as $$ select m from data.member m where m.person_id = p_person and m.room_id = p_room; $$;

-- The room, when the actor may know that it exists: a channel, or a room that one is in. Else 404.
create function rule.visible_room(p_actor data.person, p_room bigint) returns data.room
language plpgsql stable as $$
declare
  v_room data.room;
begin
  select r.* into v_room from data.room r
  where r.id = p_room and (r.kind = 'channel' or exists (select from data.member where person_id = p_actor.id and room_id = r.id));
  if not found then
    perform rule.not_found('room');
  end if;
  return v_room;
end $$;

-- The room, when the actor is in it. Else 404, or 403 of a channel.
create function rule.joined_room(p_actor data.person, p_room bigint) returns data.room
language plpgsql stable as $$
declare
  v_room data.room := rule.visible_room(p_actor, p_room);
begin
  if v_room.kind = 'channel' and not exists (select from data.member where person_id = p_actor.id and room_id = p_room) then
    perform rule.refuse(403, 'not_a_member', 'Join this channel first.');
  end if;
  return v_room;
end $$;

-- Where its keeper is muted a bot is, too: nobody speaks on through one.
create function rule.muted_until(p_person bigint, p_room bigint) returns timestamptz
language plpgsql stable as $$
begin
  return (select max(until) from data.sanction
          where person_id in (p_person, (select keeper_id from data.person where id = p_person)) and room_id = p_room and kind = 'mute' and until > now());
end $$;

create function rule.check_not_archived(p_room data.room) returns void
language plpgsql stable as $$
begin
  if p_room.archived_at is not null then
    perform rule.refuse(403, 'archived', 'This room is archived: it can be read, but not changed.');
  end if;
end $$;

create function rule.check_not_muted(p_actor data.person, p_room data.room) returns void
language plpgsql stable as $$
declare
  v_until timestamptz := rule.muted_until(p_actor.id, p_room.id);
begin
  if v_until is not null then
    perform rule.refuse(403, 'muted',
      case when v_until = 'infinity' then 'You are muted in this room.' else format('You are muted in this room until %s.', rule.show_time(v_until)) end,
      jsonb_build_object('muted_until', rule.show_time(v_until)));
  end if;
end $$;

-- Refuses what neither an archived room nor a muted person may do, nor two people one of whom blocks the other in their direct room.
create function rule.check_may_write(p_actor data.person, p_room data.room) returns void
language plpgsql stable as $$
begin
  perform rule.check_not_archived(p_room);
  perform rule.check_not_muted(p_actor, p_room);
  if p_room.kind = 'direct' then
    perform rule.check_may_talk(p_actor.id, p_room.pair_low + p_room.pair_high - p_actor.id);
  end if;
end $$;

-- A block stops everything direct both ways, and the refusal does not say whose it is; nobody reads what is written to who was erased.
create function rule.check_may_talk(p_person bigint, p_other bigint) returns void
language plpgsql stable as $$
begin
  if exists (select from data.block where (person_id, blocked_id) in ((p_person, p_other), (p_other, p_person)))
     or exists (select from data.person where id = p_other and erased_at is not null) then
    perform rule.refuse(403, 'not_reachable', 'You cannot write to this person directly.');
  end if;
end $$;

-- The one ladder of a room: server owner 6 > admin 5 > moderator 4 > room owner 3 > room moderator 2 > everybody else 1.
-- Server ranks act in channels, and in groups they belong to. p_role: null for who is not in it.
create function rule.room_power(p_rank int, p_role int, p_kind text) returns int
language sql immutable as $$
  select case
    when p_kind = 'direct' then 1
    when p_rank >= 2 and (p_kind = 'channel' or p_role is not null) then p_rank + 2
    else coalesce(p_role, 0) + 1
  end;
$$;

create function rule.power_in(p_person data.person, p_room data.room) returns int
language plpgsql stable as $$
begin
  return rule.room_power(p_person.rank, (select m.role from data.member m where m.person_id = p_person.id and m.room_id = p_room.id), p_room.kind);
end $$;

-- Of more than this many people, joining and leaving is told only to the one concerned and to those who moderate.
create function rule.is_large(p_room data.room) returns boolean
language sql immutable as $$ select p_room.members > 500; $$;

-- Puts a person into a room; false when already in. The caller has asked the rules. The mark stands at the end.
create function rule.add_member(p_room bigint, p_person bigint, p_role int, p_actor bigint) returns boolean
language plpgsql volatile as $$
declare
  v_room data.room;
  v_event bigint := nextval('data.log_id');
  v_last record;
begin
  select id, n into v_last from data.message where room_id = p_room order by id desc limit 1;
  insert into data.member (person_id, room_id, role, joined_event, read_up_to, read_n)
  values (p_person, p_room, p_role, v_event, coalesce(v_last.id, 0), coalesce(v_last.n, 0))
  on conflict do nothing;
  if not found then
    return false;
  end if;
  update data.room set members = members + 1 where id = p_room returning * into v_room;
  perform rule.log_event('member.joined', case when rule.is_large(v_room) then 'moderators' else 'room' end, p_room,
    p_room => p_room, p_person => p_person, p_actor => p_actor, p_detail => jsonb_build_object('role', p_role), p_id => v_event);
  return true;
end $$;

-- Takes a person out; an owner who goes hands on to the longest-serving moderator, else member; an empty group is archived.
create function rule.drop_member(p_room bigint, p_person bigint, p_actor bigint, p_reason text) returns boolean
language plpgsql volatile as $$
declare
  v_room data.room;
  v_gone data.member;
begin
  delete from data.member where room_id = p_room and person_id = p_person returning * into v_gone;
  if not found then
    return false;
  end if;
  update data.room set members = members - 1 where id = p_room returning * into v_room;
  perform rule.log_event('member.left', case when rule.is_large(v_room) then 'moderators' else 'room' end, p_room,
    p_room => p_room, p_person => p_person, p_actor => p_actor, p_detail => jsonb_build_object('reason', p_reason));
  if v_gone.role = 2 then
    perform rule.hand_on(v_room);
  end if;
  if v_room.members = 0 and v_room.kind = 'group' and v_room.archived_at is null then
    update data.room set archived_at = now() where id = p_room;
    perform rule.log_event('room.changed', 'room', p_room, p_room => p_room, p_actor => p_actor);
  end if;
  return true;
end $$;

create function rule.hand_on(p_room data.room) returns void
language plpgsql volatile as $$
declare
  v_heir bigint;
begin
  if exists (select from data.member where room_id = p_room.id and role = 2) then
    return;
  end if;
  select m.person_id into v_heir
  from data.member m join data.person p on p.id = m.person_id
  where m.room_id = p_room.id and not p.is_bot
  order by m.role desc, m.joined_event limit 1;
  if found then
    perform rule.set_room_role(p_room.id, v_heir, 2, null);
  end if;
end $$;

create function rule.set_room_role(p_room bigint, p_person bigint, p_role int, p_actor bigint) returns void
language plpgsql volatile as $$
begin
  update data.member set role = p_role where room_id = p_room and person_id = p_person and role <> p_role;
  if found then
    perform rule.log_event('member.changed', 'room', p_room, p_room => p_room, p_person => p_person, p_actor => p_actor);
  end if;
end $$;

-- Everyone is put into the lobby on first sign-in: the first channel, whatever it is called by now.
create function rule.enter_lobby(p_person data.person) returns void
language plpgsql volatile as $$
declare
  v_lobby bigint := (select min(id) from data.room where kind = 'channel');
begin
  if v_lobby is not null and not rule.is_banned(p_person.id, v_lobby) then
    perform rule.add_member(v_lobby, p_person.id, 0, p_person.id);
  end if;
end $$;

-- Rooms as JSON for a viewer, in the order of their ids; with p_rooms null those the viewer is in.
-- `my` is null of a channel that one is not in. The read mark is the later of the explicit mark and one's own last message.
create function rule.show_rooms(p_viewer bigint, p_rooms bigint[] default null) returns table (id bigint, room json)
language sql stable as $$
  select r.id, case when r.message_days is null then shown else (shown::jsonb || jsonb_build_object('message_days', r.message_days))::json end
  from data.room r
  left join data.member m on m.room_id = r.id and m.person_id = p_viewer
  left join lateral (select id, n from data.message where room_id = r.id order by id desc limit 1) last on true
  left join lateral (select id, n from data.message where person_id = p_viewer and room_id = r.id and m.person_id is not null order by id desc limit 1) own on true
  cross join lateral (select coalesce(last.n, r.first_n - 1) as last, greatest(m.read_n, own.n) as read) n
  cross join lateral (
    select json_build_object('id', r.id, 'kind', r.kind, case r.kind when 'direct' then 'peer' else 'name' end,
      case r.kind when 'direct' then (select rule.show_person(p) from data.person p where p.id = r.pair_low + r.pair_high - p_viewer) else to_json(r.name) end,
      'topic', r.topic, 'archived', r.archived_at is not null, 'slow_mode', r.slow_mode, 'members', r.members,
      'first_n', r.first_n, 'last_message_id', last.id, 'last_n', n.last, 'my', case when m.person_id is not null then json_build_object(
        'role', rule.room_role_name(m.role), 'read_up_to', greatest(m.read_up_to, own.id), 'read_n', n.read,
        'unread', n.last - greatest(n.read, r.first_n - 1), 'mentions', case when n.last > n.read and exists (
          select from data.mention where person_id in (p_viewer, 0) and room_id = r.id and message_id > greatest(m.read_up_to, own.id))
          then rule.count_mentions(p_viewer, r.id, greatest(m.read_up_to, own.id)) else 0 end,
        'level', m.level, 'muted_until', rule.show_time(rule.muted_until(p_viewer, r.id))) end) as shown offset 0) room
  where r.id = any(coalesce(p_rooms, array(select room_id from data.member where person_id = p_viewer)))
  order by r.id;
$$;

create function rule.show_room(p_viewer bigint, p_room bigint) returns json
language sql stable as $$ select json_build_object('room', room) from rule.show_rooms(p_viewer, array[p_room]); $$;

-- The people of one's rooms that are not too large to list, and oneself.
create function rule.people_around(p_person bigint) returns setof data.person
language sql stable as $$
  select p.* from data.person p
  where p.id in (select other.person_id
                 from data.member mine join data.room r on r.id = mine.room_id join data.member other on other.room_id = r.id
                 where mine.person_id = p_person and r.members <= 500
                 union select p_person);
$$;

-- The same as JSON (rule.show_person), and who of them is online: whoever is in hundreds of rooms has thousands of people around, so it asks for all at once.
create function rule.show_people_around(p_person bigint, out users json, out online json)
language plpgsql stable as $$
begin
  with banned as (select person_id from data.sanction where room_id = 0 and kind = 'ban' and until > now())
  select coalesce(json_agg(rule.show_person_as(p, here.person_id is not null,
           p.id in (select person_id from banned) or p.keeper_id in (select person_id from banned)) order by p.id), '[]'),
         coalesce(json_agg(p.id order by p.id) filter (where here.person_id is not null), '[]')
  into users, online
  from rule.people_around(p_person) p
  left join (select distinct person_id from data.presence where hub <> 0) here on here.person_id = p.id;
end $$;

-- Who may add people: any member, but not to a direct room nor an archived one.
create function rule.check_may_add(p_actor data.person, p_room data.room) returns void
language plpgsql stable as $$
begin
  if p_room.kind = 'direct' then
    perform rule.refuse(403, 'direct_room', 'A direct room is for its two people. Make a group instead.');
  end if;
  perform rule.check_may_write(p_actor, p_room);
end $$;

-- The person, when they can be put into a room: there, and banned neither from the server nor from the room.
create function rule.addable_person(p_person bigint, p_room bigint) returns data.person
language plpgsql stable as $$
declare
  v_person data.person := rule.person(p_person);
begin
  if v_person.erased_at is not null then
    perform rule.not_found('person');
  elsif rule.is_banned(p_person, p_room) or rule.is_banned(p_person) then
    perform rule.refuse(403, 'banned', format('%s is banned.', v_person.name));
  end if;
  return v_person;
end $$;

-- Adds several people to a room that the actor may add to. A newcomer who may not write to people directly pulls them into no room either.
create function rule.add_people(p_actor data.person, p_room bigint, p_people bigint[], p_args jsonb) returns void
language plpgsql volatile as $$
declare
  v_person bigint;
begin
  if cardinality(p_people) > 500 then
    perform rule.refuse_invalid('members', 'at most 500 at a time');
  end if;
  if p_people <> '{}' then
    perform rule.check_may_write_directly(p_actor);
  end if;
  perform rule.use_up(p_actor.id, 'members', p_args, cardinality(p_people));
  foreach v_person in array p_people loop
    perform rule.add_member(p_room, (rule.addable_person(v_person, p_room)).id, 0, p_actor.id);
  end loop;
end $$;

-- One below the actor's own; but an owner makes owners.
create function rule.may_give_room_role(p_actor data.person, p_room data.room, p_role int) returns boolean
language plpgsql stable as $$
declare
  v_power int := rule.power_in(p_actor, p_room);
begin
  return p_role + 1 < v_power or p_role = 2 and v_power = 3;
end $$;

-- Changes a member's role: strictly below the actor stand the old and the new one, but an owner makes owners and steps down.
create function rule.change_role(p_actor data.person, p_room data.room, p_person bigint, p_role int, p_reason text) returns void
language plpgsql volatile as $$
declare
  v_role int := (select role from data.member where room_id = p_room.id and person_id = p_person);
begin
  if p_role is null then
    perform rule.refuse_invalid('role', 'member, moderator or owner');
  elsif v_role = p_role then
    return;
  elsif p_actor.id = p_person then
    perform rule.check_may_step_down(p_room, v_role, p_role);
  else
    perform rule.check_outranks(p_actor, rule.person(p_person), p_room);
    if not rule.may_give_room_role(p_actor, p_room, p_role) then
      perform rule.refuse(403, 'rank_too_low', 'One can only give a role below one''s own.');
    end if;
  end if;
  perform rule.set_room_role(p_room.id, p_person, p_role, p_actor.id);
  perform rule.note_audit(p_actor, 'put_member', p_person, p_room.id, p_reason => p_reason,
                          p_detail => jsonb_build_object('role', rule.room_role_name(p_role), 'was', rule.room_role_name(v_role)));
end $$;

create function rule.check_may_step_down(p_room data.room, p_role int, p_new int) returns void
language plpgsql stable as $$
begin
  if p_new > p_role then
    perform rule.refuse(403, 'rank_too_low', 'Nobody can raise their own role.');
  elsif p_role = 2 and (select count(*) from data.member where room_id = p_room.id and role = 2) = 1 then
    perform rule.refuse(409, 'last_owner', 'You are the last owner of this room. Make somebody else an owner first.');
  end if;
end $$;

-- Who may change what of a room: in a group every member name and topic; all else those who moderate it; an archive its owner. Nobody
-- who is muted there.
create function rule.check_may_change_room(p_actor data.person, p_room data.room, p_args jsonb) returns void
language plpgsql stable as $$
declare
  v_power int := rule.power_in(p_actor, p_room);
begin
  if p_room.kind = 'direct' then
    perform rule.refuse(403, 'direct_room', 'A direct room has nothing to change.');
  elsif v_power < 4 then
    perform rule.joined_room(p_actor, p_room.id);
  end if;
  if p_args ? 'message_days' then
    perform rule.check_may_keep(v_power, (p_args->>'message_days')::int);
  end if;
  if p_args->>'archived' is not null and v_power < 3 then
    perform rule.refuse(403, 'not_an_owner', 'Only an owner of this room may archive it or bring it back.');
  elsif v_power < 2 and (p_room.kind = 'channel' or p_args ? 'slow_mode') then
    perform rule.refuse(403, 'not_a_moderator', 'Only those who moderate this room may change this.');
  end if;
  perform rule.check_not_muted(p_actor, p_room);
end $$;

-- The room as it will be.
create function rule.changed_room(p_actor data.person, p_room data.room, p_args jsonb) returns data.room
language plpgsql stable as $$
declare
  v_days int := (p_args->>'message_days')::int;
  v_is_admin boolean := rule.power_in(p_actor, p_room) >= 5;
begin
  if p_args ? 'name' then
    p_room.name := rule.clean_name(p_args->>'name', p_max => 80);
  end if;
  if p_args ? 'topic' then
    p_room.topic := rule.clean_line(coalesce(p_args->>'topic', ''), 'topic', 250);
  end if;
  if p_args ? 'message_days' and (v_is_admin or v_days is distinct from p_room.message_days) then
    p_room.message_days := v_days;
    p_room.days_by_admin := v_is_admin;
  end if;
  if p_args->>'archived' is not null then
    p_room.archived_at := case when (p_args->>'archived')::boolean then coalesce(p_room.archived_at, now()) end;
  end if;
  p_room.slow_mode := coalesce((p_args->>'slow_mode')::int, p_room.slow_mode);
  return p_room;
end $$;

-- Who may say how long a room keeps its messages: its owner, though no longer than the server, and admins.
create function rule.check_may_keep(p_power int, p_days int) returns void
language plpgsql stable as $$
declare
  v_most int := rule.setting_number('message_days');
begin
  if p_power < 3 then
    perform rule.refuse(403, 'not_an_owner', 'Only an owner of this room and admins may say how long its messages are kept.');
  elsif p_power < 5 and v_most > 0 and p_days not between 1 and v_most then
    perform rule.refuse_invalid('message_days', format('1 to %s: this server keeps messages no longer', v_most));
  end if;
end $$;

create function rule.show_member(p_member data.member) returns json
language plpgsql stable as $$
begin
  return json_build_object('user', (select rule.show_person(p) from data.person p where p.id = p_member.person_id),
    'role', rule.room_role_name(p_member.role), 'joined_at', rule.show_time(p_member.joined_at),
    'muted_until', rule.show_time(rule.muted_until(p_member.person_id, p_member.room_id)));
end $$;

-- Of what can be changed of a room that which p_keys has, for the audit. Names and topics only of channels: the audit is read by who
-- may not know of a group. The days with who said them: an undo brings back both.
create function rule.room_facts(p_room data.room, p_keys jsonb) returns jsonb
language sql immutable as $$
  select coalesce(jsonb_object_agg(key, value), '{}')
  from jsonb_each(jsonb_build_object('name', p_room.name, 'topic', p_room.topic, 'slow_mode', p_room.slow_mode,
                                    'message_days', p_room.message_days, 'days_by_admin', p_room.days_by_admin, 'archived', p_room.archived_at is not null))
  where p_keys ? replace(key, 'days_by_admin', 'message_days') and (p_room.kind = 'channel' or key not in ('name', 'topic'));
$$;
