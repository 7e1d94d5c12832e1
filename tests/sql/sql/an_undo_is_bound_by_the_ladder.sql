-- What takes an act back acts itself: on nobody who stands as high as the actor by now, also when the act was the actor's own.
select come('root', 4), come('chief', 3), come('ana', 1), come('bob', 1), come('cy', 1), come('dot', 1) \g /dev/null
create function test.undo_last(p_who text, p_action text, p_of text) returns text
language sql as $$
  select string_agg(a->>'state', ', ') || coalesce(' ' || max(body->>'code'), '')
  from api.undo(token(p_who), jsonb_build_object('act', (select max(id) from data.audit where action = p_action and person_id = id_of(p_of)))), json_array_elements(body->'acts') a;
$$;
create view test.standing as select name, rank, (select role from data.member where person_id = p.id and room_id = 2) as role,
  (select string_agg(kind || ' ' || room_id, ', ' order by kind, room_id) from data.sanction where person_id = p.id and until > now()) as sanctions, hidden_up_to > 0 as hidden
from data.person p order by id;

-- A role that was given long ago, and what was lifted of somebody who has risen since: not by those whom a direct call is refused, either.
select ask('root', 'set_role', jsonb_build_object('user', id_of('ana'), 'role', 'owner')), ask('root', 'set_role', jsonb_build_object('user', id_of('ana'), 'role', 'member'));
select ask('chief', function, jsonb_build_object('user', id_of('bob'), 'room', 1, 'reason', 'x', 'messages', 'hide'))
from unnest('{mute_member,unmute_member,ban_member,unban_member,ban_user,unban_user}'::text[]) function;
select ask('chief', 'mute_member', jsonb_build_object('user', id_of('bob'), 'room', 1, 'until', until, 'reason', 'x')) from (values ('2999-01-01T00:00:00Z'), ('2998-01-01T00:00:00Z')) as t(until);
select ask('chief', 'ban_user', jsonb_build_object('user', id_of('cy'), 'messages', messages, 'reason', 'x')) from unnest('{hide,keep}'::text[]) messages;
select ask('root', 'set_role', jsonb_build_object('user', id_of(name), 'role', 'admin')) from unnest('{bob,cy}'::text[]) name;
select action, name, undo_last('chief', action, name)
from (values ('unmute_member', 'bob'), ('unban_member', 'bob'), ('unban_user', 'bob'), ('mute_member', 'bob'), ('ban_user', 'cy')) as t(action, name);
select undo_last('root', 'set_role', 'ana');
select name, rank, sanctions, hidden from standing;
-- Who stands above still may; what only lifts is not acting.
select action, name, undo_last('root', action, name) from (values ('mute_member', 'bob'), ('ban_user', 'cy')) as t(action, name);
select ask('chief', 'mute_member', jsonb_build_object('user', id_of('dot'), 'room', 1, 'reason', 'x')), ask('root', 'set_role', jsonb_build_object('user', id_of('dot'), 'role', 'admin'));
select undo_last('chief', 'mute_member', 'dot');
select name, rank, sanctions, hidden from standing;

-- Nor to a rank that is not the actor's to give by now, nor a bot's above its keeper's.
select come('eve', 2), come('fay', 3), come('gus', 1) \g /dev/null
update data.person set rank = 4 where name = 'chief';
select ask('chief', 'set_role', jsonb_build_object('user', id_of('fay'), 'role', 'member'));
update data.person set rank = 3 where name = 'chief';
select undo_last('chief', 'set_role', 'fay');
select ask('eve', 'create_bot', jsonb_build_object('name', 'evebot', 'new_token', token('evebot')), '$.user.role');
select ask('root', 'set_role', jsonb_build_object('user', id_of('evebot'), 'role', 'guest'));
update data.person set rank = 1 where name = 'eve';
select undo_last('root', 'set_role', 'evebot');
update data.person set rank = 2 where name = 'eve';
select undo_last('root', 'set_role', 'evebot');

-- In a group of others server ranks do not act: they put nobody's role back there, nor a mute.
select ask('gus', 'create_room', jsonb_build_object('kind', 'group', 'name', 'den', 'members', array[id_of('fay'), id_of('chief')]), '$.room.id');
select ask('chief', 'put_member', jsonb_build_object('room', 2, 'user', id_of('fay'), 'role', 'moderator')), ask('chief', 'mute_member', jsonb_build_object('room', 2, 'user', id_of('gus'), 'reason', 'x')),
       ask('chief', 'unmute_member', jsonb_build_object('room', 2, 'user', id_of('gus'))), ask('chief', 'leave_room', '{"room": 2}');
select undo_last(who, 'unmute_member', 'gus'), undo_last(who, 'put_member', 'fay') from unnest('{chief,root}'::text[]) who;
select ask('gus', 'put_member', jsonb_build_object('room', 2, 'user', id_of('chief')));
select undo_last('chief', 'unmute_member', 'gus'), undo_last('chief', 'put_member', 'fay');
select name, rank, role, sanctions from standing where name in ('gus', 'fay', 'evebot');

-- A rule of above is not made again by those below, and what a rule has held of somebody who has risen is not held again.
update data.person set rank = 4 where name = 'chief';
select ask('chief', 'create_rule', '{"kind": "words", "pattern": "cat", "action": "hide", "exempt": "nobody"}', '$.rule.id');
select ask('gus', 'post_message', jsonb_build_object('room', 1, 'text', 'a cat', 'client_id', gen_random_uuid(), 'rule', 1), '$.message.text'), ask('chief', 'resolve_report', '{"report": 1, "action": "dismiss"}'),
       ask('chief', 'delete_rule', '{"rule": 1}');
update data.person set rank = 3 where name in ('chief', 'gus');
select who, a->>'action', a->>'state'
from (values ('chief', 1), ('root', 2)) as t(who, turn), data.audit act, api.undo(token(who), jsonb_build_object('act', act.id)), json_array_elements(body->'acts') a
where act.action in ('resolve_report', 'delete_rule') order by turn, act.id;
