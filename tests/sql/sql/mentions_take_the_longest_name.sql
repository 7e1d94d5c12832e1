-- A mention is `@` and the longest name of a member that fits; `@all` by those who moderate the room.
select come('ana'), come('ana b'), come('ana bo'), come('Ülm'), come('李雷'), come('李雷大'), come('x@y'), come('c++'), come('author'), come('all-in'), come('away');
delete from data.member where person_id = id_of('away');
-- Posts, and shows whom the message names.
create function named(p_text text, p_who text default 'author') returns text language sql as $$
  select p_text || ' → ' || coalesce(nullif(concat_ws(', ', case when (body->'message'->>'mention_all')::boolean then 'ALL' end,
    (select string_agg(name, ', ' order by name) from data.person where id in (select value::bigint from json_array_elements_text(body->'message'->'mentions')))), ''), 'nobody')
  from api.post_message(token(p_who), jsonb_build_object('room', 1, 'text', p_text, 'client_id', gen_random_uuid()));
$$;

select named(text) from unnest(array[
  '@ana', 'hi @ana!', '@ana b', '@ana bo', '@ana bob', '@ana  bo', '@anabel', '@ana_x', '@ana2', '@ana-lena', '(@ana)', '@ana,@ana b',
  '@ANA BO', '@ＡＮＡ', '@ülm', E'@u\u0308lm', '@ÜLMER',
  '@李雷你好', '@李雷大家好', '你好@李雷', '@李',
  '@x@y', 'write to @c++ or @c', '@@ana', '@ ana', 'mail@ana', 'mail_@ana', 'ünmail.@ana',
  '@away', '@nobody', 'no name at all', '@', '@all-in', '@all', E'@ana\n@Ülm']) as text;

-- At most 50.
select come('n' || i) is not null from generate_series(1, 60) as i offset 59;
select length(named(string_agg('@n' || i, ' '))) from generate_series(1, 60) as i;
select cardinality(mentions) from data.message order by id desc limit 1;

-- @all: by those who moderate the room.
update data.member set role = 1 where person_id = id_of('author');
select named(text) from unnest(array['@all', 'hey @ALL!', '@allow', 'x@all', '@all @ana']) as text;
update data.member set role = 0 where person_id = id_of('author');
update data.person set rank = 2 where name = 'author';
select named('@all');
update data.person set rank = 0 where name = 'author';

-- Nobody is mentioned by somebody they block.
insert into data.block (person_id, blocked_id) values (id_of('ana'), id_of('author'));
select named('@ana @Ülm');
select named('@ana', 'ana b');
delete from data.block;

delete from data.message;

-- What is kept: mentions by name count, answers are listed with them; an edit keeps them in step; a removal takes them.
select say('ana', 1, 'question');
select head() as question \gset
select say('author', 1, 'for @ana and @Ülm');
select head() as named \gset
select say('author', 1, 'an answer', jsonb_build_object('reply_to', :question));
select head() as answer \gset
select say('author', 1, '@ana, an answer by name', jsonb_build_object('reply_to', :question)) is not null;
select ask('ana', 'list_mentions', '{}', '$.mentions[*].text');
select ask('ana', 'get_room', '{"room": 1}', '$.room.my.mentions'), ask('Ülm', 'get_room', '{"room": 1}', '$.room.my.mentions');
select ask('author', 'edit_message', jsonb_build_object('message', :named, 'text', 'for @ana b'));
select ask('ana', 'list_mentions', '{"limit": 1}'::jsonb, '$.keyvalue() ? (@.key != "mentions").value');
select ask('ana', 'list_mentions', '{}', '$.mentions[*].text');
select ask('ana b', 'list_mentions', '{}', '$.mentions[*].text'), ask('Ülm', 'list_mentions', '{}', '$.mentions[*].text');
select ask('author', 'remove_message', jsonb_build_object('message', :answer));
select ask('ana', 'list_mentions', '{}', '$.mentions[*].text');
select ask('ana', 'mark_read', jsonb_build_object('room', 1, 'up_to', head())), ask('ana', 'list_mentions', '{}', '$.mentions[*].text');

-- Only of rooms that one is in; a hidden author's are gone, and those of somebody whom one blocks, `@all` too, are none.
select ask('ana b', 'get_room', '{"room": 1}', '$.room.my.mentions'), ask('ana', 'pin_message', jsonb_build_object('message', :named)), ask('ana', 'list_pins', '{"room": 1}', '$.pins[*].text');
update data.person set hidden_up_to = head(), hidden_at = now() where name = 'author';
select ask('ana', 'list_mentions', '{}', '$.mentions[*].text'), ask('ana b', 'get_room', '{"room": 1}', '$.room.my.mentions'), ask('ana', 'list_pins', '{"room": 1}');
select ask('ana', 'get_message', jsonb_build_object('message', :named), '$.message.mentions');
update data.person set hidden_up_to = 0, hidden_at = null;
insert into data.block (person_id, blocked_id) values (id_of('ana'), id_of('author'));
update data.person set rank = 4 where name = 'author';
select split_part(say('author', 1, '@all of you'), ' ', 1);
select ask('ana', 'list_mentions'), ask('ana', 'get_room', '{"room": 1}', '$.room.my.mentions'), ask('Ülm', 'get_room', '{"room": 1}', '$.room.my.mentions');
select ask('ana', 'leave_room', '{"room": 1}'), ask('ana', 'list_mentions');
