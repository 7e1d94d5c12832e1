-- Blocks are personal: nobody but the one who blocks learns of them, and no rank stands against them.

-- PUT /api/blocks/USER: no direct messages either way, no mentions, and their text is collapsed for me.
create function api.block_user(p_token text, p_args jsonb, out status int, out body json)
language plpgsql volatile security definer set search_path = data, rule, pg_temp as $$
declare
  v_actor data.person := rule.lock_actor(p_token);
  v_person data.person := rule.person((p_args->>'user')::bigint);
begin
  if v_person.id = v_actor.id then
    perform rule.refuse_invalid('user', 'you cannot block yourself');
  end if;
  insert into data.block (person_id, blocked_id) values (v_actor.id, v_person.id) on conflict do nothing;
  if found then
    perform rule.tell_block(v_actor.id, v_person.id, true);
  end if;
  status := 204;
end $$;

-- DELETE /api/blocks/USER
create function api.unblock_user(p_token text, p_args jsonb, out status int, out body json)
language plpgsql volatile security definer set search_path = data, rule, pg_temp as $$
declare
  v_actor data.person := rule.lock_actor(p_token);
  v_person data.person := rule.person((p_args->>'user')::bigint);
begin
  delete from data.block where person_id = v_actor.id and blocked_id = v_person.id;
  if found then
    perform rule.tell_block(v_actor.id, v_person.id, false);
  end if;
  status := 204;
end $$;

-- GET /api/blocks: whom I block: {"blocks":[{"user":{…},"at":"…"}]}
create function api.list_blocks(p_token text, p_args jsonb, out status int, out body json)
language plpgsql stable security definer set search_path = data, rule, pg_temp as $$
declare
  v_actor data.person := rule.actor(p_token);
  v_page record := rule.page_of(array(select blocked_id from data.block where person_id = v_actor.id order by blocked_id), p_args, null);
begin
  status := 200;
  body := json_build_object(
    'blocks', (
      select coalesce(json_agg(json_build_object('user', rule.show_person(p), 'at', rule.show_time(b.at)) order by p.id), '[]')
      from data.block b join data.person p on p.id = b.blocked_id where b.person_id = v_actor.id and b.blocked_id = any(v_page.ids)),
    'more_before', v_page.more_before, 'more_after', v_page.more_after);
end $$;
