-- A message is found as soon as it is posted, and no longer as soon as it is removed, hidden, edited or out of one's rooms: whether or not
-- the index has heard of it.
select come('root', 4), come('ana', 1), come('bo'), come('cy');
select ask('ana', 'create_room', '{"kind": "group", "name": "g", "members": [3]}', '$.room.id');
create function found(p_who text, p_query text, p_more jsonb default '{}') returns text language sql as $$
  select ask(p_who, 'search_messages', jsonb_build_object('q', p_query) || p_more, '$.messages[*].text') $$;
create function page(p_who text, p_query text, p_more jsonb) returns text language sql as $$
  select ask(p_who, 'search_messages', jsonb_build_object('q', p_query) || p_more, '$.messages[*].text')
    || ask(p_who, 'search_messages', jsonb_build_object('q', p_query) || p_more, '$.keyvalue() ? (@.key starts with "more").value') $$;
create function id_of_text(p_text text) returns jsonb language sql volatile as $$ select jsonb_build_object('message', (select id from data.message where text = p_text)) $$;

-- Everything twice: before the index knows it, and after.
select say('ana', 1, 'fresh apple one'), say('ana', 2, 'fresh apple in the group'), found('bo', 'apple'), found('cy', 'apple');
select rule.index_search(100), rule.index_search(100), found('bo', 'apple'), found('cy', 'apple');
-- Edited.
select say('ana', 1, 'pear early'), ask('ana', 'edit_message', id_of_text('pear early') || '{"text": "plum early"}', '$.message.id'), found('bo', 'pear'), found('bo', 'plum');
select rule.index_search(100), found('bo', 'pear'), found('bo', 'plum');
select ask('ana', 'edit_message', id_of_text('plum early') || '{"text": "fig late"}', '$.message.id'), found('bo', 'plum'), found('bo', 'fig');
select rule.index_search(100), found('bo', 'plum'), found('bo', 'fig');
-- Removed, before and after.
select say('ana', 1, 'kiwi one'), ask('ana', 'remove_message', id_of_text('kiwi one')), found('bo', 'kiwi');
select say('ana', 1, 'kiwi two'), rule.index_search(100), ask('ana', 'remove_message', id_of_text('kiwi two')), found('bo', 'kiwi'), (select count(*) from data.search where folded like '%kiwi%');
-- Hidden and shown again, with one message in the index and one not yet.
select say('cy', 1, 'lemon indexed'), rule.index_search(100), say('cy', 1, 'lemon fresh'), found('bo', 'lemon');
select ask('root', 'ban_user', '{"user": 4, "messages": "hide"}'), found('bo', 'lemon'), found('root', 'lemon');
select ask('root', 'unban_user', '{"user": 4}'), found('bo', 'lemon');
-- Out of my rooms, and in again; a block.
select ask('bo', 'leave_room', '{"room": 2}'), found('bo', 'apple'), ask('ana', 'put_member', '{"room": 2, "user": 3}') is not null, found('bo', 'apple');
select ask('bo', 'block_user', '{"user": 2}'), found('bo', 'apple'), ask('bo', 'unblock_user', '{"user": 2}'), found('bo', 'apple');
-- What was hidden or is of somebody blocked does not crowd out what may be read.
select string_agg(split_part(say('ana', 1, 'crowd ' || i), ' ', 1), ''), split_part(say('bo', 1, 'crowd by bo'), ' ', 1) from generate_series(1, 30) i group by ();
select ask('ana', 'block_user', '{"user": 3}'), split_part(say('bo', 1, 'crowd of the blocked'), ' ', 1), found('ana', 'crowd', '{"limit": 1}');

-- Pages: the nearest before, the nearest after, always the newest first; and whether there is more on either side.
select string_agg(split_part(say('ana', 2, 'page ' || i), ' ', 1), '') from generate_series(1, 6) i;
select rule.index_search(100) > 0, split_part(say('ana', 2, 'page 7'), ' ', 1);
select page('bo', 'page', '{"limit": 3}'), page('bo', 'page', '{"limit": 7}');
select page('bo', 'page', jsonb_build_object('limit', 3, 'before', id_of_text('page 5')->'message')), page('bo', 'page', jsonb_build_object('limit', 3, 'before', id_of_text('page 4')->'message'));
select page('bo', 'page', jsonb_build_object('limit', 3, 'after', id_of_text('page 3')->'message')), page('bo', 'page', jsonb_build_object('limit', 3, 'after', id_of_text('page 4')->'message'));
select page('bo', 'page', jsonb_build_object('after', id_of_text('page 2')->'message', 'before', id_of_text('page 5')->'message')), page('bo', 'page', '{"after": 0, "limit": 2}');
select page('bo', 'page', '{"before": 1}'), page('bo', 'page', '{"after": 9007199254740991}');

-- Chinese, Japanese and Korean words of two characters and of one, at the end of a run, too; other words of two letters where they begin.
select say('ana', 2, '今日は天気 and more'), say('ana', 2, '気'), say('ana', 2, 'да будет свет, надо'), say('ana', 2, 'ok then'), say('ana', 2, 'a book');
-- One of them beside a letter or digit, and scripts that have no blanks: before the index knows it, and after.
select say('ana', 2, 'これは第2章です'), say('ana', 2, '東京A社の件'), say('ana', 2, 'ห้องทดลอง');
select found('bo', '第2'), found('bo', '2章'), found('bo', 'A社'), found('bo', '社の'), found('bo', 'ทด'), found('bo', '第A');
select rule.index_search(100) > 0;
select found('bo', '第2'), found('bo', '2章'), found('bo', 'A社'), found('bo', '社の'), found('bo', 'ทด'), found('bo', '第A');
select found('bo', '天気'), found('bo', '気'), found('bo', '気 and'), found('bo', '日天'), found('bo', 'да'), found('bo', 'до'), found('bo', 'ok'), found('bo', 'a ok'), found('bo', 'oo');
-- Places are code points of the text as it is, also where forms of other lengths balance out.
select say('ana', 2, E'e\u0301 middle \uFB01'), ask('bo', 'search_messages', '{"q": "middle"}', '$.messages[*].highlight');
select say('ana', 2, 'ＦＵＬＬ ｗｉｄｔｈ'), ask('bo', 'search_messages', '{"q": "full width"}', '$.messages[*].highlight');
-- What cannot be found in time is refused, and says so.
set statement_timeout = 200;
begin;
create or replace function rule.search_by_texts(p_where text, p_low bigint, p_high bigint, p_forth boolean, p_limit int, p_only bigint[] default null) returns bigint[]
language plpgsql stable as $$ begin perform pg_sleep(10); return null; end $$;
select shown(status, body::jsonb, error, '$') from api.execute(json_build_array(json_build_object('function', 'search_messages', 'token', token('bo'), 'args', '{"q": "apple"}'::json)));
rollback;
