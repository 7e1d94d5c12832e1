-- A server that has been used for two years, made in bulk and in minutes:
--
--   psql -X -d parley -v messages=10000000 -f tests/bench/generate.sql
--
-- into a database that is deployed and has no messages yet, as a superuser, while nothing else writes. What is realistic about it is what
-- costs: few rooms and few people have most of the messages, words come as often as in a language (the r-th most frequent word about 1/r
-- as often as the first), a twentieth of all answers another message, some mention somebody, are reacted to, edited, removed. Everybody
-- has a session of the token `NAME-1` … as tests/bench/server.mjs makes them, with NAME `person`; `person-1` is in `most_rooms` rooms.
-- 10 million messages take about 9 GB.
\set ON_ERROR_STOP on
\set QUIET on
\if :{?messages} \else \set messages 10000000 \endif
\if :{?people} \else \set people 2000 \endif
\if :{?rooms} \else \set rooms 4000 \endif
\if :{?most_rooms} \else \set most_rooms 500 \endif
\if :{?words} \else \set words 30000 \endif
\if :{?phrases} \else \set phrases 200000 \endif
\timing on
set synchronous_commit = off;
set work_mem = '1GB';
set maintenance_work_mem = '1GB';
set jit = off;
set search_path = data, rule, ext, pg_temp;
select setseed(0.5) \g /dev/null
-- A hub beside it is not to tidy and index what is not finished: api.maintain() takes this lock.
select pg_advisory_lock(7265108, 3) \g /dev/null

-- --- People, rooms, who is where ---------------------------------------------------------------------------------------------

\echo people and rooms
create temp table person_made as
with made as (
  insert into person (name, name_key, rank, created_at, seen_at)
  select name, name_key(name), case when i <= 3 then 3 when i <= 20 then 2 else 1 end, now() - interval '2 years', now()
  from (select i, (array['Ana', 'Bo', 'Chidi', 'Dora', 'Émile', 'Fatma', 'Gül', 'Hana', 'Ivo', 'Jun', 'Kofi', 'Lena', 'Mia', 'Nils', 'Olga', 'Priya'])[1 + i % 16]
                || ' ' || i as name from generate_series(1, :people) i) named
  returning id)
select row_number() over (order by id) as i, id from made;
insert into session (person_id, token_hash, agent, expires_at)
select id, token_hash('person-' || i), 'bench', now() + interval '1 year' from person_made;

-- The first room is the lobby. Then nine channels for everybody; of the rest every second one is a channel, the others are groups.
-- The last fifth are direct rooms.
create temp table room_made as
with made as (
  insert into room (kind, name, topic, created_at)
  select case when i % 2 = 0 or i < 10 then 'channel' else 'group' end, 'room ' || i, 'What room ' || i || ' is about', now() - interval '2 years'
  from generate_series(2, :rooms * 4 / 5) i order by i
  returning id)
select row_number() over (order by id) as i, id, 'shared' as kind from (select min(id) as id from room union select id from made) r;
with pair as (
  select distinct least(a.id, b.id) as low, greatest(a.id, b.id) as high
  from generate_series(1, :rooms / 5) k
  join person_made a on a.i = case when k <= :most_rooms / 5 then 1 else 1 + k * 7 % :people end
  join person_made b on b.i = 1 + (k * 31 + 1) % :people
  where a.i <> b.i
), made as (
  insert into room (kind, pair_low, pair_high, created_at) select 'direct', low, high, now() - interval '2 years' from pair returning id)
insert into room_made select (select max(i) from room_made) + row_number() over (order by id), id, 'direct' from made;

-- Ids of events that are no longer in the log stand before the first message.
create temp table base as
select nextval('log_id') as joined, setval('log_id', (select last_value from log_id) + :people * 200) as first_id;

-- The first ten rooms are everybody's; a room after them has 3 to 300 people, most have few. Person 1 is in every room up to `most_rooms`.
create temp table member_made as
select room, kind, person, row_number() over (partition by room order by person * 7919 % 1009, person) - 1 as k
from (
  select r.id as room, r.kind, p.id as person
  from room_made r join person_made p on r.i <= 10
  union
  select r.id, r.kind, p.id
  from (select i, id, kind, case when kind = 'shared' then 2 + (exp(random() * ln(300)))::int else 0 end as size from room_made where i > 10) r
  cross join lateral generate_series(1, r.size) k
  join person_made p on p.i = 1 + (r.i * 7919 + k::bigint * k * 104729 + k) % :people
  union
  select r.id, r.kind, p.id from room_made r join person_made p on p.i = 1 where r.kind = 'shared' and r.i <= :most_rooms * 4 / 5
  union
  select r.id, 'direct', p from room r, unnest(array[r.pair_low, r.pair_high]) p where r.kind = 'direct'
) m;
insert into member (person_id, room_id, role, joined_event, joined_at)
select person, room, case when kind = 'direct' then 0 when k = 0 then 2 when k = 1 then 1 else 0 end, joined, now() - interval '2 years'
from member_made, base;
update room set members = counted.members from (select room_id, count(*) as members from member group by room_id) counted where id = room_id;

-- --- Words -------------------------------------------------------------------------------------------------------------------

\echo words and phrases
create temp table word as
select row_number() over () as rank, word from (
  select word from unnest(string_to_array(
    'the to and of a in is it i that for you on with this be not we are have but as at was so if they can my do or just what there will me '
    'all like one how an from about by no when get up out had has your would more know some then think time also here good should could '
    'now need see new why did who work been them any only than over want because other use way after even make off well still where first '
    'really which last right thanks back two release going something today already again much into issue check does sure please same '
    'deploy meeting customer build server test review merge branch database question problem monday friday week morning please thing '
    'never people better another before every next look maybe later great long done found start version error config query index table '
    'backup latency memory cursor socket stream replica network invoice contract holiday coffee lunch office keyboard printer budget '
    'design draft feature ticket urgent weekend launch calendar password account update restart logging metrics dashboard', ' ')) with ordinality as common(word, place)
  where word <> '' order by place) frequent;
insert into word
select (select max(rank) from word) + row_number() over (), word from (
  select distinct syllable[1 + (random() * 59)::int] || syllable[1 + (random() * 59)::int]
         || case when random() < 0.7 then syllable[1 + (random() * 59)::int] else '' end
         || case when random() < 0.3 then syllable[1 + (random() * 59)::int] else '' end
         || case when random() < 0.4 then (array['s', 'ing', 'ed', 'er', 'ly', 'tion', 'ment'])[1 + (random() * 6)::int] else '' end as word
  from generate_series(1, :words * 5 / 4),
       (select string_to_array('ba be bi bo bra cal can cer cha com con cre da de der di do en er fa fer fi fo ga gen gra ha her hi ho in ja ka ke kin la le li lo man mar '
                               'me mi mo na ne nor pa per pre ra re ri sa sen ta ter ti va ver vo we', ' ') as syllable) s
  limit :words) rare;
create temp table phrase as
select k, string_agg(word, ' ' order by j) as text
from (select k, j, floor(exp(random() * (select ln(max(rank)) from word)))::int as rank
      from generate_series(0, :phrases - 1) k, lateral generate_series(1, 3 + k % 6) j offset 0) drawn
join word using (rank) group by k;
analyze word, phrase, room_made, member_made;

-- --- Messages ----------------------------------------------------------------------------------------------------------------

-- Who writes where, in the order of time. In a room the first of its members write most.
\echo who writes where
create temp table room_size as select room, row_number() over (order by i) as rank, count(*)::int as size from member_made m join room_made r on r.id = m.room group by room, i;
create temp table draft as
select i, s.room, floor(s.size * d.who * d.who)::int as k, d.p1, d.p2, d.p3, d.luck, d.special
from (select i, floor(exp(random() * (select ln(max(rank) + 1) from room_size)))::int as rank, random() as who, (random() * (:phrases - 1))::int as p1,
             case when random() < 0.5 then (random() * (:phrases - 1))::int end as p2, case when random() < 0.2 then (random() * (:phrases - 1))::int end as p3,
             random() as luck, random() as special
      from generate_series(1, :messages) i offset 0) d
join room_size s using (rank);

-- Their indexes come back when the rows are in.
create temp table index_gone as
select conname as name, conrelid::regclass as on_table, format('alter table %s add constraint %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) as definition
from pg_constraint where conrelid = 'message'::regclass and contype = 'u'
union all
select relname, indrelid::regclass, pg_get_indexdef(indexrelid) from pg_index join pg_class on pg_class.oid = indexrelid
where indrelid in ('message'::regclass, 'search'::regclass) and not exists (select from pg_constraint where conindid = indexrelid);
select case when definition like 'alter table%' then format('alter table %s drop constraint %I', on_table, name) else format('drop index data.%I', name) end from index_gone
\gexec

\echo messages
insert into message (id, room_id, n, person_id, client_id, text, reply_to, mentions, reacted, at, edited_at, deleted_at, deleted_by)
select id, room, n, person, gen_random_uuid(),
       case when luck >= 0.005 then
         case when luck > 0.94 then '@' || mentioned_name || ' ' else '' end
         || p1.text || coalesce('. ' || p2.text, '') || coalesce(', ' || p3.text, '')
         || case when special < 0.03 then ' PLT-' || (random() * 20000)::int
                 when special < 0.04 then ' see ' || left(p1.text, 6) || (i % 997) || '.json'
                 when special < 0.05 then ' https://example.org/' || (i % 7919) || '/' || replace(left(p1.text, 20), ' ', '-')
                 when special < 0.07 then (array['今日は天気がいい', '東京で会議があります', '数据库备份完成了', '我们明天发布新版本', '서버를 다시 시작했습니다', 'データベースの移行'])[1 + i % 6]
                 else (array['', '', '.', '!', '?', ' 👍', ' :)'])[1 + i % 7] end
       end,
       case when luck between 0.1 and 0.15 then before end,
       case when luck > 0.94 then array[mentioned] else '{}' end,
       luck between 0.2 and 0.23, at,
       case when luck between 0.3 and 0.31 then at + interval '1 minute' end,
       case when luck < 0.005 then at + interval '1 hour' end, case when luck < 0.005 then 'author' end
from (select d.*, m.person, a.person as mentioned, first_id + i * 5 / 4 as id,
             row_number() over by_room as n, lag(first_id + i * 5 / 4) over by_room as before,
             date_trunc('milliseconds', now() - interval '730 days' * (1 - i::float8 / :messages)) as at
      from draft d cross join base
      join member_made m on m.room = d.room and m.k = d.k
      join member_made a on a.room = d.room and a.k = d.k / 2
      window by_room as (partition by d.room order by i)) d
join (select id as mentioned, name as mentioned_name from person) named using (mentioned)
join phrase p1 on p1.k = d.p1 left join phrase p2 on p2.k = d.p2 left join phrase p3 on p3.k = d.p3
order by i;
drop table draft;

\echo search
insert into search (message_id, room_id, person_id, at, folded, pairs)
select id, room_id, person_id, at, folded, pairs(folded)
from (select id, room_id, person_id, at, fold(text) as folded from message where text is not null order by id offset 0) m;
update progress set upto = (select max(id) from message) where what = 'search';

\echo indexes
select definition from index_gone
\gexec

\echo mentions, reactions, the last week of the log, marks
insert into mention (person_id, room_id, message_id) select mentions[1], room_id, id from message where mentions <> '{}';
insert into reaction (message_id, person_id, emoji, at) select id, person_id, (array['👍', '❤️', '😂', '🎉'])[1 + id % 4], at from message where reacted;
insert into event (id, tag, kind, audience, audience_id, room_id, message_id, actor_id, at)
select id, to_hex((random() * 1048575)::int), 'message.posted', 'room', room_id, room_id, id, person_id, at from message where at > now() - interval '7 days' order by id;
select setval('log_id', (select max(id) from message)) \g /dev/null
update member m set read_up_to = coalesce(last.id, 0), read_n = coalesce(last.n, 0)
from room r left join lateral (select id, n from message where room_id = r.id order by id desc limit 1 offset (r.id % 40)) last on true
where r.id = m.room_id;

\echo tidying
drop table base, person_made, room_made, member_made, room_size, word, phrase, index_gone;
vacuum analyze;
checkpoint;
