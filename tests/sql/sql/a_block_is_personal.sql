-- A block: no direct message either way, with a refusal that does not say whose block it is; no mention; the text collapsed in history
-- and in answers; and nobody but the one who blocks learns of it. No rank stands against it.
select come('ana', 1), come('bob', 4), come('joe', 1) \g /dev/null
select ask('ana', 'open_direct', jsonb_build_object('user', id_of('bob')), '$.room.id');
select split_part(say('bob', 1, 'bob says hello'), ' ', 1);
select split_part(say('bob', 2, 'between us'), ' ', 1);
select max(id) as direct from data.message \gset
select split_part(say('joe', 1, 'an answer', jsonb_build_object('reply_to', (select min(id) from data.message))), ' ', 1);

select head() as before \gset
select ask('ana', 'block_user', jsonb_build_object('user', id_of('bob'))), ask('ana', 'block_user', jsonb_build_object('user', id_of('bob')));
select log_after(:before);
select who, replayed(who, :before) from unnest('{ana,bob,joe}'::text[]) who;
select ask('ana', 'list_blocks', '{}', '$.blocks[*].user.name'), ask('bob', 'list_blocks');

select ask('ana', 'list_messages', '{"room": 1}', '$.messages[*] ? (@.blocked == true).user.name'), ask('ana', 'list_messages', '{"room": 1}', '$.messages[*].text'), ask('ana', 'list_messages', '{"room": 1}', '$.messages[*].reply_to.blocked');
select ask('bob', 'list_messages', '{"room": 1}', '$.messages[*].text'), ask('joe', 'list_messages', '{"room": 1}', '$.messages[*].reply_to.text');
select say('ana', 2, 'hi'), say('bob', 2, 'hi');
-- Nor by a detour: an edit, a reaction, a pin, a word that one is typing. What is there one may still take away.
select ask('bob', 'edit_message', jsonb_build_object('message', :direct, 'text', 'and another thing')), ask('ana', 'add_reaction', jsonb_build_object('message', :direct, 'emoji', '👎'));
select ask(who, 'pin_message', jsonb_build_object('message', :direct)), ask(who, 'set_typing', '{"room": 2}') from unnest('{ana,bob}'::text[]) who;
select ask('bob', 'remove_message', jsonb_build_object('message', :direct));
select ask('bob', 'open_direct', jsonb_build_object('user', id_of('ana')), '$.room.id');
select split_part(say('bob', 1, 'hear, @ana and @joe'), ' ', 1);
select ask('joe', 'list_messages', '{"room": 1}', '$.messages[*].mentions[*]'), ask('ana', 'list_mentions', '{}', '$.mentions[*].id');
select ask('ana', 'get_user', jsonb_build_object('user', id_of('bob')), '$.user.name'), ask('bob', 'get_user', jsonb_build_object('user', id_of('ana')), '$.user.name');

-- Between two who have no direct room yet there will be none.
select ask('joe', 'block_user', jsonb_build_object('user', id_of('bob')));
select ask('bob', 'open_direct', jsonb_build_object('user', id_of('joe'))), ask('joe', 'open_direct', jsonb_build_object('user', id_of('bob')));

-- Lifted: all of it is back.
select ask('ana', 'unblock_user', jsonb_build_object('user', id_of('bob'))), ask('ana', 'unblock_user', jsonb_build_object('user', id_of('bob')));
select ask('ana', 'list_messages', '{"room": 1}', '$.messages[*].text');
select split_part(say('bob', 2, 'hi'), ' ', 1);
select ask('ana', 'block_user', jsonb_build_object('user', id_of('ana'))), ask('ana', 'block_user', '{"user": 99}');
select count(*) from data.audit;
