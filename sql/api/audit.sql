-- The audit: who did what to whom, when and why. Its rows are written by rule.note_audit in the transaction that acted.

-- GET /api/audit?user=&actor=&room=&action=&since=&before=&after=&limit=: for those who moderate the server; with ?room= also for those who
-- moderate that room. `user` is the one acted upon.
create function api.list_audit(p_token text, p_args jsonb, out status int, out body json)
language plpgsql stable security definer set search_path = data, rule, pg_temp as $$
declare
  v_actor data.person := rule.actor(p_token);
  v_page record;
begin
  if v_actor.rank < 2 then
    perform rule.check_may_read_audit(v_actor, (p_args->>'room')::bigint);
  end if;
  perform rule.time_of(p_args, 'since');
  v_page := rule.page_of(rule.audit_around(p_args), p_args);
  status := 200;
  body := json_build_object(
    'audit', (select coalesce(json_agg(rule.show_audit(a) order by a.id), '[]') from data.audit a where a.id = any(v_page.ids)),
    'more_before', v_page.more_before, 'more_after', v_page.more_after);
end $$;
