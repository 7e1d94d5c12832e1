-- Exports: JSON lines, each {"type":…, …}. One statement and so one snapshot; SQL and not PL/pgSQL, so that PostgreSQL gives row by row
-- as the program takes them, and neither holds more than one. The planner may not sort, which would have it read all first: the indexes
-- have the order.

-- GET /api/me/export: everything of mine.
create function api.export_me(p_token text) returns setof json
language sql stable security definer set search_path = data, rule, pg_temp set enable_sort = off set enable_bitmapscan = off as $$
  with me as materialized (select rule.actor(p_token) as person)
  select json_build_object('type', 'profile', 'user', rule.show_own(person), 'created_at', rule.show_time((person).created_at)) from me
  union all
  (select json_build_object('type', case when s.is_token then 'token' else 'session' end, 'session', rule.show_session(s, null))
   from data.session s where s.person_id = (select (person).id from me) order by s.id)
  union all
  (select json_build_object('type', 'bot', 'user', rule.show_person(p)) from data.person p where p.keeper_id = (select (person).id from me) order by p.id)
  union all
  select json_build_object('type', 'room', 'room', r.room) from rule.show_rooms((select (person).id from me)) r
  union all
  select json_build_object('type', 'invite', 'invite', rule.show_invite(i)) from data.invite i where i.person_id = (select (person).id from me)
  union all
  select json_build_object('type', 'block', 'user', rule.show_name_of(b.blocked_id), 'at', rule.show_time(b.at))
  from data.block b where b.person_id = (select (person).id from me)
  union all
  (select json_build_object('type', 'message', 'message', rule.show_own_message(m, (select person from me)))
   from data.message m where m.person_id = (select (person).id from me) order by m.room_id, m.id)
  union all
  select json_build_object('type', 'reaction', 'message_id', r.message_id, 'emoji', r.emoji, 'at', rule.show_time(r.at))
  from data.reaction r where r.person_id = (select (person).id from me)
  union all
  select json_build_object('type', 'pin', 'message_id', p.message_id, 'room_id', p.room_id, 'at', rule.show_time(p.at))
  from data.pin p where p.person_id = (select (person).id from me)
  union all
  (select json_build_object('type', 'image', 'image', rule.show_images(array[i.id])->0, 'message_id', i.message_id)
   from data.image i where i.person_id = (select (person).id from me) order by i.id)
  union all
  select line from me cross join lateral rule.export_moderation((person).id) line;
$$;

-- GET /api/rooms/ID/export: a room for its owner, and for admins where they act.
create function api.export_room(p_token text, p_room bigint) returns setof json
language sql stable security definer set search_path = data, rule, pg_temp set enable_sort = off set enable_bitmapscan = off as $$
  with me as materialized (select rule.exporter_of_room(p_token, p_room) as id)
  select json_build_object('type', 'room', 'room', r.room) from rule.show_rooms((select id from me), array[p_room]) r
  union all
  select json_build_object('type', 'member', 'member', rule.show_member(m)) from data.member m where m.room_id = p_room and (select id from me) is not null
  union all
  (select json_build_object('type', 'message', 'message', rule.show_message(m, '{}'::bigint[]))
   from data.message m where m.room_id = p_room and (select id from me) is not null order by m.id);
$$;
