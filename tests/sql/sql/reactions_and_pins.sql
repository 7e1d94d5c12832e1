-- One reaction a person, message and emoji; at most 20 different ones; pins by any member, at most 100 a room.
select come('ana'), come('bo');
select say('ana', 1, 'hello');
create function react(p_who text, p_emoji text) returns text language sql
as $$ select ask(p_who, 'add_reaction', jsonb_build_object('message', 4, 'emoji', p_emoji)); $$;
select head() as mark \gset
select react('bo', '👍'), react('ana', '❤️'), react('ana', '👍'), react('bo', '👍');
select log_after(:mark);
select ask('bo', 'get_message', '{"message": 4}', '$.message.reactions[*]');
select head() as mark \gset
select ask('bo', 'remove_reaction', '{"message": 4, "emoji": "👍"}'), ask('bo', 'remove_reaction', '{"message": 4, "emoji": "👍"}');
select log_after(:mark);
select ask('bo', 'get_message', '{"message": 4}', '$.message.reactions[*]');

-- What is an emoji, and what is not.
select emoji, left(react('bo', emoji), 3) from unnest(array['🇨🇭', '👩‍❤️‍👩', '☺️', '1️⃣', '#⃣', '*️⃣', '🅰️', '™️', 'ℹ️', '㊗️', '🏴󠁧󠁢󠁥󠁮󠁧󠁿', '👍🏽']) as emoji;
select emoji, left(react('bo', emoji), 11) from unnest(array['', 'a', 'ok', '1', '#', ' ', '👍 ', 'ä', '語', 'я', '<', '👍👍👍👍👍👍👍👍👍👍👍👍👍👍👍👍👍', E'\u200b', E'\u202e', 'ａ', '€', E'\u2067', E'\u3000', E'\ufeff', E'\u200d', E'\ufe0f', E'\u20e3', E'\ue000', E'😀\u2067', E'\U000e0067', '👍👍', '😀🎉🔥', '🇨', '🇨🇭🇩🇪', '👍🏽🏽', E'👩\u200d', E'\u200d👩', '1️', '🏴a', '🔥\ufe0f\ufe0f\ufe0f\ufe0f\ufe0f\ufe0f\ufe0f\ufe0f\ufe0f\ufe0f\ufe0f\ufe0f\ufe0f\ufe0f\ufe0f\ufe0f😀']) as emoji;

-- One and the same, however it is written.
select emoji, form, rule.check_emoji(emoji) = form from (values (E'❤', E'❤\ufe0f'), (E'❤\ufe0f', E'❤\ufe0f'), (E'❤\ufe0e', E'❤\ufe0f'), (E'👍\ufe0f', '👍'), ('✅', '✅'), (E'☝🏽', E'☝🏽'), (E'☝\ufe0f🏽', '☝🏽'),
  (E'1\u20e3', E'1\ufe0f\u20e3'), (E'👩\u200d❤\u200d👩', E'👩\u200d❤\ufe0f\u200d👩'), (E'🏳\u200d🌈', E'🏳\ufe0f\u200d🌈')) as v(emoji, form);

-- The twenty-first, but a twentieth again.
select count(distinct emoji) from data.reaction;
select string_agg(left(react('bo', chr(128512 + i)), 3), ' ') from generate_series(1, 7) as i;
select react('bo', chr(128600));
select react('ana', chr(128513));
select react(null, '👍');

-- Of one person as many as the settings say; one of them once more is no error, and one fewer makes room.
insert into data.setting values ('limit_reactions_per_message', '2');
select say('bo', 1, 'less is more');
create function react_to_last(p_who text, p_emoji text) returns text language sql
as $$ select ask(p_who, 'add_reaction', jsonb_build_object('message', (select max(id) from data.message), 'emoji', p_emoji)); $$;
select react_to_last('ana', '👍'), react_to_last('ana', '❤️'), react_to_last('ana', '😀'), react_to_last('ana', '👍'), react_to_last('bo', '😀');
select ask('ana', 'remove_reaction', jsonb_build_object('message', (select max(id) from data.message), 'emoji', '👍')), react_to_last('ana', '😀');
set parley.limits = off;
select react_to_last('ana', '👍');
reset parley.limits;
update data.setting set value = '0';
select react_to_last('bo', '👍');
delete from data.setting;

-- Pins: an event once, listed with who pinned it; not of another room's.
select head() as mark \gset
select ask('bo', 'pin_message', '{"message": 4}'), ask('ana', 'pin_message', '{"message": 4}');
select ask('ana', 'list_pins', '{"room": 1}', '$.pins[*].keyvalue() ? (@.key == "pinned_by" || @.key == "text").value');
select ask('ana', 'unpin_message', '{"message": 4}'), ask('ana', 'unpin_message', '{"message": 4}');
select log_after(:mark);
select ask('ana', 'list_pins', '{"room": 1}');

-- The hundred-and-first; one of the hundred again is no error.
select count(say('ana', 1, i::text)) from generate_series(1, 101) as i;
select ask('ana', 'pin_message', jsonb_build_object('message', id)) as answer, count(*)
from (select id from data.message order by id desc limit 100) newest group by 1;
select ask('ana', 'pin_message', '{"message": 4}');
select ask('ana', 'pin_message', jsonb_build_object('message', (select max(id) from data.message)));
