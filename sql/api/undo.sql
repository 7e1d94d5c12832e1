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
