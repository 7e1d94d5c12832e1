-- Everything that one actor did since a time, taken back in one step: a rogue moderator, or a rule that was too eager. Or one act alone.

-- POST /api/undo {actor | rule, since} or {act}, {dry_run?, reason?}: newest first, what was done and what became of it: {"acts":[{"id":…,"action":…,"user":…,"state":"undone"}, …]}.
-- `state`: undone (in a dry run: can_be_undone) · changed_since (somebody has decided otherwise meanwhile) · cannot_be_undone
-- (there is no way back, or it would act on somebody whom the ladder protects by now).
-- Everything is put back to what it was before: removed messages, bans, mutes, hidden messages, roles, removed members, rooms, rules,
-- network bans, settings, and reports that were resolved. Not what has no way back: sessions that ended, invitations, sign-in links.
create function api.undo(p_token text, p_args jsonb, out status int, out body json)
language plpgsql volatile security definer set search_path = data, rule, pg_temp as $$
declare
  v_dry boolean := coalesce((p_args->>'dry_run')::boolean, false);
  v_actor data.person := rule.lock_actor(p_token);
  v_act data.audit;
  v_state text;
  v_acts jsonb := '[]'::jsonb;
begin
  perform rule.check_may_undo(v_actor, p_args);
  begin
    for v_act in select * from rule.acts_to_undo(p_args) loop
      v_state := rule.state_of_act(v_actor, v_act);
      if v_state = 'can_be_undone' then
        perform rule.undo_act(v_actor, v_act);
        perform rule.note_audit(v_actor, 'undo', v_act.person_id, v_act.room_id, v_act.message_id, p_reason => p_args->>'reason',
                                p_detail => jsonb_build_object('audit', v_act.id, 'action', v_act.action));
        v_state := case when v_dry then v_state else 'undone' end;
      end if;
      v_acts := v_acts || (rule.show_audit(v_act)::jsonb || jsonb_build_object('state', v_state));
    end loop;
    if v_dry then
      raise exception using errcode = 'TRY00';           -- what would come of it is known exactly, since it was done
    end if;
  exception when sqlstate 'TRY00' then
    null;
  end;
  status := 200;
  body := json_build_object('acts', v_acts);
end $$;

-- Undoing is for admins, and for who stands above the one whose acts they were; those of psql as parley_admin are an owner's.
create function rule.check_may_undo(p_actor data.person, p_args jsonb) returns void
language plpgsql stable as $$
declare
  v_act data.audit;
  v_whose bigint;
begin
  select * into v_act from data.audit where id = (p_args->>'act')::bigint;
  v_whose := coalesce((p_args->>'actor')::bigint, v_act.actor_id);
  perform rule.check_administers(p_actor);
  if num_nonnulls(p_args->>'actor', p_args->>'rule', p_args->>'act') <> 1 or (p_args->>'act' is null and rule.time_of(p_args, 'since') is null) then
    perform rule.refuse(422, 'invalid', 'Say whose acts, a person''s or a rule''s, and since when; or which act alone.',
      (select jsonb_build_object('fields', jsonb_object_agg(field, 'actor or rule with since, or act alone')) from unnest(array['actor', 'rule', 'act', 'since']) field));
  elsif v_whose <> p_actor.id then
    perform rule.check_outranks(p_actor, rule.person(v_whose));
  elsif v_act.via = 'psql:parley_admin' and p_actor.rank < 4 then
    perform rule.refuse(403, 'rank_too_low', 'Only owners may undo what was done by psql as parley_admin.');
  end if;
end $$;

-- Whose bots did it did it, too. At most 500 at a time, so that posting waits only a moment: once more for the rest.
create function rule.acts_to_undo(p_args jsonb) returns setof data.audit
language plpgsql stable as $$
declare
  v_act bigint := (p_args->>'act')::bigint;
  v_since timestamptz := (p_args->>'since')::timestamptz;
  v_from bigint := coalesce(v_act, rule.first_audit_since(v_since));
  v_whose bigint[] := array(select id from data.person where (p_args->>'actor')::bigint in (id, keeper_id));
begin
  return query
    select * from data.audit a
    where id between v_from and coalesce(v_act, 9223372036854775807)
      and (v_act is not null or at >= v_since and (actor_id = any(v_whose) or via = 'rule:' || (p_args->>'rule')))
      and action <> 'undo'
      and not exists (select from data.audit u where u.id > v_from and u.action = 'undo' and (u.detail->>'audit')::bigint = a.id)
    order by id desc limit 500;
end $$;
