-- Mentions: `@` and the longest name of a member that fits; `@all` for those who moderate the room.

-- The members of a room whose names stand behind an @ of these parts between @s, at most 50: of the names that fit the longest. A name that
-- ends in a letter or digit of an alphabet needs the word to end there. A post with many @ is soon read, however many people there are: each
-- beginning that may be a name, and no name ends in a blank, is looked for by its key.
create function rule.named_in(p_room bigint, p_parts text[]) returns bigint[]
language plpgsql stable set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off set plan_cache_mode = force_generic_plan as $$
begin
  return array(
    select distinct id from (
      select distinct on (i) p.id
      from generate_series(2, least(cardinality(p_parts), 51)) as i
      cross join lateral (
        select n, string_agg(token[1], '') over (order by n) as words
        from regexp_matches(left(array_to_string(p_parts[i:i + 3], '@'), 41), '(?:(?![\u2E80-\U0010FFFF])[[:alnum:]_])+|.', 'g') with ordinality as t(token, n)) beginning
      join data.person p on p.name_key = rule.name_key(words)
      join data.member m on m.person_id = p.id and m.room_id = p_room
      where char_length(words) <= 40 and words !~ '\s$' and right(p_parts[i - 1], 1) !~ '[A-Za-z0-9_]'
      order by i, n desc) longest);
end $$;

-- The people that a text mentions in a room, at most 50, and 0 for `@all` by those who moderate; those who block the author are left out.
create function rule.find_mentions(p_room bigint, p_author data.person, p_text text) returns bigint[]
language plpgsql stable as $$
declare
  v_people bigint[];
begin
  if position('@' in p_text) = 0 then
    return '{}'::bigint[];
  end if;
  v_people := rule.named_in(p_room, regexp_split_to_array(' ' || p_text, '@'));
  if v_people <> '{}' then
    v_people := array(select person from unnest(v_people) person
                      where not exists (select from data.block where person_id = person and blocked_id = p_author.id));
  end if;
  if p_text ~* '(^|[^A-Za-z0-9_])@all($|[^A-Za-z0-9_])' and (select rule.power_in(p_author, r) from data.room r where r.id = p_room) > 1 then
    v_people := v_people || 0::bigint;
  end if;
  return v_people;
end $$;

-- Keeps data.mention in step with a message that was posted or edited: whom it names, and whose message it answers.
create function rule.store_mentions(p_message data.message) returns void
language plpgsql volatile as $$
begin
  delete from data.mention where message_id = p_message.id and (is_answer or person_id <> all(p_message.mentions));
  insert into data.mention (person_id, room_id, message_id)
  select person, p_message.room_id, p_message.id from unnest(p_message.mentions) as person
  on conflict do nothing;
  insert into data.mention (person_id, room_id, message_id, is_answer)
  select m.person_id, p_message.room_id, p_message.id, true from data.message m
  where m.id = p_message.reply_to and m.person_id <> p_message.person_id
    and not exists (select from data.block where person_id = m.person_id and blocked_id = p_message.person_id)
  on conflict do nothing;
end $$;

-- Mentions of a person in a room after a message id: by name, and by @all; answers are listed with them, but not counted, and who is
-- blocked or hidden by now mentions nobody.
create function rule.count_mentions(p_person bigint, p_room bigint, p_after bigint) returns bigint
language plpgsql stable as $$
declare
  v_ids bigint[] := array(select distinct message_id from data.mention
                          where person_id in (p_person, 0) and room_id = p_room and message_id > p_after and not is_answer);
  v_blocks bigint[] := rule.blocks_of(p_person);
begin
  if v_ids = '{}' or v_blocks = '{}' and not exists (select from data.person where hidden_up_to > 0) then
    return cardinality(v_ids);                           -- nobody to leave out: whoever was away for long need not read them all
  end if;
  return (select count(*) from data.message m join data.person author on author.id = m.person_id
          where m.id = any(v_ids) and m.id > author.hidden_up_to and m.person_id <> all(v_blocks));
end $$;

-- Whether a mention or answer is for this person to see: in a room that they are in, `@all` only since then, and of nothing that is their
-- own, was removed or hidden, or comes from whom they block.
create function rule.shows_mention(p_mention data.mention, p_person bigint, p_blocks bigint[]) returns boolean
language sql stable as $$
  select exists (
    select from data.message m join data.person author on author.id = m.person_id
    join data.member mine on mine.room_id = m.room_id and mine.person_id = p_person
    where m.id = p_mention.message_id and m.deleted_at is null and m.id > author.hidden_up_to and author.id <> p_person and author.id <> all(p_blocks)
      and (p_mention.person_id = p_person or m.id > mine.joined_event));
$$;

-- Of the mentions under one key (a person's number, or 0 for `@all`) the newest or the oldest that a person sees between two ids. Compared
-- and sorted by key and id together, because only the index of both can do that: it is read from that end, and no further than it must.
create function rule.mentions_under(p_key bigint, p_person bigint, p_blocks bigint[], p_after bigint, p_before bigint, p_newest boolean, p_limit int) returns bigint[]
language plpgsql stable as $$
begin
  if p_newest then
    return array(select t.message_id from data.mention t
                 where (t.person_id, t.message_id) > (p_key, p_after) and (t.person_id, t.message_id) < (p_key, p_before) and rule.shows_mention(t, p_person, p_blocks)
                 order by t.person_id desc, t.message_id desc limit p_limit);
  end if;
  return array(select t.message_id from data.mention t
               where (t.person_id, t.message_id) > (p_key, p_after) and (t.person_id, t.message_id) < (p_key, p_before) and rule.shows_mention(t, p_person, p_blocks)
               order by t.person_id, t.message_id limit p_limit);
end $$;

-- The same of all that concerns the person, ascending.
create function rule.mentions_between(p_person bigint, p_blocks bigint[], p_after bigint, p_before bigint, p_newest boolean, p_limit int) returns bigint[]
language plpgsql stable as $$
declare
  v_ids bigint[] := array(select distinct id from unnest(rule.mentions_under(p_person, p_person, p_blocks, p_after, p_before, p_newest, p_limit)
                                                         || rule.mentions_under(0, p_person, p_blocks, p_after, p_before, p_newest, p_limit)) id order by id);
begin
  return case when p_newest then v_ids[greatest(1, cardinality(v_ids) - p_limit + 1):] else v_ids[:p_limit] end;
end $$;

-- One page by keyset, as rule.page_of_room has them.
create function rule.page_of_mentions(p_person bigint, p_blocks bigint[], p_args jsonb, out ids bigint[], out more_before boolean, out more_after boolean)
language plpgsql stable as $$
declare
  v_limit int := coalesce((p_args->>'limit')::int, 50);
  v_around bigint := (p_args->>'around')::bigint;
  v_before bigint := coalesce((p_args->>'before')::bigint, 9223372036854775807);
  v_after bigint := coalesce((p_args->>'after')::bigint, 0);
begin
  if v_around is not null then
    v_after := coalesce((rule.mentions_between(p_person, p_blocks, 0, v_around, true, v_limit / 2))[1], v_around) - 1;
  end if;
  ids := rule.mentions_between(p_person, p_blocks, v_after, v_before, v_around is null and not p_args ? 'after', v_limit);
  more_before := rule.mentions_between(p_person, p_blocks, 0, coalesce(ids[1], v_before), true, 1) <> '{}';
  more_after := rule.mentions_between(p_person, p_blocks, coalesce(ids[cardinality(ids)], v_after), 9223372036854775807, false, 1) <> '{}';
end $$;
