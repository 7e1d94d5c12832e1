-- Search goes window by window, back or forth: by the texts where the index has not come yet, by the index before that. Nothing is left out at a seam.
-- However busy the machine is.
create or replace function rule.search_time() returns interval language sql immutable as $$ select interval '1 hour'; $$;
select come('ana'), come('bo'), ask('ana', 'create_room', '{"kind": "group", "name": "ours"}', '$.room.id');
create function found(p_query text, p_args jsonb default '{}', p_who text default 'bo') returns text language sql as $$
  select ask(p_who, 'search_messages', p_args || jsonb_build_object('q', p_query), '$.messages[*].text')
      || coalesce(' ' || (select string_agg(key, ' ') from jsonb_each((select body::jsonb from api.search_messages(token(p_who), p_args || jsonb_build_object('q', p_query)))) where value = 'true'), '');
$$;
-- Messages with ids in different parts of the index; then what is not indexed yet.
select say('ana', room, text) from (values
  (100, 1, 'PLT-3699 is open'), (101, 1, '今日は天気がいい'), (150000, 1, 'see db.json, PLT-36'), (200000, 2, 'plt-3699 in private'), (900000, 1, 'Straße und 天'),
  (3000000, 1, 'plt-3699 is closed'), (3000001, 1, 'go, ago, mango; 100% (ok)')) as v(id, room, text),
  lateral setval('data.log_id', id);
select rule.index_search(100);
select count(*), string_agg(pairs, '|' order by message_id) filter (where pairs <> '') from data.search;
select setval('data.log_id', 9000000);
select say('ana', 1, 'PLT-3699 is new');

select found('plt-3699');
select found('plt-3699', '{}', 'ana');
select found('3699', '{"limit": 1}'), found('3699', '{"limit": 2}'), found('3699', '{"limit": 3}');
select found('3699', '{"limit": 1, "before": 9000001}'), found('3699', '{"before": 3000001}'), found('3699', '{"after": 3000000}'), found('3699', '{"after": 101, "before": 3000001}');
select found('3699', '{"after": 0, "limit": 1}'), found('3699', '{"after": 101, "limit": 1}'), found('3699', '{"after": 101, "limit": 2}'), found('3699', '{"after": 0}');
select found('PLT-369 open'), found('"is open"'), found('b.js'), found('STRAßE'), found('straße');

-- Chinese and Japanese words of two characters and of one, at the end of a run too; other short ones where a word begins, and marks.
select found('天気'), found('天'), found('い'), found('気が天');
select found('go'), found('0%'), found('k)');

-- One author, one time.
select say('bo', 1, 'plt-3699, says bo');
select found('3699', '{"from": 2}'), found('3699', '{"from": 1, "after": 101}');
update data.message set at = '2020-02-02' where id < 150000;
update data.message set at = '2021-02-02' where id >= 150000 and id < 9000000;
select found('3699', '{"until": "2021-01-01T00:00:00Z"}'), found('3699', '{"since": "2021-01-01T00:00:00Z", "until": "2022-01-01T00:00:00Z"}'), found('3699', '{"since": "2200-01-01T00:00:00Z"}');

-- Edited ones are found by their new words at once, in their place, and by the index when it was there.
select ask('ana', 'edit_message', jsonb_build_object('message', id, 'text', 'was PLT-3699 once')) from data.message where text = 'PLT-3699 is open';
select found('3699', '{"before": 3000000}'), found('open'), found('once');
select rule.index_search(100);
select found('once'), (select count(*) from data.search_todo);

-- Removed, hidden and blocked authors' messages do not use up a page.
select come('mallory');
select count(say('mallory', 1, 'spam of mallory')) from generate_series(1, 300);
select rule.index_search(1000);
select setval('data.log_id', 9500000);
select say('ana', 1, 'spam, says ana');
select found('spam', '{"limit": 1}');
select ask('bo', 'block_user', '{"user": 3}');
select found('spam');
select come('mo', 2), ask('mo', 'ban_user', '{"user": 3, "messages": "hide"}');
select found('spam', '{}', 'ana');

-- When the time is up, one is told how far it came, and goes on from there, back or forth.
begin;
create or replace function rule.search_time() returns interval language sql immutable as $$ select interval '300 ms'; $$;
create or replace function rule.search_by_texts(p_where text, p_low bigint, p_high bigint, p_forth boolean, p_limit int, p_only bigint[] default null) returns bigint[]
language plpgsql stable as $$ begin perform pg_sleep(0.35); return '{}'; end $$;
select ask('ana', 'search_messages', '{"q": "once"}', '$.keyvalue() ? (@.key == "reached" || @.key == "more_before").value'),
       ask('ana', 'search_messages', '{"q": "once", "after": 150}', '$.keyvalue() ? (@.key == "reached" || @.key == "more_after").value');
rollback;
select found('once', '{"before": 9496406}'), found('once', '{"after": 4246, "before": 9000000}');

-- Places in code points; what overlaps is one, and at most 50 are told.
select rule.highlight('abcd abab', '{ab,bc}'), rule.highlight('Straße 😀 straße', '{straße}'), rule.highlight('aaaaa', '{aa}'), rule.highlight('x', '{y}'),
       json_array_length(rule.highlight(repeat('ab ', 2000), '{ab}'));

select ask('bo', 'search_messages', args) from (values
  ('{}'::jsonb), ('{"q": ""}'), ('{"q": "a"}'), ('{"q": "\""}'), (jsonb_build_object('q', repeat('x', 201))), ('{"q": "1 2 3 4 5 6 7 8 9"}'),
  ('{"q": "aa bb cc dd ee ff gg hh ii"}'), ('{"q": "xy", "since": "2020-01-01T00:00:00+23:59"}')) as v(args);

-- Typographic marks are those of a keyboard, in the text as in the query; and a word may begin after one.
select say('ana', 1, '“it’s” – “ok…” «ja»');
select found('it''s'), found('it’s'), found('"it''s" -'), found('ok'), found('ok.'), found('ja'), found('’s"');
select rule.index_search(1000);
select setval('data.log_id', 9900000);
select say('ana', 1, 'the newest');
select found('it''s'), found('it’s'), found('"it''s" -'), found('ok'), found('ok.'), found('ja'), found('’s"');

-- A single letter or digit is a word, beside a longer one: by the texts, and by the index, which is not asked for it.
select count(say('ana', 1, 'Chapter ' || i || case i when 3 then ', part B' else '' end)) from generate_series(1, 13) i;
create function chapters() returns setof text language sql as $$
  select format('%s: %s', q, found(q)) from unnest(array['chapter 3', '3 chapter b', 'b. chapter', 'chapter a', '"chapter 1" 3', '３ chapter -']) q; $$;
select chapters();
select rule.index_search(100);
select chapters();
select ask('bo', 'search_messages', '{"q": "3"}'), ask('bo', 'search_messages', '{"q": "a 3"}');
select rule.highlight('3 of 33, 3', '{3,of}'), rule.highlight('b3 3b', '{3}'), rule.highlight('33', '{3}'), rule.highlight('3', '{3}'), rule.highlight('(3)', '{3}');

-- What the index knows nothing of it is not asked for.
select t, rule.has_trigrams(t), rule.search_condition(array[t], true) from unnest(array['abc', 'ab', 'a-b', 'ab-', '-a', 'c++', 'a+', '%%', '天', '天気', '天気が', 'a天', 'да', 'да.', '3']) t;
