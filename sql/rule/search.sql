-- Search: a table of its own beside the messages, and a scan of the few that are newer than its mark.

-- A text as it is compared: lower case, compatibility forms made one; always as many code points as before, so that places stay places.
create function rule.fold(p_text text) returns text
language plpgsql immutable as $$
declare
  v_folded text := lower(p_text);
begin
  if octet_length(p_text) = char_length(p_text) then
    return v_folded;
  end if;
  v_folded := lower(normalize(p_text, nfkc));
  if char_length(v_folded) = char_length(p_text) then
    return v_folded;
  end if;
  return (select string_agg(case when char_length(f) = 1 then f else lower(c) end, '' order by place)
          from regexp_split_to_table(p_text, '') with ordinality as s(c, place)
          cross join lateral (select lower(normalize(c, nfkc)) as f) folded);
end $$;

-- Each two neighbouring Chinese, Japanese or Korean characters as a word: trigrams do not find words of two characters.
create function rule.pairs(p_folded text) returns text
language plpgsql immutable as $$
begin
  if p_folded !~ '[\u2E80-\u9FFF\uAC00-\uD7A3\uF900-\uFAFF\U00020000-\U0003FFFF]' then
    return '';
  end if;
  return (select coalesce(' ' || string_agg(substr(p_folded, i, 2), ' ' order by i) || ' ', '')
          from generate_series(1, char_length(p_folded) - 1) i
          where substr(p_folded, i, 2) ~ '^[\u2E80-\u9FFF\uAC00-\uD7A3\uF900-\uFAFF\U00020000-\U0003FFFF]{2}$');
end $$;

-- The terms of a query: words, and "quoted phrases"; at most 8 of 2..100 characters. Refuses with 422.
create function rule.search_terms(p_query text) returns text[]
language plpgsql immutable as $$
declare
  v_terms text[];
begin
  if char_length(p_query) > 200 then
    perform rule.refuse_invalid('q', 'at most 200 characters');
  end if;
  v_terms := array(select distinct term from (
    select btrim(coalesce(m[1], m[2], '')) as term from regexp_matches(rule.fold(p_query), '"([^"]*)"?|([^\s"]+)', 'g') m) found
    where char_length(term) >= 2 or term ~ '[^\x01-\x7F]');
  if cardinality(v_terms) = 0 then
    perform rule.refuse_invalid('q', 'write at least two characters');
  elsif cardinality(v_terms) > 8 then
    perform rule.refuse_invalid('q', 'at most 8 words');
  end if;
  return v_terms;
end $$;

create function rule.like_pattern(p_term text) returns text
language sql immutable as $$ select '%' || replace(replace(replace(p_term, '\', '\\'), '%', '\%'), '_', '\_') || '%'; $$;

-- The places of the terms in a text: [[start, length], …] in code points, ascending, overlaps taken once.
create function rule.highlight(p_text text, p_terms text[]) returns json
language sql immutable as $$
  with folded as (select rule.fold(p_text) as f),
  hits as (
    select place, char_length(term) as length
    from folded, unnest(p_terms) as term
    cross join lateral (
      with recursive found(place) as (
        select position(term in f)
        union all
        select place + char_length(term) - 1 + nullif(position(term in substr(f, place + char_length(term))), 0)
        from found where place > 0 and place is not null)
      select place from found where place > 0 limit 50) every)
  select coalesce(json_agg(json_build_array(place - 1, length) order by place), '[]')
  from (select place, max(length) as length, max(max(place + length)) over (order by place rows between unbounded preceding and 1 preceding) as covered
        from hits group by place) h
  where covered is null or place >= covered;
$$;

-- Of the given messages the newest p_limit that are still there, match, and may be read: the only judge of what is found.
create function rule.findable(p_ids bigint[], p_rooms bigint[], p_patterns text[], p_viewer bigint, p_limit int) returns bigint[]
language sql stable as $$
  select coalesce(array_agg(id order by id desc), '{}') from (
    select m.id from data.message m join data.person a on a.id = m.person_id
    where m.id = any(p_ids) and m.room_id = any(p_rooms) and m.deleted_at is null and m.id > a.hidden_up_to
      and rule.fold(m.text) like all(p_patterns)
      and not exists (select from data.block where person_id = p_viewer and blocked_id = m.person_id)
    order by m.id desc limit p_limit) newest;
$$;

-- What the index is asked, as SQL: each pattern a condition of its own, since `like all (…)` uses no index. Words of two characters
-- make no trigram: of Chinese, Japanese and Korean ones there are pairs, others are found where a word begins.
create function rule.search_condition(p_terms text[]) returns text
language sql immutable as $$
  select string_agg(
    format('folded like %L', rule.like_pattern(t))
    || case when char_length(t) > 2 then ''
            when t ~ '^[\u2E80-\u9FFF\uAC00-\uD7A3\uF900-\uFAFF\U00020000-\U0003FFFF]{2}$' then format(' and pairs like %L', '% ' || t || ' %')
            when t ~ '^[a-z0-9]{2}$' then format(' and folded ~ %L', '\m' || t)
            else '' end, ' and ')
  from unnest(p_terms) t;
$$;

-- The bounds of a search that are not words: rooms, author, times, ids.
create function rule.search_bounds(p_args jsonb, p_rooms bigint[]) returns text
language sql stable as $$
  select format('room_id = any(%L) and message_id > %s and message_id < %s', p_rooms,
           coalesce((p_args->>'after')::bigint, 0), coalesce((p_args->>'before')::bigint, 9223372036854775807))
    || coalesce(' and person_id = ' || (p_args->>'from')::bigint, '')
    || coalesce(' and at >= ' || quote_literal(p_args->>'since'), '') || coalesce(' and at < ' || quote_literal(p_args->>'until'), '');
$$;

-- By the trigrams: all that match, while these are at most 5000; else null.
create function rule.search_by_index(p_where text) returns bigint[]
language plpgsql stable set enable_seqscan = off set enable_indexscan = off set enable_indexonlyscan = off as $$
declare
  v_ids bigint[];
begin
  execute 'select array(select message_id from data.search where ' || p_where || ' limit 5001)' into v_ids;
  return case when cardinality(v_ids) <= 5000 then v_ids end;
end $$;

-- What is so frequent is found soon on the way back from the newest.
create function rule.search_by_walk(p_where text, p_limit int) returns bigint[]
language plpgsql stable set enable_seqscan = off set enable_bitmapscan = off set enable_sort = off as $$
declare
  v_ids bigint[];
begin
  execute format('select array(select message_id from data.search where %s order by message_id desc limit %s)', p_where, p_limit) into v_ids;
  return v_ids;
end $$;

-- Messages that the index does not know yet: newer than its mark, or edited since.
create function rule.search_fresh(p_args jsonb, p_rooms bigint[], p_patterns text[]) returns bigint[]
language plpgsql stable as $$
declare
  v_mark bigint := (select upto from data.progress where what = 'search');
begin
  return array(
    select m.id from data.message m
    where (m.id > v_mark or m.id in (select message_id from data.search_todo))
      and m.room_id = any(p_rooms) and rule.fold(m.text) like all(p_patterns)
      and m.id > coalesce((p_args->>'after')::bigint, 0) and m.id < coalesce((p_args->>'before')::bigint, 9223372036854775807)
      and (p_args->>'from' is null or m.person_id = (p_args->>'from')::bigint)
      and (p_args->>'since' is null or m.at >= (p_args->>'since')::timestamptz)
      and (p_args->>'until' is null or m.at < (p_args->>'until')::timestamptz));
end $$;

-- Indexes the next p_limit messages; gives how many. One caller at a time (api.maintain). Takes no log lock: ids become visible in
-- their order, so the mark misses none.
create function rule.index_search(p_limit int) returns int
language plpgsql volatile as $$
declare
  v_mark bigint := (select upto from data.progress where what = 'search');
  v_ids bigint[] := array(select id from data.message where id > v_mark order by id limit p_limit);
  v_todo bigint[];
begin
  with taken as (delete from data.search_todo where message_id in (select message_id from data.search_todo limit p_limit) returning message_id)
  select coalesce(array_agg(message_id), '{}') into v_todo from taken;
  insert into data.search (message_id, room_id, person_id, at, folded, pairs)
  select m.id, m.room_id, m.person_id, m.at, f, rule.pairs(f)
  from data.message m cross join lateral (select rule.fold(m.text) as f offset 0) folded
  where m.id = any(v_ids || v_todo) and m.deleted_at is null and m.text <> ''
  on conflict (message_id) do update set folded = excluded.folded, pairs = excluded.pairs;
  if v_ids <> '{}' then
    update data.progress set upto = v_ids[cardinality(v_ids)] where what = 'search';
  end if;
  return cardinality(v_ids) + cardinality(v_todo);
end $$;

-- The text of a message changed or went: its old words leave the table in the same transaction.
create function rule.forget_search(p_message bigint, p_again boolean) returns void
language plpgsql volatile as $$
begin
  delete from data.search where message_id = p_message;
  if p_again then
    insert into data.search_todo values (p_message) on conflict do nothing;
  end if;
end $$;
