-- Search: a table of its own beside the messages, and a scan of the few that are newer than its mark.

-- A text as it is compared: lower case, compatibility forms made one; always as many code points as before, so that places stay places.
create function rule.fold(p_text text) returns text
language plpgsql immutable as $$
begin
  if octet_length(p_text) = char_length(p_text) or p_text is nfkc normalized then
    return lower(p_text);
  end if;
  return (select string_agg(case when char_length(f) = 1 then f else lower(c) end, '' order by place)
          from string_to_table(p_text, null) with ordinality as s(c, place)
          cross join lateral (select lower(normalize(c, nfkc)) as f) folded);
end $$;

-- Whether there is nothing but Chinese, Japanese and Korean characters: their words have no blanks between, and often two characters.
create function rule.is_cjk(p_text text) returns boolean
language sql immutable as $$ select p_text ~ '^[\u2E80-\u9FFF\uAC00-\uD7A3\uF900-\uFAFF\U00020000-\U0003FFFF]+$'; $$;

-- Each two neighbouring Chinese, Japanese or Korean characters as a word, and the last of a run alone: trigrams do not find words of two
-- characters. So every character begins a word.
create function rule.pairs(p_folded text) returns text
language plpgsql immutable as $$
begin
  if p_folded !~ '[\u2E80-\u9FFF\uAC00-\uD7A3\uF900-\uFAFF\U00020000-\U0003FFFF]' then
    return '';
  end if;
  return (select ' ' || string_agg(case when rule.is_cjk(substr(p_folded, i, 2)) then substr(p_folded, i, 2) else substr(p_folded, i, 1) end, ' ' order by i) || ' '
          from generate_series(1, char_length(p_folded)) i where rule.is_cjk(substr(p_folded, i, 1)));
end $$;

-- The terms of a query: words, and "quoted phrases"; at most 8 of 2..100 characters, or of one that is a word by itself. Refuses with 422.
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
    where char_length(term) >= 2 or rule.is_cjk(term));
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

-- What a term must be in a folded text: a part of it; of two letters, which no index finds inside of words, the beginning of a word.
create function rule.term_condition(p_term text) returns text
language sql immutable as $$
  select format('folded like %L', rule.like_pattern(p_term))
    || case when p_term ~ '^[[:alnum:]]{2}$' and not rule.is_cjk(p_term) then format(' and folded ~ %L', '\m' || p_term) else '' end;
$$;

-- The same of all terms, and what the index is asked beside: words of two characters make no trigram, but there are pairs. Each pattern is
-- a condition of its own, since `like all (…)` uses no index.
create function rule.search_condition(p_terms text[], p_by_index boolean) returns text
language sql immutable as $$
  select string_agg(rule.term_condition(t)
    || case when p_by_index and rule.is_cjk(t) and char_length(t) <= 2
            then format(' and pairs like %L', '% ' || t || case char_length(t) when 2 then ' ' else '' end || '%') else '' end, ' and ')
  from unnest(p_terms) t;
$$;

-- The bounds of a search that are not words: rooms, author, times, ids, whom the viewer blocks and who is hidden.
create function rule.search_bounds(p_args jsonb, p_viewer bigint, p_rooms bigint[]) returns text
language sql stable as $$
  select format('room_id = any(%L) and message_id > %s and message_id < %s and person_id <> all(%L)', p_rooms,
           coalesce((p_args->>'after')::bigint, 0), coalesce((p_args->>'before')::bigint, 9223372036854775807), rule.blocks_of(p_viewer))
    || ' and not exists (select from data.person a where a.id = person_id and a.hidden_up_to > 0 and a.hidden_up_to >= message_id)'
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

-- What is so frequent is found soon on the way from the newest back, or from where the page begins forth.
create function rule.search_by_walk(p_where text, p_forth boolean, p_limit int) returns bigint[]
language plpgsql stable set enable_seqscan = off set enable_bitmapscan = off set enable_sort = off as $$
declare
  v_ids bigint[];
begin
  execute format('select array(select message_id from data.search where %s order by message_id %s limit %s)',
                 p_where, case when p_forth then 'asc' else 'desc' end, p_limit) into v_ids;
  return v_ids;
end $$;

-- Messages that the index does not know yet: newer than its mark, or edited since.
create function rule.search_fresh(p_where text) returns bigint[]
language plpgsql stable as $$
declare
  v_new bigint[] := array(select id from data.message where id > (select upto from data.progress where what = 'search')
                          union all select message_id from data.search_todo);
  v_ids bigint[];
begin
  if v_new <> '{}' then
    execute 'select array(select message_id from (select id as message_id, room_id, person_id, at, rule.fold(text) as folded from data.message
                                                  where id = any($1) and deleted_at is null offset 0) fresh where ' || p_where || ')'
    into v_ids using v_new;
  end if;
  return coalesce(v_ids, '{}');
end $$;

-- Of the messages that are there, match and may be read the p_limit nearest to where the page begins; in the order of the way there. All of
-- it is one snapshot, and a message that goes or changes leaves the index in the same transaction: so what is found is true.
create function rule.search_ids(p_args jsonb, p_viewer bigint, p_rooms bigint[], p_terms text[], p_forth boolean, p_limit int) returns bigint[]
language plpgsql stable as $$
declare
  v_bounds text := ' and ' || rule.search_bounds(p_args, p_viewer, p_rooms);
  v_where text := rule.search_condition(p_terms, true) || v_bounds;
  v_ids bigint[] := rule.search_fresh(rule.search_condition(p_terms, false) || v_bounds)
                    || coalesce(rule.search_by_index(v_where), rule.search_by_walk(v_where, p_forth, p_limit));
begin
  return array(select id from (select distinct id from unnest(v_ids) id) found order by case when p_forth then id else -id end limit p_limit);
end $$;

-- Whether there is anything more of the same search between two ids.
create function rule.search_has(p_args jsonb, p_viewer bigint, p_rooms bigint[], p_terms text[], p_after bigint, p_before bigint) returns boolean
language sql stable as $$
  select cardinality(rule.search_ids(p_args || jsonb_build_object('after', p_after, 'before', p_before), p_viewer, p_rooms, p_terms, false, 1)) > 0;
$$;

-- Indexes the next p_limit messages, and what was edited; gives how many. One caller at a time (api.maintain). The work is done outside the
-- log lock: ids become visible in their order, so the mark misses none. Under it, for a moment, whatever was edited or removed meanwhile is
-- taken out again, since whoever did that could not see these rows. A crash that loses the batch loses its mark as well.
create function rule.index_search(p_limit int) returns int
language plpgsql volatile as $$
declare
  v_todo bigint[] := array(select message_id from data.search_todo limit p_limit);
  v_new bigint[] := array(select id from data.message where id > (select upto from data.progress where what = 'search') order by id limit p_limit);
  v_read data.message[];
begin
  if v_new || v_todo = '{}' then
    return 0;
  end if;
  perform set_config('synchronous_commit', 'off', true);
  v_read := array(select m from data.message m where id = any(v_new || v_todo) and text <> '');
  insert into data.search (message_id, room_id, person_id, at, folded, pairs)
  select m.id, m.room_id, m.person_id, m.at, f, rule.pairs(f) from unnest(v_read) m cross join lateral (select rule.fold(m.text) as f offset 0) folded
  on conflict do nothing;
  perform rule.lock_log();
  with stale as (delete from data.search s using unnest(v_read) r left join data.message m using (id)
                 where s.message_id = r.id and m.text is distinct from r.text returning s.message_id)
  delete from data.search_todo where message_id = any(v_todo) and message_id not in (select message_id from stale);
  update data.progress set upto = v_new[cardinality(v_new)] where what = 'search' and v_new <> '{}';
  return cardinality(v_new || v_todo);
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
