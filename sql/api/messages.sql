-- Messages.

-- GET /api/rooms/ID/messages?before=&after=&around=&limit=
create function api.list_messages(p_token text, p_args jsonb, out status int, out body json)
language plpgsql stable security definer set search_path = data, rule, pg_temp as $$
declare
  v_actor data.person := rule.actor(p_token);
  v_room data.room := rule.joined_room(v_actor, (p_args->>'room')::bigint);
begin
  status := 200;
  body := rule.page_of_room(v_room.id, p_args, rule.blocks_of(v_actor.id));
end $$;

create function api.get_message(p_token text, p_args jsonb, out status int, out body json)
language plpgsql stable security definer set search_path = data, rule, pg_temp as $$
declare
  v_actor data.person := rule.actor(p_token);
begin
  status := 200;
  body := json_build_object('message', rule.show_message(rule.readable_message(v_actor, (p_args->>'message')::bigint), rule.blocks_of(v_actor.id)));
end $$;

-- POST /api/rooms/ID/messages {text, client_id, reply_to?, images?}: 201; 200 with the first message when this client_id was posted before.
-- The program gives `rule` when api.judge has found one that the text fits.
create function api.post_message(p_token text, p_args jsonb, out status int, out body json)
language plpgsql volatile security definer set search_path = data, rule, pg_temp as $$
declare
  v_actor data.person := rule.lock_actor(p_token);
  v_message data.message := rule.message_by_client_id(v_actor.id, (p_args->>'client_id')::uuid);
begin
  status := 200;
  if v_message.id is null then
    perform rule.use_up_same(v_actor, p_args);
    if p_args ? 'rule' then
      body := rule.mute_by_rule((p_args->>'rule')::bigint, v_actor, (rule.joined_room(v_actor, (p_args->>'room')::bigint)).id);
      status := 403;
      if body is not null then
        return;
      end if;
    end if;
    v_message := rule.insert_message(v_actor, p_args);
    status := 201;
    if p_args ? 'rule' then
      v_message := rule.carry_out((p_args->>'rule')::bigint, v_message);
    end if;
  end if;
  body := json_build_object('message', rule.show_own_message(v_message, v_actor,
    case when v_message.reply_to is null then '{}'::bigint[] else rule.blocks_of(v_actor.id) end));
end $$;

-- PATCH /api/messages/ID {text}: the author only.
create function api.edit_message(p_token text, p_args jsonb, out status int, out body json)
language plpgsql volatile security definer set search_path = data, rule, pg_temp as $$
declare
  v_actor data.person := rule.lock_actor(p_token);
  v_message data.message;
  v_room data.room;
  v_text text;
  v_mentions bigint[];
begin
  v_message := rule.live_message(v_actor, (p_args->>'message')::bigint);
  if v_message.person_id <> v_actor.id then
    perform rule.refuse(403, 'not_the_author', 'Only its author may edit a message.');
  end if;
  v_room := rule.joined_room(v_actor, v_message.room_id);
  perform rule.check_may_write(v_actor, v_room);
  v_text := rule.clean_text(coalesce(p_args->>'text', ''), v_message.images <> '{}');
  perform rule.use_up_same(v_actor, p_args);
  if p_args ? 'rule' then
    body := rule.mute_by_rule((p_args->>'rule')::bigint, v_actor, v_room.id);
    status := 403;
    if body is not null then
      return;
    end if;
  end if;
  status := 204;
  if v_text = v_message.text then
    return;
  end if;
  v_mentions := rule.find_mentions(v_room.id, v_actor, v_text);
  perform rule.use_up(v_actor.id, 'mentions', p_args, more::int) from (select count(*) as more from unnest(v_mentions) m where m <> all(v_message.mentions)) new where more > 0;
  update data.message set text = v_text, edited_at = date_trunc('milliseconds', clock_timestamp()), mentions = v_mentions
  where id = v_message.id returning * into v_message;
  perform rule.store_mentions(v_message);
  perform rule.forget_search(v_message.id, true);
  perform rule.log_event('message.edited', 'room', v_room.id, v_room.id, v_message.id, p_actor => v_actor.id);
  if p_args ? 'rule' then
    perform rule.carry_out((p_args->>'rule')::bigint, v_message);
  end if;
end $$;

-- DELETE /api/messages/ID?reason=: the author, or someone of strictly higher rank who moderates there; leaves a tombstone.
create function api.remove_message(p_token text, p_args jsonb, out status int, out body json)
language plpgsql volatile security definer set search_path = data, rule, pg_temp as $$
declare
  v_actor data.person := rule.lock_actor(p_token);
  v_message data.message;
begin
  select * into v_message from data.message where id = (p_args->>'message')::bigint;
  perform rule.remove_message_as(v_actor, v_message, nullif(rule.sanction_reason(p_args), ''));
  status := 204;
end $$;

-- PUT /api/messages/ID/reactions/EMOJI
create function api.add_reaction(p_token text, p_args jsonb, out status int, out body json)
language plpgsql volatile security definer set search_path = data, rule, pg_temp as $$
declare
  v_actor data.person := rule.lock_actor(p_token);
  v_emoji text := rule.check_emoji(p_args->>'emoji');
  v_message data.message;
begin
  v_message := rule.live_message(v_actor, (p_args->>'message')::bigint);
  perform rule.check_may_react(v_actor, v_message, v_emoji);
  insert into data.reaction (message_id, person_id, emoji) values (v_message.id, v_actor.id, v_emoji) on conflict do nothing;
  if found then
    perform rule.use_up(v_actor.id, 'reactions');
    update data.message set reacted = true where id = v_message.id and not reacted;
    perform rule.log_event('reaction.added', 'room', v_message.room_id, v_message.room_id, v_message.id, p_actor => v_actor.id,
                           p_detail => jsonb_build_object('emoji', v_emoji));
  end if;
  status := 204;
end $$;

create function api.remove_reaction(p_token text, p_args jsonb, out status int, out body json)
language plpgsql volatile security definer set search_path = data, rule, pg_temp as $$
declare
  v_actor data.person := rule.lock_actor(p_token);
  v_emoji text := rule.check_emoji(p_args->>'emoji');
  v_message data.message;
begin
  v_message := rule.readable_message(v_actor, (p_args->>'message')::bigint);
  perform rule.check_may_write(v_actor, rule.joined_room(v_actor, v_message.room_id));
  delete from data.reaction where message_id = v_message.id and person_id = v_actor.id and emoji = v_emoji;
  if found then
    perform rule.log_event('reaction.removed', 'room', v_message.room_id, v_message.room_id, v_message.id, p_actor => v_actor.id,
                           p_detail => jsonb_build_object('emoji', v_emoji));
  end if;
  status := 204;
end $$;

-- PUT /api/messages/ID/pin: any member who may write there; at most 100 a room.
create function api.pin_message(p_token text, p_args jsonb, out status int, out body json)
language plpgsql volatile security definer set search_path = data, rule, pg_temp as $$
declare
  v_actor data.person := rule.lock_actor(p_token);
  v_message data.message;
begin
  v_message := rule.live_message(v_actor, (p_args->>'message')::bigint);
  perform rule.check_may_write(v_actor, rule.joined_room(v_actor, v_message.room_id));
  if (select count(*) from data.pin where room_id = v_message.room_id and message_id <> v_message.id) >= 100 then
    perform rule.refuse(409, 'too_many_pins', 'This room has 100 pins already. Take one away first.');
  end if;
  insert into data.pin (message_id, room_id, person_id) values (v_message.id, v_message.room_id, v_actor.id) on conflict do nothing;
  if found then
    perform rule.log_event('pin.added', 'room', v_message.room_id, v_message.room_id, v_message.id, p_actor => v_actor.id);
  end if;
  status := 204;
end $$;

create function api.unpin_message(p_token text, p_args jsonb, out status int, out body json)
language plpgsql volatile security definer set search_path = data, rule, pg_temp as $$
declare
  v_actor data.person := rule.lock_actor(p_token);
  v_message data.message;
begin
  v_message := rule.readable_message(v_actor, (p_args->>'message')::bigint);
  perform rule.check_may_write(v_actor, rule.joined_room(v_actor, v_message.room_id));
  delete from data.pin where message_id = v_message.id;
  if found then
    perform rule.log_event('pin.removed', 'room', v_message.room_id, v_message.room_id, v_message.id, p_actor => v_actor.id);
  end if;
  status := 204;
end $$;

-- GET /api/rooms/ID/pins: the pinned messages, each with who pinned it and when. What is hidden or held is not pinned as long.
create function api.list_pins(p_token text, p_args jsonb, out status int, out body json)
language plpgsql stable security definer set search_path = data, rule, pg_temp as $$
declare
  v_actor data.person := rule.actor(p_token);
  v_room data.room := rule.joined_room(v_actor, (p_args->>'room')::bigint);
  v_blocks bigint[] := rule.blocks_of(v_actor.id);
  v_page record := rule.page_of(array(
    select m.id from data.pin p join data.message m on m.id = p.message_id join data.person author on author.id = m.person_id
    where p.room_id = v_room.id and m.deleted_at is null and m.id > author.hidden_up_to order by m.id), p_args, null);
begin
  status := 200;
  body := json_build_object(
    'pins', (
      select coalesce(json_agg(rule.show_message(m, v_blocks)::jsonb
               || jsonb_build_object('pinned_by', rule.show_name_of(p.person_id), 'pinned_at', rule.show_time(p.at)) order by m.id), '[]')
      from data.pin p join data.message m on m.id = p.message_id where m.id = any(v_page.ids)),
    'more_before', v_page.more_before, 'more_after', v_page.more_after);
end $$;

-- GET /api/mentions: messages that mention me, or answer mine, of the rooms that I am in; `@all` only since I am in.
create function api.list_mentions(p_token text, p_args jsonb, out status int, out body json)
language plpgsql stable security definer set search_path = data, rule, pg_temp as $$
declare
  v_actor data.person := rule.actor(p_token);
  v_blocks bigint[] := rule.blocks_of(v_actor.id);
  v_page record := rule.page_of_mentions(v_actor.id, v_blocks, p_args);
begin
  status := 200;
  body := json_build_object(
    'mentions', (select coalesce(json_agg(rule.show_message(m, v_blocks) order by m.id), '[]') from data.message m where m.id = any(v_page.ids)),
    'more_before', v_page.more_before, 'more_after', v_page.more_after);
end $$;
