-- How an event of the log is shown as it is now: what was removed, hidden, edited or erased is gone from every replay by itself.
-- Of a message that retention took there is nothing to show: `data` is null, and nobody is told. Strict: of no event all is null, at no cost.

create function rule.show_event(
  p_event data.event,
  out author_id bigint, out quoted_id bigint, out room_role int, out rank int, out data json, out data_own json
)
language plpgsql stable strict as $$
declare
  e alias for p_event;
  v_message data.message;
begin
  case
    when e.kind in ('message.posted', 'message.edited') then
      select * into v_message from data.message where id = e.message_id;
      if not found then
        return;
      end if;
      author_id := v_message.person_id;
      if v_message.reply_to is not null then
        quoted_id := (select person_id from data.message where id = v_message.reply_to);
      end if;
      data := rule.show_message(v_message, '{}');
    when e.kind = 'message.deleted' then
      select * into v_message from data.message where id = e.message_id;
      data := json_build_object('id', e.message_id, 'room_id', e.room_id, 'by', e.detail->'by',
                                'at', rule.show_time(coalesce(v_message.deleted_at, e.at)));
    when e.kind in ('reaction.added', 'reaction.removed') then
      author_id := e.actor_id;
      data := json_build_object('message_id', e.message_id, 'room_id', e.room_id, 'user', rule.show_name_of(e.actor_id), 'emoji', e.detail->'emoji');
    when e.kind in ('pin.added', 'pin.removed') then
      author_id := e.actor_id;
      data := json_build_object('message_id', e.message_id, 'room_id', e.room_id, 'user', rule.show_name_of(e.actor_id));
    when e.kind in ('room.created', 'room.changed') then
      -- What goes to a whole room is nobody's own: neither `my` nor, of a direct room, `peer`, who is somebody else for each of the two.
      data := (select r.room::jsonb - '{my,peer}'::text[] from rule.show_rooms(null, array[e.room_id]) r)::json;
    when e.kind like 'member.%' then
      author_id := e.actor_id;
      room_role := (select m.role from data.member m where m.person_id = e.person_id and m.room_id = e.room_id);
      data := rule.show_member_event(e, room_role);
      if e.kind = 'member.joined' then
        data_own := (data::jsonb || jsonb_build_object('room', (select r.room from rule.show_rooms(e.person_id, array[e.room_id]) r)))::json;
      end if;
    when e.kind = 'user.changed' then
      rank := (select p.rank from data.person p where p.id = coalesce(e.person_id, e.audience_id));
      data := (select rule.show_person(p) from data.person p where p.id = coalesce(e.person_id, e.audience_id));
    when e.kind in ('user.hidden', 'user.shown') then
      data := json_build_object('user', rule.show_name_of(coalesce(e.person_id, e.audience_id)));
    when e.kind = 'block.changed' then
      author_id := (e.detail->>'blocked_id')::bigint;
      rank := (e.detail->>'blocked')::boolean::int;
      data := json_build_object('user', rule.show_name_of(author_id), 'blocked', e.detail->'blocked');
    else
      data := coalesce(e.detail::json, '{}');
  end case;
end $$;

-- Whoever has left since has the least of roles.
create function rule.show_member_event(p_event data.event, p_role int) returns json
language sql stable as $$
  select json_build_object('room_id', p_event.room_id, 'user', rule.show_name_of(p_event.person_id))::jsonb
    || case p_event.kind
         when 'member.joined' then jsonb_build_object('by', rule.show_name_of(p_event.actor_id), 'role', rule.room_role_name(coalesce(p_role, 0)))
         when 'member.left' then jsonb_build_object('reason', p_event.detail->'reason')
         else jsonb_build_object('role', rule.room_role_name(coalesce(p_role, 0)), 'muted_until', rule.show_time(rule.muted_until(p_event.person_id, p_event.room_id)))
       end;
$$;

-- The events of after < id ≤ upto that a person may see by the memberships of now, of rooms only what came after the joining. `shared` is
-- asked for twice, so that the planner takes it for rare and goes by the index on the audience, not through all that was logged meanwhile.
create function rule.missed_events(p_person bigint, p_after bigint, p_upto bigint, p_limit int) returns setof bigint
language sql stable as $$
  select id from (
    select e.id from data.member m join data.room r on r.id = m.room_id join data.person p on p.id = m.person_id
      join data.event e on e.audience_id = m.room_id
       and (e.audience = 'room' or e.audience = 'moderators' and rule.room_power(p.rank, m.role, r.kind) > 1)
     where m.person_id = p_person and e.audience in ('room', 'moderators') and e.id >= m.joined_event and e.id > p_after and e.id <= p_upto
    union
    select e.id from data.event e where e.audience in ('person', 'shared') and e.audience_id = p_person and e.id > p_after and e.id <= p_upto
    union
    select e.id from data.event e where e.person_id = p_person and e.id > p_after and e.id <= p_upto
       and (e.kind = 'member.left' or exists (select from data.member m where m.person_id = p_person and m.room_id = e.room_id and m.joined_event <= e.id))
    union
    select e.id from (select distinct other.person_id from data.member mine join data.member other on other.room_id = mine.room_id where mine.person_id = p_person) seen
      join data.event e on e.audience_id = seen.person_id
     where e.audience = 'shared' and e.audience in ('person', 'shared') and e.id > p_after and e.id <= p_upto
    union
    select e.id from data.event e join data.person p on p.id = p_person
     where e.audience = 'rank' and p.rank >= e.audience_id and e.id > p_after and e.id <= p_upto
  ) mine
  order by id limit p_limit;
$$;
