-- DELETE /api/me?messages=keep|remove
create function api.erase_me(p_token text, p_args jsonb, out status int, out body json)
language plpgsql volatile security definer set search_path = data, rule, pg_temp as $$
declare
  v_actor data.person := rule.lock_actor(p_token);
  v_remove boolean := coalesce(p_args->>'messages', 'keep') = 'remove';
begin
  perform rule.check_not_last_owner(v_actor);
  perform rule.note_audit(v_actor, 'erase_me', v_actor.id, p_detail => jsonb_build_object('messages_removed', v_remove));
  perform rule.erase_person(v_actor, v_remove);
  status := 204;
end $$;

-- GET /api/me/erasure: {"erasure":{"messages":N,"images":N,"reactions":N,"sessions":N,"bots":N}}, the rows that would go or lose their person;
-- nothing is touched. Refused where erasing would be.
create function api.preview_erasure(p_token text, p_args jsonb, out status int, out body json)
language plpgsql stable security definer set search_path = data, rule, pg_temp as $$
declare
  v_actor data.person := rule.actor(p_token);
begin
  perform rule.check_not_last_owner(v_actor);
  status := 200;
  body := json_build_object('erasure', rule.count_rows_of(v_actor.id));
end $$;
