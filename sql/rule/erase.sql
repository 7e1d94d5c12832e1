-- Erasing a person: gone for every reader at once, the rows in slices that hold nobody up.

-- At once: name, password, sessions, memberships, bots. Messages stay by "removed person", or are hidden now and removed in slices.
-- It is told to everybody: who shared a room with the person cannot be said any more once they have left them all.
create function rule.erase_person(p_person data.person, p_remove boolean) returns void
language plpgsql volatile as $$
declare
  v_other bigint;
begin
  for v_other in select id from data.person where keeper_id = p_person.id and erased_at is null loop
    perform rule.erase_person(rule.person(v_other), p_remove);
  end loop;
  perform rule.end_sessions(p_person.id, 'erased');
  update data.person set name = rule.erased_name(), name_key = null, password_hash = null, status = '', settings = '{}', rank = 0, erased_at = now(),
    hidden_up_to = case when p_remove then (select id from rule.log_head()) else hidden_up_to end,
    hidden_at = case when p_remove then now() else hidden_at end
  where id = p_person.id;
  -- To everybody: after this nobody shares a room with this person any more.
  perform rule.log_event('user.changed', 'rank', 0, p_person => p_person.id, p_actor => p_person.id);
  if p_remove then
    perform rule.log_event('user.hidden', 'rank', 0, p_person => p_person.id, p_actor => p_person.id);
  end if;
  for v_other in select room_id from data.member m join data.room r on r.id = m.room_id where m.person_id = p_person.id and r.kind <> 'direct' loop
    perform rule.drop_member(v_other, p_person.id, p_person.id, 'left');
  end loop;
  perform rule.erase_traces(p_person);
  insert into data.erasure (person_id, removes) values (p_person.id, p_remove);
end $$;

-- What there is little of, beside the messages: where the person's words, name and address stand, and what nobody can use any more.
create function rule.erase_traces(p_person data.person) returns void
language plpgsql volatile as $$
begin
  delete from data.sign_in_link where person_id = p_person.id;
  delete from data.invite where person_id = p_person.id;
  delete from data.block where p_person.id in (person_id, blocked_id);
  delete from data.allowance where person_id = p_person.id;
  perform rule.forget_failures(p_person.name_key);
  update data.image i set message_id = null, at = '-infinity'
  where person_id = p_person.id and not exists (select from data.message m where m.id = i.message_id and m.deleted_at is null);
  update data.report set reason = '' where reporter_id = p_person.id;
  update data.sanction set reason = '' where person_id = p_person.id;
  delete from data.removal r using data.message m where m.id = r.message_id and m.person_id = p_person.id;
end $$;

-- Out of the next p_limit rows of the audit go words: why the person was sanctioned, and what they called rooms, also where it says what
-- somebody else replaced. Who did what to whom stays. From its end back to its beginning: what was replaced is known by the row before it that
-- said it. Without the log lock: nobody else touches these rows.
create function rule.erase_from_audit(p_erasure data.erasure, p_limit int) returns void
language plpgsql volatile as $$
declare
  v_before bigint := p_erasure.audit_from;
  v_from bigint := coalesce((select id from data.audit where id < v_before order by id desc offset p_limit - 1 limit 1), 0);
  v_person bigint := p_erasure.person_id;
  v_key text;
begin
  update data.audit set reason = null, detail = detail #- '{was,reason}' #- '{replaced,reason}' where id >= v_from and id < v_before and person_id = v_person;
  foreach v_key in array array['name', 'topic'] loop
    update data.audit a set detail = a.detail #- array['was', v_key]
    where id >= v_from and id < v_before and action = 'change_room' and detail->'was' ? v_key
      and exists (select from data.audit said where said.actor_id = v_person and said.action = 'change_room' and said.id < a.id
                  and said.room_id = a.room_id and said.detail->v_key = a.detail->'was'->v_key);
  end loop;
  update data.audit set detail = detail - 'name' - 'topic' #- '{was,name}' #- '{was,topic}'
  where id >= v_from and id < v_before and actor_id = v_person and action = 'change_room';
  update data.erasure set audit_from = v_from where person_id = v_person;
end $$;

-- The next p_limit rows of somebody who is being erased; gives how many. Readers see no change: they see none of it already. Where it
-- stands is stored with what was done, so that whoever comes after a crash goes on from there.
create function rule.erase_slice(p_limit int) returns int
language plpgsql volatile as $$
declare
  v_erasure data.erasure;
  v_count int := 0;
begin
  select * into v_erasure from data.erasure limit 1;
  if not found then
    return 0;
  elsif v_erasure.audit_from > 0 then
    perform rule.erase_from_audit(v_erasure, 20 * p_limit);
    return 1;
  end if;
  perform rule.lock_log();
  if v_erasure.removes then
    v_count := rule.erase_messages(v_erasure, p_limit);
    if v_count = 0 then
      delete from data.reaction r using (select message_id, emoji from data.reaction where person_id = v_erasure.person_id limit p_limit) mine
      where r.person_id = v_erasure.person_id and r.message_id = mine.message_id and r.emoji = mine.emoji;
      get diagnostics v_count = row_count;
    end if;
  end if;
  if v_count = 0 then
    delete from data.mention m using (select message_id from data.mention where person_id = v_erasure.person_id limit p_limit) mine
    where m.person_id = v_erasure.person_id and m.message_id = mine.message_id;
    get diagnostics v_count = row_count;
  end if;
  if v_count = 0 then
    delete from data.erasure where person_id = v_erasure.person_id;
  end if;
  return greatest(v_count, 1);
end $$;

-- The next messages of the erasure become tombstones. By the index on the author, so that a slice costs the same wherever it stands.
create function rule.erase_messages(p_erasure data.erasure, p_limit int) returns int
language plpgsql volatile as $$
declare
  v_ids bigint[] := array(select id from data.message where person_id = p_erasure.person_id and (room_id, id) > (p_erasure.room_id, p_erasure.upto)
                          order by room_id, id limit p_limit);
begin
  update data.message m set text = null, mentions = '{}', images = '{}', reacted = false, deleted_at = p.erased_at, deleted_by = 'author'
  from data.person p where m.id = any(v_ids) and m.deleted_at is null and p.id = p_erasure.person_id;
  delete from data.mention where message_id = any(v_ids);
  delete from data.reaction where message_id = any(v_ids);
  delete from data.pin where message_id = any(v_ids);
  delete from data.search where message_id = any(v_ids);
  perform rule.detach_images(v_ids);
  update data.erasure e set room_id = m.room_id, upto = m.id from data.message m
  where e.person_id = p_erasure.person_id and m.id = v_ids[cardinality(v_ids)];
  return cardinality(v_ids);
end $$;

-- What belongs to a person, and to the bots that go along.
create function rule.count_rows_of(p_person bigint) returns json
language sql stable as $$
  with gone as materialized (select id from data.person where id = p_person or keeper_id = p_person and erased_at is null)
  select json_build_object(
    'messages', (select count(*) from data.message where person_id in (select id from gone) and deleted_at is null),
    'images', (select count(*) from data.image where person_id in (select id from gone)),
    'reactions', (select count(*) from data.reaction where person_id in (select id from gone)),
    'sessions', (select count(*) from data.session where person_id in (select id from gone)),
    'bots', (select count(*) - 1 from gone));
$$;
