-- Taking a message away, and bringing it back. What its author removes is gone; what a moderator removes is gone for everybody, but its
-- words, images, reactions and pin are kept aside for some days, so that it can be undone. The caller holds the log lock.

-- Whether somebody has reported this message: then server ranks may act on it wherever it stands.
create function rule.is_reported(p_message bigint) returns boolean
language plpgsql stable as $$
begin
  return exists (select from data.report where message_id = p_message);
end $$;

-- The message when the actor may know of it in order to act on it: one's own, of a channel, of a room that one is in,
-- or a reported one for server ranks. Else 404.
create function rule.message_to_act_on(p_actor data.person, p_message bigint) returns data.message
language plpgsql stable as $$
declare
  v_message data.message;
begin
  select m.* into v_message
  from data.message m join data.room r on r.id = m.room_id
  where m.id = p_message
    and (m.person_id = p_actor.id or r.kind = 'channel'
         or exists (select from data.member where person_id = p_actor.id and room_id = m.room_id)
         or p_actor.rank >= 2 and rule.is_reported(m.id));
  if not found then
    perform rule.not_found('message');
  end if;
  return v_message;
end $$;

-- As whom the actor removes this message: 'author', or 'moderator': of strictly higher rank where it stands and moderating there;
-- where a server rank does not act (direct rooms, groups of others) only when the message was reported. Else refuses.
create function rule.check_may_remove(p_actor data.person, p_message bigint) returns text
language plpgsql stable as $$
declare
  v_message data.message := rule.message_to_act_on(p_actor, p_message);
  v_author data.person := rule.person(v_message.person_id);
  v_room data.room;
begin
  if v_author.id = p_actor.id then
    return 'author';
  end if;
  select * into v_room from data.room where id = v_message.room_id;
  if p_actor.rank >= 2 and rule.power_in(p_actor, v_room) < 2 and rule.is_reported(v_message.id) then
    perform rule.check_outranks(p_actor, v_author);
  else
    if p_actor.rank < 2 then
      v_room := rule.joined_room(p_actor, v_room.id);
    end if;
    perform rule.check_moderates(p_actor, v_room);
    perform rule.check_outranks(p_actor, v_author, v_room);
  end if;
  return 'moderator';
end $$;

-- Leaves a tombstone, and nothing of text, mentions, reactions, pin and images. (The images' rows are the caller's.)
create function rule.take_away(p_message bigint, p_by text) returns void
language plpgsql volatile as $$
begin
  update data.message
  set text = null, mentions = '{}', images = '{}', reacted = false, deleted_at = date_trunc('milliseconds', clock_timestamp()), deleted_by = p_by
  where id = p_message;
  delete from data.mention where message_id = p_message;
  delete from data.reaction where message_id = p_message;
  delete from data.pin where message_id = p_message;
  perform rule.forget_search(p_message, false);
end $$;

create function rule.keep_aside(p_message bigint, p_text text, p_mentions bigint[], p_images bigint[]) returns void
language plpgsql volatile as $$
begin
  if rule.setting_number('removed_days') > 0 then
    insert into data.removal (message_id, text, mentions, images, reactions, pin)
    values (p_message, p_text, p_mentions, p_images,
            (select coalesce(jsonb_agg(to_jsonb(r)), '[]') from data.reaction r where message_id = p_message), (select to_jsonb(p) from data.pin p where message_id = p_message));
  else
    delete from data.image where message_id = p_message;
  end if;
end $$;

create function rule.forget_aside(p_message bigint) returns void
language sql volatile as $$
  delete from data.removal where message_id = p_message;
  delete from data.image where message_id = p_message;
$$;

-- Removes a message. The room learns whether its author or a moderator did it; who, only the audit knows. Once more is no error.
create function rule.remove_message_as(p_actor data.person, p_message data.message, p_reason text default null) returns void
language plpgsql volatile as $$
declare
  v_by text := rule.check_may_remove(p_actor, p_message.id);
begin
  if p_message.deleted_at is not null then
    perform rule.remove_again(p_message.id, v_by);
    return;
  elsif v_by = 'author' then
    perform rule.forget_aside(p_message.id);
  else
    perform rule.keep_aside(p_message.id, p_message.text, p_message.mentions, p_message.images);
  end if;
  perform rule.take_away(p_message.id, v_by);
  perform rule.log_event('message.deleted', 'room', p_message.room_id, p_message.room_id, p_message.id, p_actor => p_actor.id,
                         p_detail => jsonb_build_object('by', v_by));
  perform rule.note_audit(p_actor, 'remove_message', p_message.person_id, p_message.room_id, p_message.id, p_reason => p_reason,
                          p_detail => jsonb_build_object('by', v_by));
end $$;

-- It is away already. The author's word is the last: then nothing is kept. A moderator's makes a removal of what a rule has held.
create function rule.remove_again(p_message bigint, p_by text) returns void
language plpgsql volatile as $$
declare
  v_held data.report := rule.held_by(p_message);
begin
  if p_by = 'author' then
    perform rule.forget_aside(p_message);
    update data.message set deleted_by = 'author' where id = p_message and v_held.id is not null;
  elsif v_held.id is not null then
    perform rule.keep_aside(p_message, v_held.copy->>'text', rule.ids(v_held.copy->'mentions'), rule.ids(v_held.copy->'image_ids'));
  end if;
end $$;

-- The open report with which a rule holds this message, or null.
create function rule.held_by(p_message bigint) returns data.report
language sql stable as $$
  select r from data.report r where message_id = p_message and held and resolved_at is null order by id desc limit 1;
$$;

-- A report that holds the words of a message, or null when there is none.
create function rule.copy_of(p_message bigint) returns data.report
language sql stable as $$
  select r from data.report r where message_id = p_message and copy->>'text' is not null order by id desc limit 1;
$$;

-- Nothing comes back that its author has removed meanwhile, or of somebody who was erased; and no image that is gone.
create function rule.show_again(p_message bigint, p_text text, p_mentions bigint[], p_images bigint[]) returns void
language plpgsql volatile as $$
declare
  v_message data.message;
begin
  update data.message
  set text = p_text, deleted_at = null, deleted_by = null, mentions = p_mentions,
      images = array(select id from data.image where message_id = p_message and id = any(p_images) order by array_position(p_images, id))
  where id = p_message and deleted_by = 'moderator' and p_text is not null
    and exists (select from data.person where id = data.message.person_id and erased_at is null)
  returning * into v_message;
  if found then
    perform rule.store_mentions(v_message);
    perform rule.forget_search(v_message.id, true);
    perform rule.log_event('message.edited', 'room', v_message.room_id, v_message.room_id, v_message.id);
  end if;
end $$;

-- Whether there are words to bring back of what a moderator, or a rule, took away.
create function rule.can_bring_back(p_message bigint) returns boolean
language sql stable as $$
  select exists (select from data.message where id = p_message and deleted_by = 'moderator')
     and (exists (select from data.removal where message_id = p_message) or (rule.copy_of(p_message)).id is not null);
$$;

-- Reactions and pin, but of nobody who was erased meanwhile, and when it can still be shown again at all.
create function rule.put_signs_back(p_removal data.removal) returns void
language plpgsql volatile as $$
declare
  v_message data.message;
begin
  update data.message set reacted = reacted or p_removal.reactions <> '[]' where id = p_removal.message_id and deleted_by = 'moderator' returning * into v_message;
  if not found then
    return;
  end if;
  insert into data.reaction select r.* from jsonb_populate_recordset(null::data.reaction, p_removal.reactions) r join data.person p on p.id = r.person_id and p.erased_at is null
  on conflict do nothing;
  insert into data.pin select r.* from jsonb_populate_record(null::data.pin, p_removal.pin) r join data.person p on p.id = r.person_id and p.erased_at is null
  on conflict do nothing;
  perform rule.log_event('pin.added', 'room', v_message.room_id, v_message.room_id, v_message.id) where found;
end $$;

-- Brings it back: from what is kept aside, else from a report.
create function rule.bring_back(p_message bigint) returns void
language plpgsql volatile as $$
declare
  v_removal data.removal;
begin
  delete from data.removal where message_id = p_message returning * into v_removal;
  if found then
    perform rule.put_signs_back(v_removal);
    perform rule.show_again(p_message, v_removal.text, v_removal.mentions, v_removal.images);
  else
    perform rule.bring_back_from(rule.copy_of(p_message));
  end if;
end $$;

create function rule.bring_back_from(p_report data.report) returns void
language sql volatile as $$
  select rule.show_again(p_report.message_id, p_report.copy->>'text', rule.ids(p_report.copy->'mentions'),
                         rule.ids(coalesce(p_report.copy->'image_ids', jsonb_path_query_array(p_report.copy, '$.images[*].id'))));
$$;

-- The rooms with messages of a person where the actor moderates and stands above them. Refuses when there is none for want of rank.
create function rule.rooms_above(p_actor data.person, p_person data.person, p_room bigint) returns bigint[]
language plpgsql stable as $$
declare
  v_room data.room;
begin
  if p_room is not null then
    v_room := rule.moderated_room(p_actor, p_room, p_person);
    return array[v_room.id];
  end if;
  perform rule.check_moderates_server(p_actor);
  perform rule.check_outranks(p_actor, p_person);
  return array(select r.id from data.room r
               where r.id in (select room_id from data.message where person_id = p_person.id)
                 and rule.power_in(p_actor, r) >= 2 and rule.outranks(p_actor, p_person, r));
end $$;
