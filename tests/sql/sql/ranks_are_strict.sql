-- The complete matrix: every rank acts on every rank with every action, on the server and in rooms. Two people of each rank, so that
-- equals are two. `+` done, with exactly one row in the audit that names actor, action and target; `=` nothing to do, nothing noted;
-- r rank_too_low, m not_a_moderator, . not_found (404), d direct_room; a refusal must leave no row in the audit. ! is a fault.

-- Tries a call and takes it back; gives its mark.
create function tried(p_actor text, p_action text, p_target text, p_args jsonb) returns text
language plpgsql volatile as $$
declare
  v_answer text;
  v_rows jsonb;
  v_before bigint := (select count(*) from data.audit);
begin
  begin
    v_answer := ask(p_actor, p_action, p_args);
    v_rows := (select jsonb_agg(jsonb_build_array(id_of(p_actor) = actor_id, action, person_id = id_of(p_target))) from (select * from data.audit order by id offset v_before) new);
    raise exception using errcode = 'TT000';
  exception when sqlstate 'TT000' then
  end;
  return case
    when v_answer ~ '^20' and v_rows = jsonb_build_array(jsonb_build_array(true, p_action, true)) then '+'
    when v_answer ~ '^20' and v_rows is null then '='
    when v_rows is not null then '!'
    when v_answer like '403 rank_too_low%' then 'r'
    when v_answer like '403 not_a_moderator%' then 'm'
    when v_answer like '403 direct_room%' then 'd'
    when v_answer like '404 not_found%' then '.'
    else '!' || v_answer
  end;
end $$;

-- One row of a table below: what becomes of an action of p_actor on each of p_targets.
create function row_of(p_action text, p_room bigint, p_actor text, p_targets text[], p_more jsonb) returns text
language sql volatile as $$
  select string_agg(tried(p_actor, p_action, target, jsonb_build_object('user', id_of(target), 'room', p_room,
           'message', (select id from data.message where person_id = id_of(target) and room_id = p_room order by id limit 1)) || p_more), ' ' order by i)
  from unnest(p_targets) with ordinality as t(target, i);
$$;

create table actor (name text, i int generated always as identity);
create table wanted (action text, actor text, cells text);
create table known (action text, more jsonb);

-- The server: guests, members, moderators, admins, owners, and a bot of the second owner (its rank is member), all in the lobby.
select come(name || n, rank) from (values ('guest', 0), ('member', 1), ('moderator', 2), ('admin', 3), ('owner', 4)) as r(name, rank), (values ('1', 1), ('2', 2)) as n(n, i) order by rank, i \g /dev/null
select ask('owner2', 'create_bot', jsonb_build_object('name', 'bot2', 'new_token', token('bot2')), '$.user.role');
select split_part(say(name, 1, 'hello'), ' ', 1) from data.person order by id;
insert into data.sanction (person_id, room_id, kind) select id, 1, 'mute' from data.person where name like '%2';
insert into data.sanction (person_id, room_id, kind) select id, 1, 'ban' from data.person where name like '%2';
insert into data.sanction (person_id, room_id, kind) select id, 0, 'ban' from data.person where name like '%2';

insert into actor (name) values ('guest1'), ('member1'), ('moderator1'), ('admin1'), ('owner1');
insert into known values
  ('remove_message', '{}'), ('mute_member', '{"until": "2999-01-01T00:00:00Z", "reason": "x"}'), ('unmute_member', '{}'),
  ('ban_member', '{"reason": "x"}'), ('unban_member', '{}'), ('remove_member', '{}'), ('ban_user', '{"reason": "x", "messages": "hide"}'), ('unban_user', '{}');
-- targets:                   guest2 member2 moderator2 admin2 owner2 bot2
insert into wanted select action, ladder.* from known cross join (values
  ('guest1',                 'm      m       m          m      m      m'),
  ('member1',                'm      m       m          m      m      m'),
  ('moderator1',             '+      +       r          r      r      +'),
  ('admin1',                 '+      +       +          r      r      +'),
  ('owner1',                 '+      +       +          +      r      +')) as ladder;

create view made as
select k.action, a.name as actor, a.i, row_of(k.action, 1, a.name, '{guest2,member2,moderator2,admin2,owner2,bot2}', k.more) as cells
from known k cross join actor a;
select action, actor, cells from made order by action, i;
select 'differs:', made.*, wanted.cells from made join wanted using (action, actor) where made.cells <> regexp_replace(wanted.cells, ' +', ' ', 'g');
select count(*) * 6 as cells from wanted;

-- Roles: the one of now and the new one are below the actor's own; only an owner makes owners; a bot stays below its keeper.
truncate known, wanted;
insert into known select role, jsonb_build_object('role', role) from unnest('{guest,member,moderator,admin,owner}'::text[]) role;
insert into wanted values
-- role      actor           guest2 member2 moderator2 admin2 owner2 bot2
('guest',     'guest1',     'm      m       m          m      m      m'),
('guest',     'member1',    'm      m       m          m      m      m'),
('guest',     'moderator1', '=      +       r          r      r      +'),
('guest',     'admin1',     '=      +       +          r      r      +'),
('guest',     'owner1',     '=      +       +          +      r      +'),
('member',    'guest1',     'm      m       m          m      m      m'),
('member',    'member1',    'm      m       m          m      m      m'),
('member',    'moderator1', '+      =       r          r      r      ='),
('member',    'admin1',     '+      =       +          r      r      ='),
('member',    'owner1',     '+      =       +          +      r      ='),
('moderator', 'guest1',     'm      m       m          m      m      m'),
('moderator', 'member1',    'm      m       m          m      m      m'),
('moderator', 'moderator1', 'r      r       r          r      r      r'),
('moderator', 'admin1',     '+      +       =          r      r      +'),
('moderator', 'owner1',     '+      +       =          +      r      +'),
('admin',     'guest1',     'm      m       m          m      m      m'),
('admin',     'member1',    'm      m       m          m      m      m'),
('admin',     'moderator1', 'r      r       r          r      r      r'),
('admin',     'admin1',     'r      r       r          r      r      r'),
('admin',     'owner1',     '+      +       +          =      r      +'),
('owner',     'guest1',     'm      m       m          m      m      m'),
('owner',     'member1',    'm      m       m          m      m      m'),
('owner',     'moderator1', 'r      r       r          r      r      r'),
('owner',     'admin1',     'r      r       r          r      r      r'),
('owner',     'owner1',     '+      +       +          +      r      r');
create or replace view made as
select k.action, a.name as actor, a.i, row_of('set_role', 1, a.name, '{guest2,member2,moderator2,admin2,owner2,bot2}', k.more) as cells
from known k cross join actor a;
select action, actor, cells from made order by array_position('{guest,member,moderator,admin,owner}', action), i;
select 'differs:', made.*, wanted.cells from made join wanted using (action, actor) where made.cells <> regexp_replace(wanted.cells, ' +', ' ', 'g');

-- Nobody acts on oneself but by removing one's own message and by leaving.
select a.name, string_agg(k.action || ' ' || tried(a.name, k.action, a.name, jsonb_build_object('user', id_of(a.name), 'room', 1, 'role', 'guest',
         'message', (select id from data.message where person_id = id_of(a.name)))), ', ' order by k.action)
from actor a cross join (values ('remove_message'), ('mute_member'), ('ban_member'), ('ban_user'), ('set_role')) as k(action)
group by a.name order by min(a.i);

-- Rooms: a channel and a group of keen1 and keen2 (owners), mod1 and mod2 (moderators), joe1 and joe2, with the server's moderator1 and
-- moderator2 in them; admin1 is not. The room's owners stand below the server's moderators, those above everybody else in it.
delete from data.sanction;
select come(name, 1) from unnest('{keen1,keen2,mod1,mod2,joe1,joe2}'::text[]) name \g /dev/null
select ask('keen1', 'create_room', jsonb_build_object('kind', kind, 'name', 'den',
         'members', (select jsonb_agg(id_of(name)) from unnest('{keen2,mod1,mod2,joe1,joe2,moderator1,moderator2}'::text[]) name)), '$.room.id')
from unnest('{channel,group}'::text[]) kind;
select ask('keen1', 'put_member', jsonb_build_object('room', room, 'user', id_of(who), 'role', case who when 'keen2' then 'owner' else 'moderator' end))
from unnest('{2,3}'::int[]) room, unnest('{mod1,mod2,keen2}'::text[]) who;
select ask('joe1', 'open_direct', jsonb_build_object('user', id_of('joe2')), '$.room.id');
select count(say(name, room, 'hello')) from data.person join data.member on person_id = id join unnest('{2,3,4}'::int[]) room on room_id = room;
insert into data.sanction (person_id, room_id, kind)
select id, room, kind from data.person, unnest('{2,3}'::int[]) room, unnest('{mute,ban}'::text[]) kind where name in ('joe2', 'mod2', 'keen2', 'moderator2');

truncate known, wanted, actor;
insert into actor (name) values ('joe1'), ('mod1'), ('keen1'), ('moderator1'), ('admin1');
insert into known values
  ('remove_message', '{}'), ('mute_member', '{"until": "2999-01-01T00:00:00Z", "reason": "x"}'), ('unmute_member', '{}'),
  ('ban_member', '{"reason": "x"}'), ('unban_member', '{}'), ('remove_member', '{}');
create table room_wanted (room bigint, actor text, cells text);
insert into room_wanted values
-- room actor       joe2 mod2 keen2 moderator2
(2, 'joe1',       'm    m    m     m'),
(2, 'mod1',       '+    r    r     r'),
(2, 'keen1',      '+    +    r     r'),
(2, 'moderator1', '+    +    +     r'),
(2, 'admin1',     '+    +    +     +'),
(3, 'joe1',       'm    m    m     m'),
(3, 'mod1',       '+    r    r     r'),
(3, 'keen1',      '+    +    r     r'),
(3, 'moderator1', '+    +    +     r'),
(3, 'admin1',     '.    .    .     .');
create view made_in_rooms as
select r.room, k.action, a.name as actor, a.i, row_of(k.action, r.room, a.name, '{joe2,mod2,keen2,moderator2}', k.more) as cells
from known k cross join actor a cross join (values (2), (3)) as r(room);
select case room when 2 then 'channel' else 'group' end, action, actor, cells from made_in_rooms order by room, action, i;
select 'differs:', m.*, w.cells from made_in_rooms m join room_wanted w using (room, actor) where m.cells <> regexp_replace(w.cells, ' +', ' ', 'g');

-- Roles in a room: the roles of now and then are below the actor's own; a room owner makes room owners.
truncate room_wanted, wanted;
insert into wanted values
-- role      actor           joe2 mod2 keen2 moderator2
('member',    'joe1',       '=    r    r     ='),
('member',    'mod1',       '=    r    r     ='),
('member',    'keen1',      '=    +    r     ='),
('member',    'moderator1', '=    +    +     ='),
('member',    'admin1',     '=    +    +     ='),
('moderator', 'joe1',       'r    =    r     r'),
('moderator', 'mod1',       'r    =    r     r'),
('moderator', 'keen1',      '+    =    r     r'),
('moderator', 'moderator1', '+    =    +     r'),
('moderator', 'admin1',     '+    =    +     +'),
('owner',     'joe1',       'r    r    =     r'),
('owner',     'mod1',       'r    r    =     r'),
('owner',     'keen1',      '+    +    =     r'),
('owner',     'moderator1', '+    +    =     r'),
('owner',     'admin1',     '+    +    =     +');
create or replace view made as
select role as action, a.name as actor, a.i, row_of('put_member', 2, a.name, '{joe2,mod2,keen2,moderator2}', jsonb_build_object('role', role)) as cells
from unnest('{member,moderator,owner}'::text[]) role cross join actor a;
select action, actor, cells from made order by array_position('{member,moderator,owner}', action), i;
select 'differs:', made.*, wanted.cells from made join wanted using (action, actor) where made.cells <> regexp_replace(wanted.cells, ' +', ' ', 'g');

-- The direct room of joe1 and joe2 is not there for anybody else, nor can the one act on the other.
select action as "joe1 mod1 keen1 moderator1 admin1", string_agg(row_of(action, 4, a.name, '{joe2}', more), ' ' order by a.i)
from known cross join actor a group by action order by action;
