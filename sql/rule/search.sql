-- Search: a table of its own beside the messages, and a scan of the few that are newer than its mark.

-- A text as it is compared: lower case, compatibility forms made one, marks as on a keyboard; always as many code points as before, so that
-- places stay places.
create function rule.fold_wide(p_text text) returns text
language plpgsql immutable as $$
declare
  v_text text := translate(p_text, '‐‑‒–—―‘’‚‛“”„‟…、。', '------''''''''"""".,.');
begin
  if v_text is nfkc normalized then
    return lower(v_text);
  end if;
  return (select string_agg(case when char_length(f) = 1 then f else lower(c) end, '' order by place)
          from string_to_table(v_text, null) with ordinality as s(c, place)
          cross join lateral (select lower(normalize(c, nfkc)) as f) folded);
end $$;

-- Most texts are ASCII: those take no call.
create function rule.fold(p_text text) returns text
language sql immutable as $$
  select case when octet_length(p_text) = char_length(p_text) then lower(p_text) else rule.fold_wide(p_text) end;
$$;

-- Whether there is nothing but Chinese, Japanese and Korean characters: their words have no blanks between, and often two characters.
create function rule.is_cjk(p_text text) returns boolean
language sql immutable as $$ select p_text ~ '^[\u2E80-\u9FFF\uAC00-\uD7A3\uF900-\uFAFF\U00020000-\U0003FFFF]+$'; $$;

-- The first two, or the only one, of the Chinese, Japanese and Korean characters in a term: what `pairs` can find it by. Null without any.
create function rule.cjk_in(p_term text) returns text
language sql immutable as $$ select substring(p_term from '[\u2E80-\u9FFF\uAC00-\uD7A3\uF900-\uFAFF\U00020000-\U0003FFFF]{1,2}'); $$;

-- Each two neighbouring Chinese, Japanese or Korean characters as a word, and the last of a run alone: trigrams do not find words of two
-- characters. So every character begins a word.
create function rule.pairs(p_folded text) returns text
language plpgsql immutable as $$
begin
  if octet_length(p_folded) = char_length(p_folded) or p_folded !~ '[\u2E80-\u9FFF\uAC00-\uD7A3\uF900-\uFAFF\U00020000-\U0003FFFF]' then
    return '';
  end if;
  return (select ' ' || string_agg(substr(p_folded, i, case when rule.is_cjk(substr(p_folded, i, 2)) then 2 else 1 end), ' ' order by i) || ' '
          from generate_series(1, char_length(p_folded)) i where rule.is_cjk(substr(p_folded, i, 1)));
end $$;

-- A single letter or digit: it is asked for as a word by itself, and only beside longer ones, since it is a part of nearly every text.
create function rule.is_letter(p_term text) returns boolean
language sql immutable as $$ select p_term ~ '^[[:alnum:]]$' and not rule.is_cjk(p_term); $$;

-- The terms of a query: words, and "quoted phrases"; at most 8, not all of them single letters. A single mark is none. Refuses with 422.
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
    where char_length(term) >= 2 or rule.is_cjk(term) or rule.is_letter(term));
  if (select coalesce(bool_and(rule.is_letter(term)), true) from unnest(v_terms) term) then
    perform rule.refuse_invalid('q', 'write at least two characters');
  elsif cardinality(v_terms) > 8 then
    perform rule.refuse_invalid('q', 'at most 8 words');
  end if;
  return v_terms;
end $$;

create function rule.like_pattern(p_term text) returns text
language sql immutable as $$ select '%' || replace(replace(replace(p_term, '\', '\\'), '%', '\%'), '_', '\_') || '%'; $$;

-- The places of the terms in a text: [[start, length], …] in code points, ascending; what overlaps is one place. Of a
-- single letter only where nothing of a word is beside it.
create function rule.highlight(p_text text, p_terms text[]) returns json
language sql immutable as $$
  with hit as (
    select part.start, char_length(term) as length
    from unnest(p_terms) as term
    cross join lateral (
      select sum(char_length(between_hits)) over (order by i) + (i - 1) * char_length(term) as start, i < count(*) over () as is_hit,
             case between_hits when '' then case when i > 1 then term else '' end else right(between_hits, 1) end
             || case lead(between_hits) over (order by i) when '' then case when i < count(*) over () - 1 then term else '' end
                else left(lead(between_hits) over (order by i), 1) end as beside
      from unnest(string_to_array(rule.fold(p_text), term)) with ordinality as parts(between_hits, i)) part
    where part.is_hit and not (rule.is_letter(term) and part.beside ~ '[[:alnum:]]')
    order by part.start limit 50),
  joined as (
    select *, start >= coalesce(max(start + length) over (order by start, length rows between unbounded preceding and 1 preceding), 0) as begins from hit),
  place as (select *, count(*) filter (where begins) over (order by start, length) as k from joined)
  select coalesce(json_agg(json_build_array(start, length) order by start), '[]')
  from (select min(start) as start, max(start + length) - min(start) as length from place group by k) merged;
$$;

-- Whether the index knows parts of a pattern for this term: three letters in a row, or two that end a word, or one that begins one.
create function rule.has_trigrams(p_term text) returns boolean
language sql immutable as $$ select p_term ~ '[[:alnum:]]{3}|[[:alnum:]]{2}[^[:alnum:]]|[^[:alnum:]][[:alnum:]]'; $$;

-- What a term must be in a folded text: a part of it; a single letter a word of it, which the index is never asked for; of two letters,
-- which no index finds inside of words, the beginning of a word, which is at the start or after a mark, but for scripts that have no blanks
-- between words (Thai, Lao, Burmese, Khmer). Of these marks all are ASCII or Latin 1, since the index understands no others; rule.fold makes
-- others such.
create function rule.term_condition(p_term text, p_text text) returns text
language sql immutable as $$
  select case when rule.is_letter(p_term) then format('(folded || '''') ~ %L', '(^|[^[:alnum:]])' || p_term || '([^[:alnum:]]|$)')
              when p_term ~ '^[[:alnum:]]{2}$' and rule.cjk_in(p_term) is null and p_term !~ '[\u0E00-\u0EFF\u1000-\u109F\u1780-\u17FF]'
                then format('folded ~ %L', '(^|[\x01-/:-@\[-`{-~¡«»¿])' || p_term)
              else format('%s like %L', p_text, rule.like_pattern(p_term)) end;
$$;

-- The same of all terms, as the index is asked. Chinese, Japanese and Korean words of one and two characters, or of one beside a letter or
-- digit, make no trigram, but there are pairs. Where the index knows nothing of a pattern it must not be asked: it would give all there is.
-- Each pattern is a condition of its own, since `like all (…)` uses no index.
create function rule.search_condition(p_terms text[], p_by_index boolean) returns text
language sql immutable as $$
  select string_agg(rule.term_condition(t, case when p_by_index and not rule.has_trigrams(t) then '(folded || '''')' else 'folded' end)
    || case when p_by_index and not rule.has_trigrams(t) and cjk <> ''
            then format(' and pairs like %L', '% ' || cjk || case char_length(cjk) when 2 then ' ' else '' end || '%') else '' end, ' and ')
  from unnest(p_terms) t cross join rule.cjk_in(t) cjk;
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

-- Whether these rooms hold less than a twentieth of all messages: only then the index is better asked for them, too. Of busy rooms, which nearly
-- everybody is in, it would go through more than it spares.
create function rule.are_quiet(p_rooms bigint[]) returns boolean
language plpgsql stable as $$
begin
  return cardinality(p_rooms) <= 1000
     and (select coalesce(sum(last.n), 0) * 20
          from unnest(p_rooms) as r(id) cross join lateral (select n from data.message where room_id = r.id order by id desc limit 1) last)
         < (select reltuples from pg_class where oid = 'data.message'::regclass);
end $$;

-- What the index is asked of them beside the words.
create function rule.search_place(p_args jsonb, p_rooms bigint[]) returns text
language sql stable as $$
  select case when rule.are_quiet(p_rooms) then format(' and array[room_id] && %L', p_rooms) else '' end
    || case when p_args->>'from' is null then '' else format(' and array[person_id] && %L', array[(p_args->>'from')::bigint]) end;
$$;

-- Of a window (p_low <= id < p_high) the p_limit that come first on the way, by the index. Of a very long window all parts are asked: that is
-- quicker than naming each.
create function rule.search_by_index(p_where text, p_low bigint, p_high bigint, p_forth boolean, p_limit int) returns bigint[]
language plpgsql stable set enable_seqscan = off set enable_indexscan = off set enable_indexonlyscan = off as $$
declare
  v_parts bigint[] := array(select generate_series(p_low >> 17, (p_high - 1) >> 17));
  v_ids bigint[];
begin
  execute format('select array(select message_id from data.search where %s and message_id >= %s and message_id < %s %s order by message_id %s limit %s)',
                 p_where, p_low, p_high, case when cardinality(v_parts) <= 40 then format('and array[message_id >> 17] && %L', v_parts) else '' end,
                 case when p_forth then 'asc' else 'desc' end, p_limit) into v_ids;
  return v_ids;
end $$;

-- The same by the texts themselves, one after the other: of the window, or of these messages in it.
create function rule.search_by_texts(p_where text, p_low bigint, p_high bigint, p_forth boolean, p_limit int, p_only bigint[] default null) returns bigint[]
language plpgsql stable as $$
declare
  v_ids bigint[];
begin
  execute format('select array(select message_id from (select id as message_id, room_id, person_id, at, rule.fold(text) as folded from data.message
                                                       where id >= %s and id < %s and deleted_at is null %s) texts
                               where %s order by message_id %s limit %s)',
                 p_low, p_high, case when p_only is null then '' else format('and id = any(%L)', p_only) end,
                 p_where, case when p_forth then 'asc' else 'desc' end, p_limit) into v_ids;
  return v_ids;
end $$;

-- Those in the index, and those that were edited since they were.
create function rule.search_indexed(p_by_index text, p_by_text text, p_low bigint, p_high bigint, p_forth boolean, p_limit int) returns bigint[]
language plpgsql stable as $$
declare
  v_edited bigint[] := array(select message_id from data.search_todo where message_id >= p_low and message_id < p_high);
  v_ids bigint[] := rule.search_by_index(p_by_index, p_low, p_high, p_forth, p_limit);
begin
  if v_edited = '{}' then
    return v_ids;
  end if;
  v_ids := v_ids || rule.search_by_texts(p_by_text, p_low, p_high, p_forth, p_limit, v_edited);
  return array(select id from unnest(v_ids) id order by case when p_forth then id else -id end limit p_limit);
end $$;

-- The first message that is not older than a time among the arguments; null without one.
create function rule.search_bound(p_args jsonb, p_field text) returns bigint
language sql stable as $$
  select rule.first_since('data.message', 'true', (p_args->>p_field)::timestamptz) where p_args->>p_field is not null;
$$;

-- How long a search looks before it says how far it came.
create function rule.search_time() returns interval
language sql immutable as $$ select interval '300 ms'; $$;

-- Of the messages that are there, match and may be read the p_limit nearest to where the page begins; in the order of the way there. All of
-- it is one snapshot, and a message that goes or changes leaves the index in the same transaction: so what is found is true.
-- It goes window by window: the first, and what the index does not know yet, by the texts, the others by the index; one that was quick makes
-- the next one twice as long. What is frequent is found soon, what is rare is read by its few trigrams; longer steps would read far beyond the
-- page's end for what is neither. Several words together are rare: for them steps grow quicker. When the time is up, `reached` says how far
-- it came: all that is nearer was looked at.
create function rule.search_ids(p_args jsonb, p_viewer bigint, p_rooms bigint[], p_terms text[], p_forth boolean, p_limit int,
                                out ids bigint[], out reached bigint)
language plpgsql stable as $$
declare
  v_bounds text := ' and ' || rule.search_bounds(p_args, p_viewer, p_rooms);
  v_by_text text := rule.search_condition(p_terms, false) || v_bounds;
  v_by_index text := rule.search_condition(p_terms, true) || v_bounds || rule.search_place(p_args, p_rooms);
  v_low bigint := greatest((p_args->>'after')::bigint + 1, rule.search_bound(p_args, 'since'), 1);
  v_high bigint := least((p_args->>'before')::bigint, rule.search_bound(p_args, 'until'), (select max(id) + 1 from data.message));
  v_new bigint := (select upto + 1 from data.progress where what = 'search');  -- from here on the index knows none
  v_texts bigint := 4096;
  v_parts bigint := 1;
  v_is_rare boolean := cardinality(p_terms) > 1;
  v_quick interval := case when v_is_rare then interval '100 ms' else interval '30 ms' end;
  v_edge bigint;
  v_start timestamptz := clock_timestamp();
  v_end timestamptz := v_start + rule.search_time();
begin
  ids := '{}';
  while v_low < v_high and cardinality(ids) < p_limit loop
    if v_start > v_end then
      reached := case when p_forth then v_low - 1 else v_high end;
      return;
    elsif v_edge is null or (case when p_forth then v_low >= v_new else v_high > v_new end) then
      v_edge := case when p_forth then least(v_high, v_low + v_texts) else greatest(v_low, v_high - v_texts) end;
      ids := ids || rule.search_by_texts(v_by_text, case when p_forth then v_low else v_edge end, case when p_forth then v_edge else v_high end,
                                         p_forth, p_limit - cardinality(ids));
      v_texts := v_texts * case when clock_timestamp() < v_start + interval '25 ms' then 2 else 1 end;
    else
      v_edge := case when p_forth then least(v_high, v_new, ((v_low >> 17) + v_parts) << 17)
                     else greatest(v_low, (((v_high - 1) >> 17) - v_parts + 1) << 17) end;
      ids := ids || rule.search_indexed(v_by_index, v_by_text, case when p_forth then v_low else v_edge end, case when p_forth then v_edge else v_high end,
                                        p_forth, p_limit - cardinality(ids));
      v_parts := v_parts * case when clock_timestamp() > v_start + v_quick then 1 when v_is_rare then 4 else 2 end;
    end if;
    v_low := case when p_forth then v_edge else v_low end;
    v_high := case when p_forth then v_high else v_edge end;
    v_start := clock_timestamp();
  end loop;
end $$;

-- Whether there is anything more of the same search between two ids; when the time was up, there may be.
create function rule.search_has(p_args jsonb, p_viewer bigint, p_rooms bigint[], p_terms text[], p_after bigint, p_before bigint) returns boolean
language sql stable as $$
  select cardinality(ids) > 0 or reached is not null
  from rule.search_ids(p_args || jsonb_build_object('after', p_after, 'before', p_before), p_viewer, p_rooms, p_terms, false, 1);
$$;

-- Indexes the next p_limit messages, but of at most some 8 KB of text, and 50 that were edited: so it takes some milliseconds, and some tens
-- of them for noise, of which each three letters are new. Gives how many. One caller at a time (api.maintain). The work is done outside the
-- log lock: ids become visible in their order, so the mark misses none. Under it, for a moment, whatever was edited or removed meanwhile is
-- taken out again, since whoever did that could not see these rows. A crash that loses the batch loses its mark as well.
create function rule.index_search(p_limit int) returns int
language plpgsql volatile as $$
declare
  v_todo bigint[] := array(select message_id from data.search_todo limit least(p_limit, 50));
  v_new bigint[] := array(
    select id from (select id, sum(octet_length(text)) over (order by id rows between unbounded preceding and 1 preceding) as before
                    from data.message where id > (select upto from data.progress where what = 'search') order by id limit p_limit) next
    where coalesce(before, 0) < 8192 order by id);
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
  if v_new = '{}' or v_new[cardinality(v_new)] = (select max(id) from data.message) then
    perform gin_clean_pending_list('data.search_words');  -- all are in: the next searches need not read what waits there
  end if;
  perform rule.lock_log();
  with stale as (delete from data.search s using unnest(v_read) r left join data.message m using (id)
                 where s.message_id = r.id and m.text is distinct from r.text returning s.message_id)
  delete from data.search_todo where message_id = any(v_todo) and message_id not in (select message_id from stale);
  update data.progress set upto = v_new[cardinality(v_new)] where what = 'search' and v_new <> '{}';
  return cardinality(v_new || v_todo);
end $$;

-- The same for api.maintain(), which comes again at once while there is more: 0 when all is in, so that what is posted meanwhile waits until the next
-- look and is one slice, instead of a slice for each post.
create function rule.index_slice(p_limit int) returns int
language plpgsql volatile as $$
declare
  v_count int := rule.index_search(p_limit);
begin
  return case when exists (select from data.message where id > (select upto from data.progress where what = 'search'))
                or exists (select from data.search_todo) then v_count else 0 end;
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

-- One page: the newest, or before or after an id; the more_… are of this search.
create function rule.search_page(p_args jsonb, p_viewer bigint, p_rooms bigint[], p_terms text[]) returns json
language plpgsql stable as $$
declare
  v_limit int := coalesce((p_args->>'limit')::int, 50);
  v_before bigint := (p_args->>'before')::bigint;
  v_after bigint := (p_args->>'after')::bigint;
  v_blocks bigint[] := rule.blocks_of(p_viewer);
  v_found record := rule.search_ids(p_args, p_viewer, p_rooms, p_terms, v_after is not null, v_limit + 1);
  v_goes_on boolean := cardinality(v_found.ids) > v_limit or v_found.reached is not null;
  v_ids bigint[] := v_found.ids[1:v_limit];
begin
  return json_build_object(
    'messages', (select coalesce(json_agg(rule.show_message(m, v_blocks)::jsonb || jsonb_build_object('highlight', rule.highlight(m.text, p_terms))
                                          order by m.id desc), '[]')
                 from data.message m where m.id = any(v_ids)),
    'more_before', v_after is null and v_goes_on
                   or v_after is not null and rule.search_has(p_args, p_viewer, p_rooms, p_terms, 0, coalesce(v_ids[1], v_after + 1)),
    'more_after', v_after is not null and v_goes_on
                  or v_before is not null and rule.search_has(p_args, p_viewer, p_rooms, p_terms, v_before - 1, 9223372036854775807),
    'reached', v_found.reached);
end $$;
