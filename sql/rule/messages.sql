-- Messages: how they are shown, and who may read them.

-- Whom the viewer blocks; null for nobody in particular.
create function rule.blocks_of(p_viewer bigint) returns bigint[]
language plpgsql stable as $$
begin
  return array(select blocked_id from data.block where person_id = p_viewer);
end $$;

-- What took a message away: null while it is there. Hidden ones look like ones removed by a moderator, those of somebody who left for
-- good like ones removed by their author.
create function rule.show_deleted(p_message data.message, p_author data.person) returns json
language plpgsql stable as $$
begin
  if p_message.deleted_at is not null then
    return json_build_object('by', p_message.deleted_by, 'at', rule.show_time(p_message.deleted_at));
  elsif p_message.id <= p_author.hidden_up_to then
    return json_build_object('by', case when p_author.erased_at is null then 'moderator' else 'author' end, 'at', rule.show_time(p_author.hidden_at));
  end if;
  return null;
end $$;

-- Without those of people who are being erased: their rows go in slices, but they are gone at once.
create function rule.show_reactions(p_message bigint) returns json
language plpgsql stable as $$
begin
  return (select coalesce(json_agg(json_build_object('emoji', emoji, 'users', users) order by first, emoji), '[]')
          from (select emoji, json_agg(person_id order by at, person_id) as users, min(at) as first
                from data.reaction
                where message_id = p_message and person_id not in (select person_id from data.erasure where removes) group by emoji) r);
end $$;

-- The message that another one answers: {id, user, text (at most 140), deleted}. First the common one, which is there.
create function rule.show_quoted(p_message bigint, p_blocks bigint[]) returns json
language plpgsql stable as $$
declare
  v_shown json;
  v_message data.message;
  v_author data.person;
  v_deleted json;
begin
  select concat('{"id":', m.id, ',"user":{"id":', a.id, ',"name":', to_json(a.name), '},"text":', to_json(left(m.text, 140)), ',"deleted":null}')::json into v_shown
  from data.message m join data.person a on a.id = m.person_id
  where m.id = p_message and rule.is_open(m, a) and a.id <> all(p_blocks);
  if found then
    return v_shown;
  end if;
  select * into v_message from data.message where id = p_message;
  if not found then
    return json_build_object('id', p_message, 'user', null, 'text', null, 'deleted', json_build_object('by', 'moderator', 'at', null));
  end if;
  select * into v_author from data.person where id = v_message.person_id;
  v_deleted := rule.show_deleted(v_message, v_author);
  if v_author.id = any(p_blocks) then
    return json_build_object('id', p_message, 'user', rule.show_name(v_author), 'text', null, 'deleted', v_deleted, 'blocked', true);
  end if;
  return json_build_object('id', p_message, 'user', rule.show_name(v_author), 'text', null, 'deleted', v_deleted);
end $$;

-- The JSON of a message, whatever is shown of it, as text: what many of them are put together from is parsed once, or not at all. One expression,
-- so that it is inlined where many are shown by one statement; and written out, since json_build_object takes half as long again.
create function rule.message_text(
  p_message data.message, p_author data.person, p_text text, p_mentions bigint[],
  p_deleted json default null, p_quoted json default null, p_images json default '[]', p_reactions json default '[]'
) returns text
language sql stable as $$
  select concat('{"id":', p_message.id, ',"n":', p_message.n, ',"room_id":', p_message.room_id,
    ',"user":{"id":', p_author.id, ',"name":', to_json(p_author.name), '},"text":', coalesce(to_json(p_text), 'null'), ',"at":"', rule.show_time(p_message.at),
    '","edited_at":', coalesce('"' || rule.show_time(p_message.edited_at) || '"', 'null'), ',"deleted":', coalesce(p_deleted, 'null'),
    ',"client_id":"', p_message.client_id, '","reply_to":', coalesce(p_quoted, 'null'), ',"images":', p_images, ',"reactions":', p_reactions,
    case when cardinality(p_mentions) = 0 then ',"mentions":[],"mention_all":false}'
         else concat(',"mentions":', array_to_json(array_remove(p_mentions, 0)), ',"mention_all":', (0 = any(p_mentions))::text, '}') end);
$$;

create function rule.message_object(
  p_message data.message, p_author data.person, p_text text, p_mentions bigint[], p_deleted json default null, p_quoted json default null
) returns json
language sql stable as $$ select rule.message_text(p_message, p_author, p_text, p_mentions, p_deleted, p_quoted)::json; $$;

-- Is a message shown as it was written: not removed, nor hidden with all of its author's?
create function rule.is_open(p_message data.message, p_author data.person) returns boolean
language sql immutable as $$ select p_message.deleted_at is null and p_message.id > coalesce(p_author.hidden_up_to, 0); $$;

-- And by nothing but its own row and its author's?
create function rule.is_whole(p_message data.message, p_author data.person) returns boolean
language sql immutable as $$
  select rule.is_open(p_message, p_author) and p_message.reply_to is null and p_message.images = '{}' and not p_message.reacted;
$$;

-- One that is open, by an author whom the viewer does not block. One expression as well: what is rare is looked up only when it is there.
create function rule.open_text(p_message data.message, p_author data.person, p_blocks bigint[]) returns text
language sql stable as $$
  select rule.message_text(p_message, p_author, p_message.text, p_message.mentions, null,
    case when p_message.reply_to is not null then rule.show_quoted(p_message.reply_to, p_blocks) end,
    case when p_message.images <> '{}' then rule.show_images(p_message.images) else '[]' end,
    case when p_message.reacted then rule.show_reactions(p_message.id) else '[]' end);
$$;

-- A message as a viewer sees it who blocks p_blocks ('{}': nobody). p_author: when the caller has the author's row at hand.
create function rule.show_message(p_message data.message, p_blocks bigint[], p_author data.person default null) returns json
language plpgsql stable as $$
declare
  v_author data.person := p_author;
begin
  if v_author.id is null then
    select * into v_author from data.person where id = p_message.person_id;
  end if;
  if not rule.is_open(p_message, v_author) then
    return rule.message_object(p_message, v_author, null, '{}', rule.show_deleted(p_message, v_author),
                               case when p_message.reply_to is not null then rule.show_quoted(p_message.reply_to, p_blocks) end);
  elsif v_author.id = any(p_blocks) then
    return rule.show_blocked(p_message, v_author);
  end if;
  return rule.open_text(p_message, v_author, p_blocks)::json;
end $$;

create function rule.show_message_of(p_id bigint, p_blocks bigint[]) returns json
language plpgsql stable as $$
begin
  return (select rule.show_message(m, p_blocks) from data.message m where id = p_id);
end $$;

-- A message of somebody whom the viewer blocks: that it is there, and no word of it. The hub makes the same of a frame.
create function rule.show_blocked(p_message data.message, p_author data.person) returns json
language sql stable as $$
  select json_build_object('id', p_message.id, 'n', p_message.n, 'room_id', p_message.room_id,
    'user', rule.show_name(p_author), 'text', null, 'at', rule.show_time(p_message.at),
    'edited_at', rule.show_time(p_message.edited_at), 'deleted', null, 'client_id', p_message.client_id, 'reply_to', null,
    'images', '[]'::json, 'reactions', '[]'::json, 'mentions', '[]'::json, 'mention_all', false, 'blocked', true);
$$;

-- The message, when the actor may read it. Else 404, or 403 of a channel that one is not in.
create function rule.readable_message(p_actor data.person, p_message bigint) returns data.message
language plpgsql stable as $$
declare
  v_message data.message;
begin
  select * into v_message from data.message where id = p_message;
  if not found then
    perform rule.not_found('message');
  end if;
  if not exists (select from data.member where person_id = p_actor.id and room_id = v_message.room_id) then
    if (select kind from data.room where id = v_message.room_id) <> 'channel' then
      perform rule.not_found('message');
    end if;
    perform rule.refuse(403, 'not_a_member', 'Join this channel first.');
  end if;
  return v_message;
end $$;

-- The same, when there is still something to act on: neither removed nor hidden.
create function rule.live_message(p_actor data.person, p_message bigint) returns data.message
language plpgsql stable as $$
declare
  v_message data.message := rule.readable_message(p_actor, p_message);
begin
  if v_message.deleted_at is not null
     or exists (select from data.person where id = v_message.person_id and hidden_up_to >= v_message.id) then
    perform rule.refuse(409, 'removed', 'This message was removed.');
  end if;
  return v_message;
end $$;

-- One page by keyset: the newest, or before, after or around an id (which counts among the limit). Ascending, with more_before and more_after.
-- Put together as text and parsed once. Messages that are open are shown by a join. Planned once, whatever the tables
-- held then: so every bound is a value, and what is looked up is looked up by its key.
create function rule.page_of_room(p_room bigint, p_args jsonb, p_blocks bigint[]) returns json
language plpgsql stable set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off set enable_mergejoin = off
set plan_cache_mode = force_generic_plan as $$
declare
  v_limit int := coalesce((p_args->>'limit')::int, 50);
  v_before bigint := coalesce((p_args->>'before')::bigint, 9223372036854775807);
  v_after bigint := (p_args->>'after')::bigint;
  v_around bigint := (p_args->>'around')::bigint;
  v_from bigint;
  v_upto bigint;
  v_messages text;
begin
  if v_around is not null then
    select min(id) into v_from from (select id from data.message where room_id = p_room and id < v_around order by id desc limit v_limit / 2) m;
    v_after := coalesce(v_from, v_around) - 1;
  end if;
  if v_after is not null then
    select max(id) into v_upto from (select id from data.message where room_id = p_room and id > v_after and id < v_before order by id limit v_limit) m;
    v_from := v_after + 1;
    v_upto := coalesce(v_upto, v_after);
  else
    select min(id) into v_from from (select id from data.message where room_id = p_room and id < v_before order by id desc limit v_limit) m;
    v_upto := v_before - 1;
  end if;
  select string_agg(shown, ','), min(id), max(id) into v_messages, v_from, v_upto
  from (select m.id, case when rule.is_open(m, a) and a.id <> all(p_blocks) then rule.open_text(m, a, p_blocks) else rule.show_message_of(m.id, p_blocks)::text end as shown
        from data.message m join data.person a on a.id = m.person_id
        where m.room_id = p_room and m.id >= v_from and m.id <= v_upto order by m.id) page;
  return concat('{"messages":[', v_messages,
    '],"more_before":', exists (select from data.message where room_id = p_room and id < coalesce(v_from, v_after + 1, v_before))::text,
    ',"more_after":', exists (select from data.message where room_id = p_room and id > coalesce(v_upto, v_after, v_before - 1))::text, '}')::json;
end $$;

-- Where somebody opens a room, p_room or else the first of theirs: around the end of what they have read when that is not among the
-- newest, which are shown otherwise. Null when they are not in it.
create function rule.opening_page(p_person bigint, p_room bigint, p_limit int) returns json
language sql stable as $$
  select (jsonb_build_object('room_id', id) || rule.page_of_room(id, jsonb_strip_nulls(jsonb_build_object('limit', p_limit,
    'around', case when (room->'my'->>'unread')::bigint > p_limit * 2 / 3 then coalesce((room->'my'->>'read_up_to')::bigint, 0) end)), rule.blocks_of(p_person))::jsonb)::json
  from rule.show_rooms(p_person, array(select m.room_id from data.member m
    where m.person_id = p_person and m.room_id = coalesce(p_room, m.room_id) order by m.room_id limit 1));
$$;

-- What this author posted with this client_id, however long ago.
create function rule.message_by_client_id(p_person bigint, p_client_id uuid) returns data.message
language plpgsql stable as $$
declare
  v_message data.message;
begin
  select * into v_message from data.message where client_id = p_client_id and person_id = p_person;
  return v_message;
end $$;

-- The rules of posting, then the message and its event. The caller holds the log lock. The common case is one look-up; whatever is
-- special about the room or the person is asked by the rules one by one.
create function rule.insert_message(p_actor data.person, p_args jsonb) returns data.message
language plpgsql volatile as $$
declare
  v_room bigint := (p_args->>'room')::bigint;
  v_person bigint := p_actor.id;
  v_is_plain boolean;
  v_n bigint;
  v_message data.message;
begin
  select r.archived_at is null and r.slow_mode = 0 and r.kind <> 'direct'
         and exists (select from data.member m where m.person_id = v_person and m.room_id = v_room)
         and not exists (select from data.sanction s where s.person_id in (v_person, p_actor.keeper_id) and s.room_id = v_room and s.kind = 'mute'),
         coalesce((select m.n from data.message m where m.room_id = v_room order by m.id desc limit 1), r.first_n - 1) + 1
  into v_is_plain, v_n
  from data.room r where r.id = v_room;
  if v_is_plain is distinct from true then
    perform rule.check_may_post(p_actor, rule.joined_room(p_actor, v_room));
  end if;
  v_message.images := case when p_args ? 'images' then rule.take_images(p_actor, nullif(p_args->'images', 'null')) else '{}'::bigint[] end;
  v_message.text := rule.clean_text(coalesce(p_args->>'text', ''), v_message.images <> '{}'::bigint[]);
  v_message.id := nextval('data.log_id');
  insert into data.message (id, room_id, n, person_id, client_id, text, reply_to, mentions, images, at)
  values (v_message.id, v_room, v_n, p_actor.id, (p_args->>'client_id')::uuid, v_message.text,
          rule.check_reply_to(v_room, (p_args->>'reply_to')::bigint), rule.find_mentions(v_room, p_actor, v_message.text),
          v_message.images, date_trunc('milliseconds', clock_timestamp()))
  returning * into v_message;
  if v_message.mentions <> '{}'::bigint[] then
    perform rule.use_up(p_actor.id, 'mentions', p_args, cardinality(v_message.mentions));
  end if;
  if v_message.mentions <> '{}'::bigint[] or v_message.reply_to is not null then
    perform rule.store_mentions(v_message);
  end if;
  if v_message.images <> '{}'::bigint[] then
    perform rule.claim_images(v_message, p_args->'alts');
  end if;
  v_n := rule.log_event('message.posted', 'room', v_room, v_room, v_message.id, null, p_actor.id, null, v_message.id);
  return v_message;
end $$;

-- Who may write may post, but for slow mode, which counts per person and room and not for those who moderate.
create function rule.check_may_post(p_actor data.person, p_room data.room) returns void
language plpgsql stable as $$
declare
  v_left numeric;
begin
  perform rule.check_may_write(p_actor, p_room);
  if p_room.slow_mode > 0 and rule.power_in(p_actor, p_room) = 1 then
    select p_room.slow_mode - extract(epoch from clock_timestamp() - at) into v_left
    from data.message where person_id = p_actor.id and room_id = p_room.id order by id desc limit 1;
    if v_left > 0 then
      perform rule.slow_down(v_left, format('Slow mode: you can write here again in %s s.', ceil(v_left)));
    end if;
  end if;
end $$;

create function rule.check_reply_to(p_room bigint, p_message bigint) returns bigint
language plpgsql stable as $$
begin
  if p_message is not null then
    if not exists (select from data.message where id = p_message and room_id = p_room) then
      perform rule.refuse_invalid('reply_to', 'there is no such message in this room');
    end if;
  end if;
  return p_message;
end $$;

-- 1..8000 code points that show something. Refuses with 422.
create function rule.clean_text(p_text text, p_may_be_empty boolean) returns text
language plpgsql immutable as $$
begin
  if char_length(p_text) > 8000 then
    perform rule.refuse_invalid('text', 'at most 8000 characters');
  elsif rule.shows_nothing(p_text) and not p_may_be_empty then
    perform rule.refuse_invalid('text', 'write 1 to 8000 characters');
  end if;
  return p_text;
end $$;

-- What Unicode draws as text unless U+FE0F follows it (emoji-data.txt: Emoji without Emoji_Presentation; whatever came after 2021 is drawn as an emoji).
create function rule.text_symbols() returns text
language sql immutable as $$
  select '\u00A9\u00AE\u203C\u2049\u2122\u2139\u2194-\u2199\u21A9\u21AA\u2328\u23CF\u23ED-\u23EF\u23F1\u23F2\u23F8-\u23FA\u24C2\u25AA\u25AB\u25B6' ||
    '\u25C0\u25FB\u25FC\u2600-\u2604\u260E\u2611\u2618\u261D\u2620\u2622\u2623\u2626\u262A\u262E\u262F\u2638-\u263A\u2640\u2642\u265F\u2660\u2663' ||
    '\u2665\u2666\u2668\u267B\u267E\u2692\u2694-\u2697\u2699\u269B\u269C\u26A0\u26A7\u26B0\u26B1\u26C8\u26CF\u26D1\u26D3\u26E9\u26F0\u26F1\u26F4' ||
    '\u26F7-\u26F9\u2702\u2708\u2709\u270C\u270D\u270F\u2712\u2714\u2716\u271D\u2721\u2733\u2734\u2744\u2747\u2763\u2764\u27A1\u2934\u2935' ||
    '\u2B05-\u2B07\u3030\u303D\u3297\u3299\U0001F170\U0001F171\U0001F17E\U0001F17F\U0001F202\U0001F237\U0001F321\U0001F324-\U0001F32C\U0001F336' ||
    '\U0001F37D\U0001F396\U0001F397\U0001F399-\U0001F39B\U0001F39E\U0001F39F\U0001F3CB-\U0001F3CE\U0001F3D4-\U0001F3DF\U0001F3F3\U0001F3F5' ||
    '\U0001F3F7\U0001F43F\U0001F441\U0001F4FD\U0001F549\U0001F54A\U0001F56F\U0001F570\U0001F573-\U0001F579\U0001F587\U0001F58A-\U0001F58D' ||
    '\U0001F590\U0001F5A5\U0001F5A8\U0001F5B1\U0001F5B2\U0001F5BC\U0001F5C2-\U0001F5C4\U0001F5D1-\U0001F5D3\U0001F5DC-\U0001F5DE\U0001F5E1' ||
    '\U0001F5E3\U0001F5E8\U0001F5EF\U0001F5F3\U0001F5FA\U0001F6CB\U0001F6CD-\U0001F6CF\U0001F6E0-\U0001F6E5\U0001F6E9\U0001F6F0\U0001F6F3';
$$;

-- The one form in which an emoji is kept, however it was written: U+FE0F where the drawing needs it, and nowhere else.
create function rule.emoji_form(p_emoji text) returns text
language sql immutable as $$
  select regexp_replace(regexp_replace(p_emoji, '[\uFE0E\uFE0F]', '', 'g'),
                        format('(^[0-9#*]|[%s])(?![\U0001F3FB-\U0001F3FF])', rule.text_symbols()), '\1' || U&'\FE0F', 'g');
$$;

-- One emoji, in its form: a keycap, a flag of two letters, or symbols that Unicode draws as an emoji, each with its colour of skin or tags, joined
-- to one by U+200D (https://unicode.org/reports/tr51/, ED-17; the newer planes by their blocks). Refuses with 422.
create function rule.check_emoji(p_emoji text) returns text
language plpgsql immutable as $$
declare
  c_symbols constant text := '\u00A9\u00AE\u203C\u2049\u2122\u2139\u2194-\u21AA\u231A-\u23FF\u24C2\u25AA-\u25FE\u2600-\u27BF\u2934\u2935\u2B05-\u2B55\u3030\u303D\u3297\u3299\U0001F000-\U0001F1E5\U0001F200-\U0001FAFF';
  c_one constant text := format('[%s]\uFE0F?[\U0001F3FB-\U0001F3FF]?([\U000E0020-\U000E007E]+\U000E007F)?', c_symbols);
  v_emoji text := rule.emoji_form(p_emoji);
begin
  if char_length(v_emoji) > 16 or v_emoji !~ format('^([0-9#*]\uFE0F\u20E3|[\U0001F1E6-\U0001F1FF]{2}|%s(\u200D%1$s)*)$', c_one) then
    perform rule.refuse_invalid('emoji', 'this is not one emoji');
  end if;
  return v_emoji;
end $$;

-- At most 20 different emoji on a message, and of one person what the settings say.
create function rule.check_may_react(p_actor data.person, p_message data.message, p_emoji text) returns void
language plpgsql stable as $$
begin
  perform rule.check_may_write(p_actor, rule.joined_room(p_actor, p_message.room_id));
  perform rule.check_reactions(p_actor.id, p_message.id, p_emoji);
  if (select count(distinct emoji) from data.reaction where message_id = p_message.id and emoji <> p_emoji) >= 20 then
    perform rule.refuse(409, 'too_many_reactions', 'This message has 20 different reactions already.');
  end if;
end $$;
