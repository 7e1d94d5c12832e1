-- One mark a person and room; unread is last_n - read_n, and n has no gap. Posting moves one's own mark.
select come('ana'), come('bo'), come('cy');
create function my(p_who text) returns text language sql
as $$ select p_who || ' ' || ask(p_who, 'get_room', '{"room": 1}', '$.room.my.keyvalue() ? (@.key starts with "read" || @.key == "unread" || @.key == "mentions")."value"'); $$;
create function mark(p_who text, p_up_to bigint) returns text language sql
as $$ select ask(p_who, 'mark_read', jsonb_build_object('room', 1, 'up_to', p_up_to)); $$;

select say('ana', 1, i::text) from generate_series(1, 5) as i;
select my('ana'), my('bo');
select mark('bo', 7);
select my('bo');

-- Forward only; an id between two messages, before the first, after the last.
select mark('bo', 6), mark('bo', 1);
select ask('bo', 'create_room', '{"kind": "channel", "name": "other"}', '$.room.id');
select say('bo', 2, 'elsewhere');
select say('ana', 1, 'six');
select mark('bo', 13), mark('bo', 999);
select read_up_to, read_n from data.member where person_id = 2 and room_id = 1;

-- One's own post moves it, without a write; a removal changes no count; whoever joins later begins at the end.
select say('ana', 1, '@cy'), say('bo', 1, 'seven');
select my('ana'), my('bo'), my('cy');
select read_up_to, read_n from data.member where person_id = 2 and room_id = 1;
select ask('ana', 'remove_message', jsonb_build_object('message', (select id from data.message where n = 7 and room_id = 1)));
select my('ana'), my('bo'), my('cy');
select come('late');
select my('late');
select ask('cy', 'leave_room', '{"room": 1}'), ask('cy', 'join_room', '{"room": 1}', '$.room.my.unread');

-- Telling one's other streams is in passing: an event of it there is none.
select kind, count(*) from api.read_log(0, 100) group by 1 order by 1;

-- Where retention took the beginning.
update data.room set first_n = 4 where id = 1;
delete from data.message where room_id = 1 and n < 4;
select my('late');
update data.member set read_n = 0, read_up_to = 0 where person_id = id_of('late');
select my('late');
update data.room set first_n = 9 where id = 1;
delete from data.message where room_id = 1;
select my('late'), my('ana'), ask('ana', 'get_room', '{"room": 1}', '$.room.last_n');
select say('ana', 1, 'and on it goes');
select my('late'), my('ana');

-- What notifies me.
select ask('bo', 'set_level', '{"room": 1, "level": "mentions"}'), ask('bo', 'get_room', '{"room": 1}', '$.room.my.level');
select ask('bo', 'set_level', '{"room": 1, "level": "loud"}'), ask('bo', 'set_level', '{"room": 1}');

-- The self-check: a few hundred posts, edits, removals, readings, joins and leaves at random, then: n is 1, 2, 3 … in the order of the
-- ids, and what the server says is unread is the number of messages after the mark, counted one by one.
select setseed(0.7);
create function do_anything(p_step int) returns text language sql volatile as $$
  select ask((array['ana', 'bo', 'cy', 'late'])[1 + p_step % 4],
             (array['post_message', 'post_message', 'post_message', 'edit_message', 'remove_message', 'mark_read', 'mark_read', 'leave_room', 'join_room', 'join_room'])[1 + floor(random() * 10)::int],
             jsonb_build_object('room', 1 + p_step % 3 % 2, 'text', 'x', 'client_id', gen_random_uuid(), 'up_to', floor(random() * 600),
                                'message', (select id from data.message order by random() limit 1)));
$$;
select ask(who, 'join_room', '{"room": 2}', '$.room.id') from unnest(array['ana', 'cy', 'late']) as who;
select count(do_anything(i)) from generate_series(1, 600) as i;
create function self_check() returns table (wrong text) language sql as $$
  select format('room %s: n %s is not %s', room_id, n, wanted)
  from (select m.room_id, n, first_n - 1 + row_number() over (partition by m.room_id order by m.id) as wanted
        from data.message m join data.room r on r.id = m.room_id) numbered where n <> wanted
  union all
  select format('person %s in room %s: %s unread, counted %s', m.person_id, m.room_id, my->>'unread', counted)
  from data.member m
  cross join lateral (select room->'my' as my from rule.show_rooms(m.person_id, array[m.room_id])) shown
  cross join lateral (select count(*) as counted from data.message where room_id = m.room_id and id > (my->>'read_up_to')::bigint) c
  where (my->>'unread')::bigint <> counted;
$$;
select * from self_check();
select count(*) > 100 from data.message;
