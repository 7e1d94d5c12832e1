-- The complete matrix: whoever acts on whomever with every action, on the server, in a channel, a group and a direct room. Each table
-- says what must become of its cells: a column for each target, a row for each actor, two people of each rank, so that equals are two.
--   + done, with exactly one row in the audit: this actor, action, target and room     = done or nothing to do, and nothing noted
--   r rank_too_low   m not_a_moderator   . not_found (404)   d direct_room   x no right to call it (psql); none of them leaves a row
-- Actors named parley_… are the login roles of psql; everybody else calls as parley-api does.

-- What a call becomes: status and code.
create function answer_of(p_actor text, p_function text, p_args jsonb) returns text
language plpgsql volatile as $$
declare
  v_status int;
  v_code text;
  v_self text := session_user;
begin
  if p_actor not like 'parley\_%' then
    return ask(p_actor, p_function, p_args);
  end if;
  perform set_config('session_authorization', p_actor, true);
  begin
    execute format('select status from api.%I(null, $1)', p_function) into v_status using p_args;
  exception when others then
    get stacked diagnostics v_code = pg_exception_detail;
    perform set_config('session_authorization', v_self, true);
    return coalesce(substr(sqlstate, 3) || ' ' || nullif(v_code, ''), sqlerrm);
  end;
  perform set_config('session_authorization', v_self, true);
  return v_status;
end $$;

-- Tries a call and takes it back; gives its mark, and what it was when it is none of them.
create function tried(p_actor text, p_function text, p_target text, p_args jsonb) returns text
language plpgsql volatile as $$
declare
  v_answer text;
  v_rows jsonb;
  v_before bigint := (select count(*) from data.audit);
begin
  begin
    v_answer := answer_of(p_actor, p_function, p_args);
    v_rows := (select jsonb_agg(coalesce(actor_id = id_of(p_actor), via = 'psql:' || p_actor) and action = p_function and person_id = id_of(p_target)
                                and coalesce(room_id = (p_args->>'room')::bigint, p_function in ('ban_user', 'unban_user', 'set_role')))
               from (select * from data.audit order by id offset v_before) new);
    raise exception using errcode = 'TT000';
  exception when sqlstate 'TT000' then
  end;
  return case
    when v_answer ~ '^20' and v_rows = '[true]' then '+'
    when v_answer ~ '^20' and v_rows is null then '='
    when v_rows is not null then '!' || v_rows::text
    when v_answer like '403 rank_too_low%' then 'r'
    when v_answer ~ '^403 not_a_m(oderator|ember)' then 'm'
    when v_answer like '403 direct_room%' then 'd'
    when v_answer like '404 not_found%' then '.'
    when v_answer like 'permission denied%' then 'x'
    else '!' || v_answer
  end;
end $$;

-- Holds a table against what is so: [["FUNCTION", {args}], …], each by every actor on every target in a room.
create function held(p_calls jsonb, p_room bigint, p_wanted text, out cells bigint, out differ text)
language sql volatile as $$
  with line as (select i, regexp_split_to_array(btrim(text), '\s+') as words from regexp_split_to_table(btrim(p_wanted, E'\n '), '\n') with ordinality as l(text, i)),
  cell as (
    select call->>0 as function, call->1 as args, row.words[1] as actor, top.words[j] as target, row.words[j + 1] as wanted
    from jsonb_array_elements(p_calls) call, line row, line top, generate_series(1, cardinality(top.words)) j where top.i = 1 and row.i > 1),
  made as materialized (
    select *, tried(actor, function, target, args || jsonb_build_object('user', id_of(target), 'room', p_room,
      'message', (select id from data.message where person_id = id_of(target) and room_id = p_room order by id limit 1))) as mark from cell)
  select count(*), string_agg(format('%s by %s on %s: %s, not %s', function, actor, target, mark, wanted), '; ') filter (where mark is distinct from wanted) from made;
$$;

create function in_room(variadic p_only text[] default '{remove_message,remove_member,mute_member,unmute_member,ban_member,unban_member}') returns jsonb language sql immutable as $$
  select jsonb_agg(jsonb_build_array(action, case action when 'mute_member' then '{"until": "2999-01-01T00:00:00Z", "reason": "x"}' when 'ban_member' then '{"reason": "x"}' else '{}' end::jsonb))
  from unnest(p_only) action; $$;
create function by_psql() returns jsonb language sql immutable as $$ select in_room('remove_message', 'mute_member', 'unmute_member', 'ban_member', 'unban_member'); $$;
create function on_server() returns jsonb language sql immutable as $$
  select '[["ban_user", {"reason": "x", "messages": "hide"}], ["unban_user", {}]]'::jsonb; $$;
create function to_role(p_function text, p_role text) returns jsonb language sql immutable as $$
  select jsonb_build_array(jsonb_build_array(p_function, jsonb_build_object('role', p_role))); $$;

-- Everybody, all in the lobby: two of each rank of the server; bots: bot1 and bot2 as they are made, cop1 and cop2 made moderators of the
-- server; far, a moderator, and old, an admin, who will be in no other room; keepers of the bots: owner1, owner2.
select come(name || n, rank) from (values ('guest', 0), ('member', 1), ('moderator', 2), ('admin', 3), ('owner', 4)) as r(name, rank), (values ('1', 1), ('2', 2)) as n(n, i) order by rank, i \g /dev/null
select come('far', 2), come('old', 3) \g /dev/null
select ask('owner' || n, 'create_bot', jsonb_build_object('name', bot || n, 'new_token', token(bot || n)), '$.user.role') from unnest('{bot,cop}'::text[]) bot, unnest('{1,2}'::text[]) n;
select ask('owner' || n, 'set_role', jsonb_build_object('user', id_of('cop' || n), 'role', 'moderator')) from unnest('{1,2}'::text[]) n;
select split_part(say(name, 1, 'hello'), ' ', 1), count(*) from data.person group by 1;
create function sanction_all(p_rooms bigint[]) returns void language sql as $$
  insert into data.sanction (person_id, room_id, kind)
  select id, room, kind from data.person, unnest(p_rooms) room, unnest('{mute,ban}'::text[]) kind
  where (name like '%2' or name in ('far', 'old')) and (room, kind) <> (0, 'mute'); $$;
select sanction_all('{0,1}');

-- The server: acts in its first channel, and bans from all of it.
select * from held(in_room() || on_server(), 1, '
             guest2 member2 bot2 moderator2 cop2 admin2 owner2
  guest1     m      m       m    m          m    m      m
  member1    m      m       m    m          m    m      m
  bot1       m      m       m    m          m    m      m
  moderator1 +      +       +    r          r    r      r
  cop1       +      +       +    r          r    r      r
  admin1     +      +       +    +          +    r      r
  owner1     +      +       +    +          +    +      r');
select * from held(by_psql() || on_server(), 1, '
                   guest2 member2 bot2 moderator2 cop2 admin2 owner2
  parley_moderator +      +       +    r          r    r      r
  parley_admin     +      +       +    +          +    +      r');
select * from held('[["remove_member", {}], ["set_role", {"role": "guest"}], ["put_member", {"role": "moderator"}]]', 1, '
                   guest2
  parley_moderator x');

-- Roles: the one of now and the new one are below the actor's own; only an owner makes owners; a bot stays below its keeper.
select * from held(to_role('set_role', 'guest'), 1, '
             guest2 member2 bot2 moderator2 cop2 admin2 owner2
  guest1     m      m       m    m          m    m      m
  member1    m      m       m    m          m    m      m
  bot1       m      m       m    m          m    m      m
  moderator1 =      +       +    r          r    r      r
  cop1       =      +       +    r          r    r      r
  admin1     =      +       +    +          +    r      r
  owner1     =      +       +    +          +    +      r
  parley_admin =    +       +    +          +    +      r');
select * from held(to_role('set_role', 'member'), 1, '
             guest2 member2 bot2 moderator2 cop2 admin2 owner2
  guest1     m      m       m    m          m    m      m
  member1    m      m       m    m          m    m      m
  bot1       m      m       m    m          m    m      m
  moderator1 +      =       =    r          r    r      r
  cop1       +      =       =    r          r    r      r
  admin1     +      =       =    +          +    r      r
  owner1     +      =       =    +          +    +      r
  parley_admin +    =       =    +          +    +      r');
select * from held(to_role('set_role', 'moderator'), 1, '
             guest2 member2 bot2 moderator2 cop2 admin2 owner2
  guest1     m      m       m    m          m    m      m
  member1    m      m       m    m          m    m      m
  bot1       m      m       m    m          m    m      m
  moderator1 r      r       r    r          r    r      r
  cop1       r      r       r    r          r    r      r
  admin1     +      +       +    =          =    r      r
  owner1     +      +       +    =          =    +      r
  parley_admin +    +       +    =          =    +      r');
select * from held(to_role('set_role', 'admin'), 1, '
             guest2 member2 bot2 moderator2 cop2 admin2 owner2
  guest1     m      m       m    m          m    m      m
  member1    m      m       m    m          m    m      m
  bot1       m      m       m    m          m    m      m
  moderator1 r      r       r    r          r    r      r
  cop1       r      r       r    r          r    r      r
  admin1     r      r       r    r          r    r      r
  owner1     +      +       +    +          +    =      r
  parley_admin +    +       +    +          +    =      r');
select * from held(to_role('set_role', 'owner'), 1, '
             guest2 member2 bot2 moderator2 cop2 admin2 owner2
  guest1     m      m       m    m          m    m      m
  member1    m      m       m    m          m    m      m
  bot1       m      m       m    m          m    m      m
  moderator1 r      r       r    r          r    r      r
  cop1       r      r       r    r          r    r      r
  admin1     r      r       r    r          r    r      r
  owner1     +      +       r    +          r    +      r
  parley_admin +    +       r    +          r    +      r');

-- A room: a channel (2) and a group (3) of keen1 and keen2 (owners), mod1 and mod2 (moderators), rob1 and rob2 (bots, moderators there),
-- joe1 and joe2 (members), bot1 and bot2, and two of each rank of the server, who are plain members there. far and old are in neither.
delete from data.sanction;
select come(name, 1) from unnest('{keen1,keen2,mod1,mod2,joe1,joe2}'::text[]) name \g /dev/null
select ask('owner' || n, 'create_bot', jsonb_build_object('name', 'rob' || n, 'new_token', token('rob' || n)), '$.user.role') from unnest('{1,2}'::text[]) n;
create view crowd as select name from data.person where name ~ '^(keen2|mod|rob|joe|bot|moderator|admin|owner)';
select ask('keen1', 'create_room', jsonb_build_object('kind', kind, 'name', 'den', 'members', (select jsonb_agg(id_of(name)) from crowd)), '$.room.id') from unnest('{channel,group}'::text[]) kind;
select ask('keen1', 'put_member', jsonb_build_object('room', room, 'user', id_of(name), 'role', case name when 'keen2' then 'owner' else 'moderator' end)), count(*)
from unnest('{2,3}'::int[]) room, crowd where name ~ '^(keen|mod.$|rob)' group by 1;
select ask('joe1', 'open_direct', jsonb_build_object('user', id_of('joe2')), '$.room.id'), ask('owner1', 'open_direct', jsonb_build_object('user', id_of('joe2')), '$.room.id');
select split_part(say(name, room_id, 'hello'), ' ', 1), count(*) from data.person join data.member on person_id = id where room_id > 1 group by 1;
select sanction_all('{2,3,4,5}');

select * from held(in_room(), 2, '
             joe2 bot2 mod2 rob2 keen2 moderator2 admin2 owner2
  joe1       m    m    m    m    m     m          m      m
  bot1       m    m    m    m    m     m          m      m
  mod1       +    +    r    r    r     r          r      r
  rob1       +    +    r    r    r     r          r      r
  keen1      +    +    +    +    r     r          r      r
  moderator1 +    +    +    +    +     r          r      r
  admin1     +    +    +    +    +     +          r      r
  owner1     +    +    +    +    +     +          +      r
  far        +    +    +    +    +     r          r      r
  old        +    +    +    +    +     +          r      r
  guest1     m    m    m    m    m     m          m      m');
select * from held(in_room(), 3, '
             joe2 bot2 mod2 rob2 keen2 moderator2 admin2 owner2
  joe1       m    m    m    m    m     m          m      m
  bot1       m    m    m    m    m     m          m      m
  mod1       +    +    r    r    r     r          r      r
  rob1       +    +    r    r    r     r          r      r
  keen1      +    +    +    +    r     r          r      r
  moderator1 +    +    +    +    +     r          r      r
  admin1     +    +    +    +    +     +          r      r
  owner1     +    +    +    +    +     +          +      r
  far        .    .    .    .    .     .          .      .
  old        .    .    .    .    .     .          .      .
  guest1     .    .    .    .    .     .          .      .');
select * from held(by_psql(), 2, '
                   joe2 bot2 mod2 rob2 keen2 moderator2 admin2 owner2
  parley_moderator +    +    +    +    +     r          r      r
  parley_admin     +    +    +    +    +     +          +      r');
select * from held(by_psql(), 3, '
                   joe2 bot2 mod2 rob2 keen2 moderator2 admin2 owner2
  parley_moderator .    .    .    .    .     .          .      .
  parley_admin     .    .    .    .    .     .          .      .');
-- Muted and banned are also those who are not in the room; their rank protects them there, too.
select * from held(in_room('mute_member', 'unmute_member', 'ban_member', 'unban_member'), 2, '
             guest2 far old
  joe1       m      m   m
  mod1       +      r   r
  keen1      +      r   r
  moderator1 +      r   r
  admin1     +      +   r
  owner1     +      +   +');
select * from held(in_room('mute_member', 'unmute_member', 'ban_member', 'unban_member'), 3, '
             guest2 far old
  joe1       m      m   m
  mod1       +      r   r
  keen1      +      r   r
  moderator1 +      r   r
  admin1     +      +   r
  owner1     +      +   +');

-- Roles in a room, the same in a channel and a group: the roles of now and then are below the actor's own; a room owner makes room owners.
select kind, role, held.* from (values
  ('member', '
             joe2 bot2 mod2 rob2 keen2 moderator2
  joe1       =    =    r    r    r     =
  bot1       =    =    r    r    r     =
  mod1       =    =    r    r    r     =
  rob1       =    =    r    r    r     =
  keen1      =    =    +    +    r     =
  moderator1 =    =    +    +    +     =
  admin1     =    =    +    +    +     =
  owner1     =    =    +    +    +     ='),
  ('moderator', '
             joe2 bot2 mod2 rob2 keen2 moderator2
  joe1       r    r    =    =    r     r
  bot1       r    r    =    =    r     r
  mod1       r    r    =    =    r     r
  rob1       r    r    =    =    r     r
  keen1      +    +    =    =    r     r
  moderator1 +    +    =    =    +     r
  admin1     +    +    =    =    +     +
  owner1     +    +    =    =    +     +'),
  ('owner', '
             joe2 bot2 mod2 rob2 keen2 moderator2
  joe1       r    r    r    r    =     r
  bot1       r    r    r    r    =     r
  mod1       r    r    r    r    =     r
  rob1       r    r    r    r    =     r
  keen1      +    +    +    +    =     r
  moderator1 +    +    +    +    =     r
  admin1     +    +    +    +    =     +
  owner1     +    +    +    +    =     +')) as t(role, wanted),
  (values ('channel', 2), ('group', 3)) as r(kind, room), held(to_role('put_member', role), room, wanted);

-- Of the direct room of joe1 and joe2 (4) nobody else knows; in one nobody acts on the other, whatever the rank (5: owner1 and joe2).
select * from held(in_room(), 4, '
             joe2
  joe1       m
  mod1       .
  keen1      .
  far        .
  owner1     .');
select * from held(in_room('remove_message', 'remove_member', 'mute_member', 'ban_member') || to_role('put_member', 'moderator'), 5, '
             joe2
  far        .
  old        .');
select * from held(in_room(), 5, '
             joe2
  owner1     m');
select * from held(to_role('put_member', 'moderator'), 5, '
             joe2
  owner1     d');

-- A message that was reported: there server ranks act, by the ladder of the server, in groups and direct rooms of others, too.
insert into data.report (message_id, room_id, author_id, reporter_id, reason, copy) select id, room_id, person_id, id_of('joe1'), 'x', '{}' from data.message where room_id in (3, 4);
select * from held(in_room('remove_message'), 3, '
             joe2 bot2 mod2 rob2 keen2 moderator2 admin2 owner2
  guest1     .    .    .    .    .     .          .      .
  far        +    +    +    +    +     r          r      r
  old        +    +    +    +    +     +          r      r
  parley_moderator + +  +    +    +     r          r      r
  parley_admin + +    +    +    +     +          +      r');
select * from held(in_room('remove_message'), 4, '
             joe2
  joe1       m
  mod1       .
  far        +
  owner1     +
  parley_moderator +');
select * from held(in_room('remove_member', 'mute_member', 'ban_member'), 4, '
             joe2
  far        .
  owner1     .');

-- What is not acting asks for no rank: to block, to report, and to add somebody.
delete from data.sanction;
delete from data.report;
select ask('keen1', 'remove_member', jsonb_build_object('room', 3, 'user', id_of('owner2')));
select * from held('[["block_user", {}], ["report_message", {"reason": "x"}]]', 2, '
             joe2 mod2 keen2 admin2 owner2
  joe1       =    =    =     =      =
  bot1       =    =    =     =      =
  mod1       =    =    =     =      =
  admin1     =    =    =     =      =');
select * from held('[["put_member", {}]]', 3, '
             guest2 member2 far old owner2
  joe1       =      =       =   =   =
  bot1       =      =       =   =   =
  mod1       =      =       =   =   =
  owner1     =      =       =   =   =');

-- Nobody acts on oneself but by removing one's own message and by leaving.
select actor, string_agg(function || ' ' || tried(actor, function, actor, args || jsonb_build_object('user', id_of(actor), 'room', 1,
         'message', (select id from data.message where person_id = id_of(actor) and room_id = 1))), ', ' order by i)
from unnest('{guest1,member1,bot1,moderator1,cop1,admin1,owner1}'::text[]) with ordinality as a(actor, a),
     (select i, call->>0 as function, call->1 as args from jsonb_array_elements(in_room() || on_server() || to_role('set_role', 'guest')) with ordinality as c(call, i)) k
group by a, actor order by a;
