-- Mentions: `@` and the longest name of a member that fits; `@all` for those who moderate the room.

-- The longest name of a member of the room that the text begins with. A name that ends in a letter or digit of an alphabet needs the word to end there.
create function rule.mentioned_at(p_room bigint, p_rest text) returns bigint
language sql stable as $$
  select p.id
  from generate_series(1, least(40, char_length(p_rest))) as l
  join data.person p on p.name_key = rule.name_key(left(p_rest, l))
  join data.member m on m.person_id = p.id and m.room_id = p_room
  where substr(p_rest, l, 2) !~ '^[[:alnum:]_]{2}$' or ascii(substr(p_rest, l, 1)) >= 11904 or ascii(substr(p_rest, l + 1, 1)) >= 11904
  order by l desc limit 1;
$$;

-- The people that a text mentions in a room, at most 50, and 0 for `@all` by those who moderate; those who block the author are left out.
create function rule.find_mentions(p_room bigint, p_author data.person, p_text text) returns bigint[]
language plpgsql stable as $$
declare
  v_parts text[];
  v_people bigint[];
begin
  if position('@' in p_text) = 0 then
    return '{}'::bigint[];
  end if;
  v_parts := regexp_split_to_array(' ' || p_text, '@');
  v_people := array(
    select distinct person
    from generate_series(2, least(cardinality(v_parts), 51)) as i
    cross join lateral rule.mentioned_at(p_room, array_to_string(v_parts[i:i + 3], '@')) as person
    where person is not null
      and right(v_parts[i - 1], 1) !~ '[A-Za-z0-9_]'
      and not exists (select from data.block where person_id = person and blocked_id = p_author.id));
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
  v_blocks bigint[] := rule.blocks_of(p_person);
begin
  return (select count(distinct message_id) from data.mention t
          where t.person_id in (p_person, 0) and t.room_id = p_room and t.message_id > p_after and not t.is_answer
            and not exists (select from data.message m join data.person author on author.id = m.person_id
                            where m.id = t.message_id and (m.id <= author.hidden_up_to or m.person_id = any(v_blocks))));
end $$;
