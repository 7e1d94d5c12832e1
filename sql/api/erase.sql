-- DELETE /api/me?messages=keep|remove: {"erased":{"messages":N,"images":N,"bots":N}}, what belonged to the person.
create function api.erase_me(p_token text, p_args jsonb, out status int, out body json)
language plpgsql volatile security definer set search_path = data, rule, pg_temp as $$
declare
  v_actor data.person := rule.lock_actor(p_token);
  v_remove boolean := coalesce(p_args->>'messages', 'keep') = 'remove';
begin
  perform rule.check_not_last_owner(v_actor);
  body := json_build_object('erased', json_build_object('messages_removed', v_remove,
    'messages', (select count(*) from data.message where person_id = v_actor.id and deleted_at is null),
    'images', (select count(*) from data.image where person_id = v_actor.id),
    'bots', (select count(*) from data.person where keeper_id = v_actor.id and erased_at is null)));
  perform rule.note_audit(v_actor, 'erase_me', v_actor.id, p_detail => jsonb_build_object('messages_removed', v_remove));
  perform rule.erase_person(v_actor, v_remove);
  status := 200;
end $$;
