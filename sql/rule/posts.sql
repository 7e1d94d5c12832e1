-- Posts by the batch. What nearly all posts are, a text of a member in a room where nothing special holds, asks for a few conditions
-- and no more: all of a batch that are like that become one statement, at a third of the cost. Everything else goes through
-- api.post_message, one by one.

-- p_calls as api.execute has them, under the log lock. Gives the numbers of those that were posted, and their answers. When one of them
-- makes it fail, none is posted: each shows by itself then what is wrong. Planned once, perhaps while the tables are empty: so it is
-- told that what is looked up is looked up by its key.
create function rule.post_together(p_calls json, out ords int[], out bodies json[])
language plpgsql volatile set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
begin
  with asked as materialized (
    select c.ord, c.token, a.room, a.text, a.client_id, row_number() over (partition by a.client_id order by c.ord) as turn
    from rows from (json_to_recordset(p_calls) as (function text, token text, args json)) with ordinality as c(function, token, args, ord)
    cross join lateral json_to_record(c.args) as a(room bigint, text text, client_id uuid, reply_to bigint, images json, rule bigint, same text)
    where c.function = 'post_message' and a.reply_to is null and a.rule is null and a.same is null and coalesce(a.images::text, 'null') in ('null', '[]')
      and char_length(a.text) <= 8000 and not rule.shows_nothing(a.text) and position('@' in a.text) = 0
  ), room as materialized (
    select r.id, coalesce((select m.n from data.message m where m.room_id = r.id order by m.id desc limit 1), r.first_n - 1) as last_n
    from (select distinct a.room from asked a) named
    join data.room r on r.id = named.room
    where r.archived_at is null and r.slow_mode = 0 and r.kind <> 'direct'
  ), plain as materialized (
    select a.ord, a.text, a.client_id, r.id as room_id, r.last_n + row_number() over (partition by r.id order by a.ord) as n, p as author
    from asked a
    join room r on r.id = a.room
    join data.session s on s.token_hash = a.token and s.expires_at > now()
    join data.person p on p.id = s.person_id
    where a.turn = 1
      and exists (select from data.member m where m.person_id = p.id and m.room_id = r.id)
      and not exists (select from data.sanction x where x.person_id in (p.id, p.keeper_id) and x.room_id = r.id and x.kind = 'mute')
      and not exists (select from data.message m where m.client_id = a.client_id and m.person_id = p.id offset 0)  -- by its key, whatever a plan of an empty table says
    order by a.ord
  ), numbered as materialized (
    select nextval('data.log_id') as id, p.*, date_trunc('milliseconds', clock_timestamp()) as at from plain p
  ), stored as (
    insert into data.message (id, room_id, n, person_id, client_id, text, at)
    select id, room_id, n, (author).id, client_id, text, at from numbered
  ), logged as (
    insert into data.event (id, tag, kind, audience, audience_id, room_id, message_id, actor_id)
    select id, rule.new_tag(), 'message.posted', 'room', room_id, room_id, id, (author).id from numbered
  )
  select array_agg(o.ord), array_agg(json_build_object('message', rule.message_object(o.message, o.author, (o.message).text, (o.message).mentions)))
  into ords, bodies
  from (select n.ord::int, n.author,
          (n.id, n.room_id, n.n, (n.author).id, n.client_id, n.text, null, '{}', '{}', false, n.at, null, null, null)::data.message as message
        from numbered n) o;
  if ords is not null then
    notify parley_log;
  end if;
exception when others then
  raise log 'posts go one by one: % %', sqlstate, sqlerrm;  -- each costs twice as much, and nobody else would notice
  ords := null;
  bodies := null;
end $$;
