-- Erased: gone for every reader at once, the rows in slices, from wherever the last one came to.
select come('root', 4), come('ana', 1), come('bo'), come('cy');
select ask('ana', 'create_bot', jsonb_build_object('name', 'anabot', 'new_token', token('anabot')), '$.user.id');
select ask('ana', 'create_room', '{"kind": "group", "name": "g", "members": [3]}', '$.room.id'), ask('ana', 'open_direct', '{"user": 3}', '$.room.id');
select say('ana', 2, 'in the group'), say('ana', 3, 'directly'), say('ana', 1, 'one'), say('ana', 1, 'two'), say('bo', 1, '@ana hi'), say('ana', 1, 'three');
select ask('bo', 'report_message', jsonb_build_object('message', (select id from data.message where text = 'two'), 'reason', 'rude'), '$.report.id');
select ask('ana', 'add_reaction', jsonb_build_object('message', (select id from data.message where person_id = 3), 'emoji', '👍'));
update data.person set status = 'busy', settings = '{"a": 1}', password_hash = 'secret' where name = 'ana';
select rule.index_search(100);

-- One transaction, and what everybody sees of it: the name, that the messages are gone, that somebody left.
select head() as mark \gset
select ask('ana', 'preview_erasure'), head() = :mark;
select ask('ana', 'erase_me', '{"messages": "remove"}');
select log_after(:mark);
select ask('bo', 'list_messages', '{"room": 1}', '$.messages[*] ? (@.user.id == 2).keyvalue() ? (@.key == "text" || @.key == "deleted").value');
select ask('bo', 'list_messages', '{"room": 1}', '$.messages[*].reactions[*]'), ask('bo', 'search_messages', '{"q": "three"}', '$.messages[*]');
select ask('bo', 'get_user', '{"user": 2}'), ask('ana', 'get_me');
select name, name_key, password_hash, status, settings from data.person where id in (2, 5);
select ask(null, 'sign_in_guest', jsonb_build_object('name', 'ana', 'new_token', token('ana2')), '$.user.id'), ask(null, 'sign_in_guest', jsonb_build_object('name', 'anabot', 'new_token', token('ana3')), '$.user.id');
-- Nobody brings it back.
select ask('root', 'unban_user', '{"user": 2}');
select ask('root', 'list_reports', '{}', '$.reports[*].message.keyvalue() ? (@.key == "text" || @.key == "user").value');
select ask('root', 'resolve_report', '{"report": 1, "action": "dismiss"}', '$.report.state');

-- The slices: the audit first, then two rows at a time; each goes on where the last one stood.
create function left_over() returns text language sql as $$
  select format('%s of %s texts, %s in the index, %s mentions, %s reactions', count(text), count(*), (select count(*) from data.search where person_id = 2),
    (select count(*) from data.mention where person_id = 2), (select count(*) from data.reaction where person_id = 2)) from data.message where person_id = 2 $$;
select left_over();
select rule.erase_slice(2), left_over() from generate_series(1, 10);
select count(*) from data.erasure;
select id, n, text, deleted_by from data.message where person_id = 2 order by id;

-- Messages stay when that is asked for, by "removed person"; what is theirs alone goes.
select say('cy', 1, 'I stay');
select ask('cy', 'erase_me'), head() > :mark;
select rule.erase_slice(2), rule.erase_slice(2), rule.erase_slice(2);
select ask('bo', 'search_messages', '{"q": "stay"}', '$.messages[*].keyvalue() ? (@.key == "text" || @.key == "user").value');

-- Nobody writes to somebody who is no more; what was written is read.
select ask('bo', 'open_direct', '{"user": 2}'), ask('bo', 'open_direct', '{"user": 4}'), say('bo', 3, 'are you there?'), ask('bo', 'list_messages', '{"room": 3}', '$.messages[*].text');

-- A name that was guessed at is not kept either.
insert into data.attempt (what, used) values ('name:' || token('bo'), 3);
select ask('bo', 'erase_me', '{"messages": "remove"}');
select count(*) from data.attempt;
-- The last owner stays.
select ask('root', 'erase_me', '{"messages": "remove"}');

-- The audit is append-only, but for the words that go with somebody: a reason, members of the detail, and only while there is an erasure.
select come('dan'), count(rule.erase_slice(100)) from generate_series(1, 9);
select ask('root', 'mute_member', jsonb_build_object('room', 1, 'user', id_of('dan'), 'reason', why)) from unnest(array['his words', 'again']) why;
create function change(p_what text) returns text language plpgsql as $$
begin
  execute format('update data.audit set %s where id = (select max(id) from data.audit where action = ''mute_member'')', p_what);
  return 'done';
exception when raise_exception then
  return sqlerrm;
end $$;
select change('reason = null');
select id_of('dan') as dan \gset
select ask('dan', 'erase_me', '{}');
select what, change(what) from unnest(array['reason = ''other''', 'actor_id = null', 'detail = null', 'detail = detail || ''{"more": 1}''', 'at = now()', 'action = ''x''']) as what;
select rule.erase_slice(2), rule.erase_slice(2);
select count(*) from data.erasure;
select action, reason, detail from data.audit where person_id = :dan order by id;
select reason from data.sanction;
delete from data.audit;

-- That takes slices, too, however much was done; and what others replaced goes with what it was called, though these are rows of another slice.
select come('eve', 1), come('fay', 2) \g /dev/null
select ask('eve', 'create_room', '{"kind": "channel", "name": "den"}', '$.room.id') \g /dev/null
select max(id) as den, id_of('eve') as eve, (select max(id) from data.audit) as before from data.room \gset
select ask('fay', 'change_room', jsonb_build_object('room', :den, 'topic', 'hers')), ask('eve', 'change_room', jsonb_build_object('room', :den, 'name', 'evil den', 'topic', 'his'));
insert into data.audit (via, action, person_id, reason) select 'rule:1', 'mute_member', :eve, 'his words' from generate_series(1, 50);
select ask('fay', 'change_room', jsonb_build_object('room', :den, 'name', 'den')), ask('root', 'mute_member', jsonb_build_object('room', 1, 'user', :eve, 'reason', 'his words'));
select ask('eve', 'erase_me');
create function slice() returns text language sql as $$
  select format('%s words left: %s', (select count(*) from data.audit where reason = 'his words' or detail::text ~ 'evil|his'), rule.erase_slice(1))
$$;
select left_in_audit.* from (select slice() from generate_series(1, 8)) left_in_audit;
select count(*) from data.erasure;
select action, actor_id = :eve as by_eve, detail from data.audit where id > :before and action = 'change_room' order by id;
