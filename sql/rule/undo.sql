-- How an act is taken back: whether what it made is still so, and what was before. Both know it from the act's row in the audit.

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
      (select jsonb_build_object('fields', jsonb_object_agg(field, 'actor or rule with since, or act alone'))
       from unnest(array['actor', 'rule', 'act', 'since']) field));
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

create function rule.state_of_act(p_actor data.person, p_act data.audit) returns text
language plpgsql stable as $$
declare
  v_is_so boolean;                                       -- null: there is no way back
begin
  if p_act.person_id is not null and (rule.person(p_act.person_id)).erased_at is not null then
    return 'cannot_be_undone';
  end if;
  v_is_so := case
    when p_act.action in ('mute_member', 'ban_member', 'ban_user') then rule.sanction_is_so(p_act)
    when p_act.action in ('unmute_member', 'unban_member', 'unban_user') then rule.sanction_is_gone(p_act)
    when p_act.action in ('create_rule', 'change_rule', 'delete_rule') then rule.rule_is_so(p_act)
    when p_act.action in ('resolve_report', 'report_message', 'hold_message') then rule.report_is_so(p_act)
    when p_act.action in ('create_network_ban', 'delete_network_ban') then rule.network_ban_is_so(p_act)
    when p_act.action in ('change_settings', 'close_registration', 'set_raid') then rule.settings_are_so(p_act.detail)
    when p_act.action = 'remove_message' then nullif(p_act.detail->>'by' = 'moderator' and rule.can_bring_back(p_act.message_id), false)
    when p_act.action = 'remove_member' then (rule.membership(p_act.person_id, p_act.room_id)).person_id is null
      and not rule.is_banned(p_act.person_id, p_act.room_id)
    when p_act.action = 'set_role' then rule.rank_name((rule.person(p_act.person_id)).rank) = p_act.detail->>'to'
    when p_act.action = 'put_member' then rule.room_role_name((rule.membership(p_act.person_id, p_act.room_id)).role) = p_act.detail->>'role'
    when p_act.action = 'change_room' then nullif(p_act.detail->'was', '{}') is not null
      and (select rule.room_facts(r, p_act.detail) = p_act.detail - 'was' from data.room r where id = p_act.room_id)
  end;
  return case when not v_is_so then 'changed_since' when v_is_so and rule.may_take_back(p_actor, p_act) then 'can_be_undone' else 'cannot_be_undone' end;
end $$;

-- What takes an act back is an act itself. Where it acts on somebody (mutes, bans, hides, changes a role) the ladder counts, as it stands now: whoever
-- has risen meanwhile, or where the actor no longer belongs, is out of reach, as by a direct call. A rule is none of a rank above the actor's.
create function rule.may_take_back(p_actor data.person, p_act data.audit) returns boolean
language plpgsql stable as $$
declare
  v_person data.person;
  v_room data.room;
begin
  if p_act.action in ('create_rule', 'change_rule', 'delete_rule') then
    return p_actor.rank >= coalesce((p_act.detail->'was'->>'rank')::int, (p_act.detail->>'rank')::int);
  elsif not rule.taking_back_acts(p_act) then
    return true;
  end if;
  select * into v_person from data.person where id = p_act.person_id;
  select * into v_room from data.room where id = p_act.room_id and p_act.action <> 'resolve_report';  -- these are judged by server ranks wherever they are
  return rule.outranks(p_actor, v_person, v_room) and case p_act.action
    when 'set_role' then rule.why_not_rank(p_actor, v_person, rule.rank_number(p_act.detail->>'from')) is null
    when 'put_member' then rule.may_give_room_role(p_actor, v_room, rule.room_role_number(p_act.detail->>'was'))
    else true end;
end $$;

-- Whether it does: a sanction comes again (which was lifted, or which another one stood in for), messages are hidden again, a role is another.
create function rule.taking_back_acts(p_act data.audit) returns boolean
language plpgsql stable as $$
begin
  return case
    when p_act.action in ('unmute_member', 'unban_member', 'unban_user', 'set_role', 'put_member') then true
    when p_act.action in ('mute_member', 'ban_member', 'ban_user') then coalesce(rule.until_of(p_act.detail->'replaced') > now(), false)
      or coalesce((p_act.detail->>'hidden_was')::bigint, 0) > (rule.person(p_act.person_id)).hidden_up_to
    when p_act.action = 'resolve_report' then p_act.detail->>'action' = 'dismiss'
      and exists (select from data.report where id = any(rule.ids(p_act.detail->'reports')) and held)
    else false end;
end $$;

-- Puts back what an act changed. The log lock is held, and the state was looked at.
create function rule.undo_act(p_actor data.person, p_act data.audit) returns void
language plpgsql volatile as $$
begin
  case p_act.action
    when 'mute_member', 'ban_member', 'ban_user' then perform rule.undo_sanction(p_actor, p_act);
    when 'unmute_member', 'unban_member', 'unban_user' then perform rule.sanction_again(p_actor, p_act);
    when 'remove_member' then perform rule.put_member_back(p_actor, p_act);
    when 'set_role' then perform rule.set_rank(p_actor, p_act.person_id, rule.rank_number(p_act.detail->>'from'));
    when 'put_member' then perform rule.set_room_role(p_act.room_id, p_act.person_id, rule.room_role_number(p_act.detail->>'was'), p_actor.id);
    when 'change_room' then perform rule.change_room_back(p_actor, p_act.room_id, p_act.detail->'was');
    when 'remove_message' then perform rule.bring_back(p_act.message_id);
    when 'resolve_report' then perform rule.open_again(p_actor, r) from data.report r where id = any(rule.ids(p_act.detail->'reports'));
    when 'hold_message', 'report_message' then perform rule.take_report_back(p_actor, r) from data.report r where id = (p_act.detail->>'report')::bigint;
    when 'create_rule', 'change_rule', 'delete_rule' then perform rule.undo_rule(p_actor, p_act);
    when 'create_network_ban', 'delete_network_ban' then perform rule.undo_network_ban(p_actor, p_act);
    when 'change_settings', 'close_registration', 'set_raid' then perform rule.set_settings(p_actor, 'change_settings', p_act.detail->'was');
  end case;
end $$;

-- --- Mutes and bans

create function rule.sanction_kind(p_act data.audit) returns text
language sql immutable as $$ select case when p_act.action like '%mute_member' then 'mute' else 'ban' end; $$;

-- What there is of this kind, where the act was.
create function rule.sanction_of(p_act data.audit) returns data.sanction
language sql stable as $$
  select s from data.sanction s where person_id = p_act.person_id and room_id = coalesce(p_act.room_id, 0) and kind = rule.sanction_kind(p_act);
$$;

-- Of one that was made: it is the one that this very act made, since both rows are of one transaction.
create function rule.sanction_is_so(p_act data.audit) returns boolean
language sql stable as $$ select coalesce((rule.sanction_of(p_act)).at = p_act.at, false); $$;

-- Of one that was lifted: there is none, and it would not have run out.
create function rule.sanction_is_gone(p_act data.audit) returns boolean
language sql stable as $$
  select coalesce((rule.sanction_of(p_act)).until <= now(), true)
     and (nullif((p_act.detail->>'hidden_was')::bigint, 0) is not null or (p_act.detail->'was'->>'until')::timestamptz > now());
$$;

-- Lifts it, and puts back what it stood in for.
create function rule.undo_sanction(p_actor data.person, p_act data.audit) returns void
language plpgsql volatile as $$
declare
  v_kind text := rule.sanction_kind(p_act);
  v_room bigint := coalesce(p_act.room_id, 0);
  v_before jsonb := p_act.detail->'replaced';
begin
  perform rule.lift_sanction(p_act.person_id, v_room, v_kind);
  perform rule.put_sanction(p_actor, p_act.person_id, v_room, v_kind, rule.until_of(v_before), v_before->>'reason') where rule.until_of(v_before) > now();
  if v_kind = 'mute' then
    perform rule.tell_muted(p_actor, p_act.person_id, p_act.room_id);
  elsif p_act.room_id is not null then
    perform rule.put_member_back(p_actor, p_act);
  else
    perform rule.hide_up_to(p_actor, p_act.person_id, (p_act.detail->>'hidden_was')::bigint) where p_act.detail ? 'hidden_was';
    perform rule.log_event('user.changed', 'shared', p_act.person_id, p_person => p_act.person_id, p_actor => p_actor.id);
  end if;
end $$;

create function rule.sanction_again(p_actor data.person, p_act data.audit) returns void
language plpgsql volatile as $$
declare
  v_until timestamptz := rule.until_of(p_act.detail->'was');
  v_reason text := p_act.detail->'was'->>'reason';
begin
  case p_act.action
    when 'unmute_member' then
      perform rule.put_sanction(p_actor, p_act.person_id, p_act.room_id, 'mute', v_until, v_reason);
      perform rule.tell_muted(p_actor, p_act.person_id, p_act.room_id);
    when 'unban_member' then
      perform rule.put_sanction(p_actor, p_act.person_id, p_act.room_id, 'ban', v_until, v_reason);
      perform rule.drop_member(p_act.room_id, p_act.person_id, p_actor.id, 'banned');
    else
      perform rule.ban_user_as(p_actor, rule.person(p_act.person_id), v_until, v_reason, null) where v_until > now();
      perform rule.hide_up_to(p_actor, p_act.person_id, (p_act.detail->>'hidden_was')::bigint);
  end case;
end $$;

-- The end of {"until":…}; what the audit shows as the last moment of the year 9999 has none.
create function rule.until_of(p_facts jsonb) returns timestamptz
language sql stable as $$
  select case when p_facts->>'until' > '9999-12-31' then 'infinity' else (p_facts->>'until')::timestamptz end;
$$;

-- --- Members and rooms

-- Into the room again, with the role of then, unless a ban of before keeps the person out.
create function rule.put_member_back(p_actor data.person, p_act data.audit) returns void
language plpgsql volatile as $$
begin
  if p_act.detail->>'was' is not null and not rule.is_banned(p_act.person_id, p_act.room_id) then
    perform rule.add_member(p_act.room_id, p_act.person_id, rule.room_role_number(p_act.detail->>'was'), p_actor.id);
  end if;
end $$;

create function rule.change_room_back(p_actor data.person, p_room bigint, p_was jsonb) returns void
language plpgsql volatile as $$
begin
  update data.room set name = coalesce(p_was->>'name', name), topic = coalesce(p_was->>'topic', topic),
    slow_mode = coalesce((p_was->>'slow_mode')::int, slow_mode),
    message_days = case when p_was ? 'message_days' then (p_was->>'message_days')::int else message_days end,
    days_by_admin = coalesce((p_was->>'days_by_admin')::boolean, days_by_admin),
    archived_at = case when p_was ? 'archived' then case when (p_was->>'archived')::boolean then coalesce(archived_at, now()) end else archived_at end
  where id = p_room;
  perform rule.log_event('room.changed', 'room', p_room, p_room => p_room, p_actor => p_actor.id);
end $$;

-- --- Reports

-- Of a resolution: its reports are as it left them, and nobody has reported again. Of a rule's own report: nobody has decided yet.
create function rule.report_is_so(p_act data.audit) returns boolean
language sql stable as $$
  select case when p_act.action = 'resolve_report'
    then (select coalesce(bool_and(r.resolved_at = p_act.at), false)
                 and not exists (select from data.report again where again.message_id = p_act.message_id and again.resolved_at is null)
          from data.report r where id = any(rule.ids(p_act.detail->'reports')))
    else exists (select from data.report where id = (p_act.detail->>'report')::bigint and resolved_at is null) end;
$$;

-- Into the queue again. What a dismissal has shown of a held message is held again.
create function rule.open_again(p_actor data.person, p_report data.report) returns void
language plpgsql volatile as $$
declare
  v_report data.report;
begin
  update data.report set resolved_at = null, resolver_id = null, action = null where id = p_report.id returning * into v_report;
  if p_report.held and p_report.action = 'dismiss' and exists (select from data.message where id = p_report.message_id and deleted_at is null) then
    perform rule.put_out_of_sight(p_report.message_id);
    perform rule.log_event('message.edited', 'room', p_report.room_id, p_report.room_id, p_report.message_id);
  end if;
  perform rule.tell_handlers('report.opened', v_report, p_actor.id);
end $$;

-- Out of the queue, as if it was dismissed; what it held is shown.
create function rule.take_report_back(p_actor data.person, p_report data.report) returns void
language plpgsql volatile as $$
declare
  v_report data.report;
begin
  if p_report.held then
    perform rule.bring_back_from(p_report);
  end if;
  update data.report set resolved_at = now(), resolver_id = nullif(p_actor.id, 0), action = 'dismiss' where id = p_report.id returning * into v_report;
  perform rule.tell_handlers('report.resolved', v_report, p_actor.id);
end $$;

-- --- Rules, networks, settings

create function rule.rule_is_so(p_act data.audit) returns boolean
language sql stable as $$
  select case when p_act.action = 'delete_rule' then not exists (select from data.rule where id = (p_act.detail->>'rule')::bigint)
    else exists (select from data.rule r where id = (p_act.detail->>'rule')::bigint and rule.rule_facts(r) = p_act.detail - 'rule' - 'was') end;
$$;

-- A rule that was made is switched off, so that what it did can be undone, too.
create function rule.undo_rule(p_actor data.person, p_act data.audit) returns void
language plpgsql volatile as $$
declare
  v_id bigint := (p_act.detail->>'rule')::bigint;
  v_facts jsonb := case p_act.action when 'create_rule' then p_act.detail || '{"enabled": false}'
                                     when 'change_rule' then p_act.detail->'was' else p_act.detail end;
  v_rule data.rule := jsonb_populate_record(null::data.rule, v_facts - 'rule' - 'was');
begin
  insert into data.rule (id, name, kind, pattern, action, minutes, rooms, exempt, enabled, rank, actor_id) overriding system value
  values (v_id, v_rule.name, v_rule.kind, v_rule.pattern, v_rule.action, v_rule.minutes, v_rule.rooms, v_rule.exempt,
          v_rule.enabled, v_rule.rank, v_rule.actor_id)
  on conflict (id) do update set name = excluded.name, kind = excluded.kind, pattern = excluded.pattern, action = excluded.action,
    minutes = excluded.minutes, rooms = excluded.rooms, exempt = excluded.exempt, enabled = excluded.enabled, rank = excluded.rank
  returning * into v_rule;
  perform rule.store_lines(v_rule);
  perform rule.tell_rule(p_actor, v_id, v_rule.enabled);
end $$;

create function rule.network_ban_is_so(p_act data.audit) returns boolean
language sql stable as $$
  select case when p_act.action = 'create_network_ban'
    then exists (select from data.network_ban where id = (p_act.detail->>'network_ban')::bigint and at = p_act.at)
    else p_act.until > now() and not exists (select from data.network_ban where network = (p_act.detail->>'network')::cidr) end;
$$;

create function rule.undo_network_ban(p_actor data.person, p_act data.audit) returns void
language plpgsql volatile as $$
declare
  v_facts jsonb := case p_act.action when 'create_network_ban' then p_act.detail->'replaced' else p_act.detail end;
begin
  delete from data.network_ban where p_act.action = 'create_network_ban' and id = (p_act.detail->>'network_ban')::bigint;
  insert into data.network_ban (network, scope, until, reason, actor_id)
  select (v_facts->>'network')::cidr, v_facts->>'scope', (v_facts->>'until')::timestamptz, v_facts->>'reason', nullif(p_actor.id, 0)
  where (v_facts->>'until')::timestamptz > now();
  perform rule.tell_network((v_facts->>'network')::cidr) where found and v_facts->>'scope' = 'everything';
end $$;

-- Each setting is what was stored then (JSON null: the default).
create function rule.settings_are_so(p_detail jsonb) returns boolean
language sql stable as $$
  select bool_and(rule.stored_setting(key) = p_detail->key) from jsonb_object_keys(p_detail->'was') key;
$$;
