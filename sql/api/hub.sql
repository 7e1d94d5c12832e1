-- What the hub calls: the log, read as it is now, and the readers.

create function api.log_head(out id bigint, out tag text)
language sql stable security definer set search_path = data, rule, pg_temp as $$ select * from rule.log_head(); $$;

-- What nearly all events are, a message that is as it was posted, is shown by joins; the others by rule.show_event, one by one. Planned
-- once (hence PL/pgSQL), perhaps while the tables are empty: so it is told that what is looked up is looked up by its key.
create function api.read_log(p_after bigint, p_limit int)
returns table (id bigint, tag text, kind text, audience text, audience_id bigint, person_id bigint, room_id bigint, message_id bigint,
               author_id bigint, quoted_id bigint, room_role int, rank int, data json, data_own json, at double precision)
language plpgsql stable security definer set search_path = data, rule, pg_temp
set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off set enable_mergejoin = off set plan_cache_mode = force_generic_plan as $$
begin
  if pg_relation_size('data.message') < 1 << 16 then  -- of an empty table all indexes cost the same: the plan would be kept, by any of them
    perform set_config('plan_cache_mode', 'force_custom_plan', true);
  end if;
  return query
  select e.id, e.tag, e.kind, e.audience, e.audience_id, e.person_id, e.room_id, e.message_id,
         coalesce(a.id, s.author_id), s.quoted_id, s.room_role, s.rank,
         case when a.id is null then s.data else rule.message_object(m, a, m.text, m.mentions) end, s.data_own, extract(epoch from e.at)::double precision
  from (select * from data.event where event.id > p_after order by event.id limit p_limit) e
  left join data.message m on m.id = e.message_id and e.kind in ('message.posted', 'message.edited')
  left join data.person a on a.id = m.person_id and rule.is_whole(m, a)
  left join lateral rule.show_event(case when a.id is null then (e.id, e.tag, e.kind, e.audience, e.audience_id, e.person_id, e.room_id, e.message_id,
                                                                 e.actor_id, e.detail, e.at)::data.event end) s on true
  order by e.id;
end $$;

create function api.read_events(p_ids bigint[])
returns table (id bigint, tag text, kind text, audience text, audience_id bigint, person_id bigint, room_id bigint, message_id bigint,
               author_id bigint, quoted_id bigint, room_role int, rank int, data json, data_own json, at double precision)
language sql stable security definer set search_path = data, rule, pg_temp as $$
  select e.id, e.tag, e.kind, e.audience, e.audience_id, e.person_id, e.room_id, e.message_id,
         s.author_id, s.quoted_id, s.room_role, s.rank, s.data, s.data_own, extract(epoch from e.at)::double precision
  from data.event e cross join lateral rule.show_event(e) s
  where e.id = any(p_ids)
  order by e.id;
$$;

-- One snapshot for all readers of a batch: hence STABLE.
create function api.load_readers(p_readers jsonb)
returns table (k int, head_id bigint, head_tag text, status int, cursor_known boolean,
               session_id bigint, person_id bigint, rank int, name text, expires_at double precision, rooms json, blocks json)
language sql stable security definer set search_path = data, rule, pg_temp as $$
  select r.k, h.id, h.tag, case when s.id is null then 401 when (rule.ban_of(r.address, '{everything}')).id is not null then 403 else 200 end,
         case when r.cursor_id is not null then exists (select from data.event e where e.id = r.cursor_id and e.tag = r.cursor_tag) end,
         s.id, p.id, p.rank::int, p.name, extract(epoch from s.expires_at)::double precision,
         (select coalesce(json_agg(json_build_array(m.room_id, m.joined_event, m.role, array_position(array['channel', 'group', 'direct'], room.kind) - 1)), '[]')
          from data.member m join data.room room on room.id = m.room_id where m.person_id = p.id),
         (select to_json(rule.blocks_of(p.id)))
  from jsonb_to_recordset(p_readers) as r(k int, token text, cursor_id bigint, cursor_tag text, address inet)
  cross join rule.log_head() h
  left join data.session s on s.token_hash = r.token and s.expires_at > now()
  left join data.person p on p.id = s.person_id;
$$;

create function api.replay(p_readers jsonb)
returns table (k int, id bigint, tag text, kind text, audience text, audience_id bigint, person_id bigint, room_id bigint, message_id bigint,
               author_id bigint, quoted_id bigint, room_role int, rank int, data json, data_own json, at double precision)
language sql stable security definer set search_path = data, rule, pg_temp as $$
  select r.k, e.id, e.tag, e.kind, e.audience, e.audience_id, e.person_id, e.room_id, e.message_id,
         s.author_id, s.quoted_id, s.room_role, s.rank, s.data, s.data_own, extract(epoch from e.at)::double precision
  from jsonb_to_recordset(p_readers) as r(k int, person bigint, after bigint, upto bigint, "limit" int)
  cross join lateral rule.missed_events(r.person, r.after, r.upto, r."limit") as missed(id)
  join data.event e on e.id = missed.id
  cross join lateral rule.show_event(e) s
  order by r.k, e.id;
$$;

-- An open stream is use: its session does not end.
create function api.touch_sessions(p_sessions bigint[]) returns void
language sql volatile security definer set search_path = data, rule, pg_temp as $$
  select rule.touch_sessions(p_sessions);
$$;
