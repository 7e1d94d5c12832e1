-- Erasing a person: gone for every reader at once, the rows in slices that hold nobody up.

-- At once: name, password, sessions, memberships, bots. Messages stay by "removed person", or are hidden now and removed in slices.
create function rule.erase_person(p_person data.person, p_remove boolean) returns void
language plpgsql volatile as $$
declare
  v_other bigint;
begin
  for v_other in select id from data.person where keeper_id = p_person.id and erased_at is null loop
    perform rule.erase_person(rule.person(v_other), p_remove);
  end loop;
  perform rule.end_sessions(p_person.id, 'erased');
  update data.person set name = 'removed person', name_key = null, password_hash = null, status = '', settings = '{}', rank = 0, erased_at = now(),
    hidden_up_to = case when p_remove then (select id from rule.log_head()) else hidden_up_to end,
    hidden_at = case when p_remove then now() else hidden_at end
  where id = p_person.id;
  perform rule.log_event('user.changed', 'shared', p_person.id, p_actor => p_person.id);
  if p_remove then
    perform rule.log_event('user.hidden', 'shared', p_person.id, p_actor => p_person.id);
    insert into data.erasure (person_id) values (p_person.id);
  end if;
  for v_other in select room_id from data.member m join data.room r on r.id = m.room_id where m.person_id = p_person.id and r.kind <> 'direct' loop
    perform rule.drop_member(v_other, p_person.id, p_person.id, 'left');
  end loop;
  delete from data.sign_in_link where person_id = p_person.id;
  delete from data.invite where person_id = p_person.id;
  delete from data.block where p_person.id in (person_id, blocked_id);
  delete from data.mention where person_id = p_person.id;
  delete from data.allowance where person_id = p_person.id;
  delete from data.image where person_id = p_person.id and message_id is null;
end $$;

-- Removes the next p_limit messages of somebody who is being erased; gives how many rows that was. Readers see no change: they are hidden already.
create function rule.erase_slice(p_limit int) returns int
language plpgsql volatile as $$
declare
  v_person bigint := (select person_id from data.erasure limit 1);
  v_ids bigint[];
begin
  if v_person is null then
    return 0;
  end if;
  perform rule.lock_log();
  v_ids := array(select m.id from data.message m join data.person p on p.id = m.person_id
                 where m.person_id = v_person and m.deleted_at is null and m.id <= p.hidden_up_to order by m.id limit p_limit);
  update data.message m set text = null, mentions = '{}', images = '{}', reacted = false, deleted_at = p.erased_at, deleted_by = 'author'
  from data.person p where m.id = any(v_ids) and p.id = v_person;
  delete from data.mention where message_id = any(v_ids);
  delete from data.reaction where message_id = any(v_ids);
  delete from data.pin where message_id = any(v_ids);
  delete from data.search where message_id = any(v_ids);
  delete from data.image where message_id = any(v_ids);
  if v_ids = '{}' then
    delete from data.reaction where person_id = v_person;
    delete from data.erasure where person_id = v_person;
  end if;
  return greatest(cardinality(v_ids), 1);
end $$;
