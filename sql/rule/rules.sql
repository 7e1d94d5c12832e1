-- Rules as moderators write them.

create function rule.show_rule(p_rule data.rule) returns json
language sql stable as $$
  select json_build_object('id', p_rule.id, 'name', p_rule.name, 'kind', p_rule.kind, 'pattern', p_rule.pattern, 'action', p_rule.action,
    'minutes', p_rule.minutes, 'rooms', p_rule.rooms, 'exempt', (array['member', 'moderator', 'admin', 'owner', 'nobody'])[p_rule.exempt],
    'enabled', p_rule.enabled, 'slow_at', rule.show_time(p_rule.slow_at), 'by', rule.show_name_of(p_rule.actor_id), 'at', rule.show_time(p_rule.at));
$$;

create function rule.existing_rule(p_id bigint) returns data.rule
language plpgsql stable as $$
declare
  v_rule data.rule;
begin
  select * into v_rule from data.rule where id = p_id;
  if not found then
    perform rule.not_found('rule');
  end if;
  return v_rule;
end $$;

-- What people say of a rule: for the audit, from which an undo takes it.
create function rule.rule_facts(p_rule data.rule) returns jsonb
language sql immutable as $$
  select jsonb_build_object('name', p_rule.name, 'kind', p_rule.kind, 'pattern', p_rule.pattern, 'action', p_rule.action, 'minutes', p_rule.minutes,
                            'rooms', p_rule.rooms, 'exempt', p_rule.exempt, 'enabled', p_rule.enabled, 'rank', p_rule.rank, 'actor_id', p_rule.actor_id);
$$;

-- The audit's row. p_was: the rule before a change.
create function rule.note_rule(p_actor data.person, p_action text, p_rule data.rule, p_was data.rule default null) returns void
language plpgsql volatile as $$
begin
  perform rule.note_audit(p_actor, p_action, p_reason => nullif(p_rule.name, ''), p_detail => jsonb_build_object('rule', p_rule.id) || rule.rule_facts(p_rule)
    || case when p_was.id is not null then jsonb_build_object('was', rule.rule_facts(p_was)) else '{}' end);
  perform rule.tell_rule(p_actor, p_rule.id, p_rule.enabled and p_action <> 'delete_rule');
end $$;

-- A word to the moderators' pages.
create function rule.tell_rule(p_actor data.person, p_rule bigint, p_enabled boolean) returns void
language sql volatile as $$
  select rule.log_event('rule.changed', 'rank', 2, p_actor => p_actor.id, p_detail => jsonb_build_object('id', p_rule, 'enabled', p_enabled));
$$;

create function rule.check_may_use_regex(p_actor data.person, p_kind text) returns void
language plpgsql stable as $$
begin
  if p_kind = 'regex' and p_actor.rank < 3 then
    perform rule.refuse(403, 'not_an_admin', 'Regular expressions are for admins. Words with a * go far, too.');
  end if;
end $$;

-- A rule belongs to whoever made it, and to those above. (One of a script, or of somebody who was erased, to those of its rank.)
create function rule.check_may_change_rule(p_actor data.person, p_rule data.rule) returns void
language plpgsql stable as $$
begin
  if p_actor.rank > p_rule.rank or p_actor.id = p_rule.actor_id
     or p_actor.rank = p_rule.rank and not exists (select from data.person where id = p_rule.actor_id and erased_at is null) then
    return;
  end if;
  perform rule.refuse(403, 'rank_too_low', 'Somebody of your own or a higher rank has made this rule.');
end $$;

-- Who is exempt stands at most as high as the rule; above owners is nobody, so that theirs may hold for all.
create function rule.check_exempt(p_rule data.rule) returns void
language plpgsql stable as $$
begin
  if p_rule.exempt > p_rule.rank and p_rule.rank < 4 then
    perform rule.refuse_invalid('exempt', format('at most %s: a rule judges nobody of the rank of who made it', rule.rank_name(p_rule.rank)));
  end if;
end $$;

create function rule.check_rooms(p_actor data.person, p_rooms bigint[]) returns void
language plpgsql stable as $$
begin
  if exists (select from unnest(p_rooms) as wanted where not exists (
       select from data.room r where r.id = wanted and (r.kind = 'channel' or (rule.membership(p_actor.id, r.id)).person_id is not null))) then
    perform rule.refuse_invalid('rooms', 'each must be a room that you may see');
  end if;
end $$;

-- A rule with what the arguments change of it, checked. p_rule: null for a new one. p_compiles: also whether a regular expression is one,
-- which may take a second: never under the log lock.
create function rule.rule_of(p_actor data.person, p_rule data.rule, p_args jsonb, p_compiles boolean default false) returns data.rule
language plpgsql stable as $$
declare
  v_rule data.rule := p_rule;
begin
  perform rule.check_moderates_server(p_actor);
  perform rule.check_may_use_regex(p_actor, v_rule.kind);
  v_rule.name := rule.clean_line(coalesce(p_args->>'name', v_rule.name, ''), 'name', 100);
  v_rule.kind := coalesce(p_args->>'kind', v_rule.kind);
  v_rule.action := coalesce(p_args->>'action', v_rule.action);
  v_rule.minutes := coalesce((p_args->>'minutes')::int, v_rule.minutes, 60);
  v_rule.rooms := case when p_args ? 'rooms' then nullif(rule.ids(p_args->'rooms'), '{}') else v_rule.rooms end;
  v_rule.exempt := coalesce(array_position(array['member', 'moderator', 'admin', 'owner', 'nobody'], p_args->>'exempt'), v_rule.exempt, 2);
  v_rule.enabled := coalesce((p_args->>'enabled')::boolean, v_rule.enabled, true);
  v_rule.rank := least(v_rule.rank, p_actor.rank);
  perform rule.check_may_use_regex(p_actor, v_rule.kind);
  perform rule.check_exempt(v_rule);
  perform rule.check_rooms(p_actor, v_rule.rooms) where p_args ? 'rooms';
  if p_args ?| '{kind,pattern}' then
    v_rule.pattern := rule.check_pattern(v_rule.kind, coalesce(p_args->>'pattern', v_rule.pattern, ''));
    if v_rule.kind = 'regex' and p_compiles then
      perform rule.check_expression(v_rule.pattern);
    end if;
  end if;
  return v_rule;
end $$;

create function rule.store_lines(p_rule data.rule) returns void
language sql volatile as $$
  delete from data.rule_line where rule_id = p_rule.id;
  insert into data.rule_line select * from rule.lines_of(p_rule);
$$;

-- Refuses a pattern that is empty, or not of its kind.
create function rule.check_pattern(p_kind text, p_pattern text) returns text
language plpgsql immutable as $$
declare
  v_lines text[] := rule.pattern_lines(p_pattern);
begin
  if v_lines = '{}' or cardinality(v_lines) > 500 then
    perform rule.refuse_invalid('pattern', 'one to 500 lines');
  elsif p_kind = 'links' and exists (select from unnest(v_lines) line where line <> '*' and line !~ '^[^\s/:@*]+\.[^\s/:@*]+$') then
    perform rule.refuse_invalid('pattern', 'domains, one a line, like example.com; or * for any link');
  elsif p_kind = 'words' and exists (select from unnest(v_lines) line where rule.without_invisible(line) !~ '[^*\s]') then
    perform rule.refuse_invalid('pattern', 'words, one a line; a * stands for any letters');
  end if;
  return p_pattern;
end $$;

-- Refuses what fits everything, or is no regular expression.
create function rule.check_expression(p_pattern text) returns void
language plpgsql immutable as $$
begin
  if '' ~* p_pattern then
    perform rule.refuse_invalid('pattern', 'this fits every text');
  end if;
exception when invalid_regular_expression then
  perform rule.refuse_invalid('pattern', 'this is not a regular expression');
end $$;

-- Whether it was posted before: then it is only shown once more.
create function rule.is_repeated(p_person bigint, p_args jsonb) returns boolean
language plpgsql stable as $$
begin
  return p_args->>'client_id' is not null and (rule.message_by_client_id(p_person, (p_args->>'client_id')::uuid)).id is not null;
end $$;

-- What a rule is tried on, the newest first: what is still there of the last 30 days, in the rooms that the actor may see.
create function rule.messages_to_try(p_actor data.person, p_rule data.rule) returns setof data.message
language sql stable as $$
  select m.* from data.message m
  join data.person author on author.id = m.person_id
  join data.room r on r.id = m.room_id
  where m.id >= (select rule.first_since('data.message', 'true', now() - interval '30 days')) and m.at > now() - interval '30 days'
    and m.text is not null and m.id > author.hidden_up_to and author.rank < p_rule.exempt
    and (p_rule.rooms is null or m.room_id = any(p_rule.rooms))
    and (r.kind = 'channel' or exists (select from data.member where person_id = p_actor.id and room_id = m.room_id))
  order by m.id desc;
$$;
