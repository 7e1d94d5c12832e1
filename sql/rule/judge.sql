-- What is written is judged before it is posted: rules, newcomers, floods. All of it is read in a call of its own, outside the log
-- lock and with a time-out of its own (api.judge), so that no pattern ever holds up a post of somebody else.

-- Whether there is anything to judge by: parley-api asks at most once a second, and judges nothing while this is false.
create function rule.judges() returns boolean
language plpgsql stable as $$
begin
  return exists (select from data.rule where enabled) or rule.is_raid()
      or exists (select from data.setting where key like 'flood\_%' and value <> '0' or key in ('newcomer_hours', 'newcomer_messages') and value <> '0');
end $$;

-- Newcomers: guests and members whose account is young, or who have written little. In a raid without a setting: of less than a day.
create function rule.is_newcomer(p_person data.person) returns boolean
language plpgsql stable as $$
declare
  v_hours bigint := rule.setting_number('newcomer_hours');
  v_messages bigint := rule.setting_number('newcomer_messages');
begin
  if p_person.rank >= 2 or p_person.id = 0 then
    return false;
  elsif v_hours = 0 and v_messages = 0 and rule.is_raid() then
    v_hours := 24;
  end if;
  return p_person.created_at > now() - make_interval(hours => v_hours::int)
      or (select count(*) from (select from data.message where person_id = p_person.id limit v_messages) m) < v_messages;
end $$;

create function rule.refuse_newcomer(p_what text) returns void
language sql volatile as $$
  select rule.refuse(403, 'newcomer', format('You are new here: you cannot %s yet.', p_what));
$$;

-- Newcomers may not write to people directly, nor add them to rooms: in a raid, or by a setting.
create function rule.check_may_write_directly(p_actor data.person) returns void
language plpgsql stable as $$
begin
  if (rule.is_raid() or not rule.setting_is_on('newcomer_directs')) and rule.is_newcomer(p_actor) then
    perform rule.refuse_newcomer('write to people directly or add them to rooms');
  end if;
end $$;

create function rule.check_may_send_images(p_actor data.person) returns void
language plpgsql stable as $$
begin
  if not rule.setting_is_on('newcomer_images') and rule.is_newcomer(p_actor) then
    perform rule.refuse_newcomer('send images');
  end if;
end $$;

-- What a newcomer may not post yet.
create function rule.check_newcomer(p_actor data.person, p_room data.room, p_text text, p_has_images boolean) returns void
language plpgsql stable as $$
begin
  if not rule.is_newcomer(p_actor) then
    return;
  elsif p_room.kind = 'direct' then
    perform rule.check_may_write_directly(p_actor);
  end if;
  if p_has_images then
    perform rule.check_may_send_images(p_actor);
  end if;
  if not rule.setting_is_on('newcomer_links') and rule.has_link(rule.forms(rule.link_text(p_text))) then
    perform rule.refuse_newcomer('post links');
  elsif not rule.setting_is_on('newcomer_all') and 0 = any(rule.find_mentions(p_room.id, p_actor, p_text)) then
    perform rule.refuse_newcomer('mention all');
  end if;
end $$;

-- The last messages of a person in each of their rooms, of the last p_time.
create function rule.recent_messages(p_person bigint, p_time interval) returns setof data.message
language sql stable as $$
  select t.* from data.member m
  cross join lateral (select * from data.message where person_id = p_person and room_id = m.room_id order by id desc limit 20) t
  where m.person_id = p_person and t.at > now() - p_time;
$$;

-- Too many people at once, or too many rooms (not by an edit). Moderators of the server are trusted.
create function rule.check_flood(p_actor data.person, p_room bigint, p_text text, p_is_edit boolean) returns void
language plpgsql stable as $$
declare
  v_mentions bigint := rule.setting_number('flood_mentions');
  v_rooms bigint := rule.setting_number('flood_rooms_per_minute');
begin
  if p_actor.rank >= 2 then
    return;
  elsif v_mentions > 0 and cardinality(array_remove(rule.find_mentions(p_room, p_actor, p_text), 0)) > v_mentions then
    perform rule.refuse(403, 'too_many_mentions', format('At most %s people can be mentioned in a message.', v_mentions));
  elsif v_rooms > 0 and not p_is_edit
    and (select count(distinct room_id) from rule.recent_messages(p_actor.id, '1 minute') m where m.room_id <> p_room) >= v_rooms then
    perform rule.slow_down(60, 'You are writing in many rooms at once. Wait a minute.');
  end if;
end $$;

-- By what the same text is known again, however it is spaced, spelt and punctuated: the program gives it to the call itself, which counts it
-- under the lock. Null when that is of no interest. p_forms: rule.forms(p_text), where somebody has them already.
create function rule.sameness(p_actor data.person, p_text text, p_forms text[]) returns text
language plpgsql stable as $$
declare
  v_form text;
begin
  if rule.setting_number('flood_same_text') = 0 or p_actor.rank >= 2 or p_text ~ '^\s*$' then
    return null;
  end if;
  v_form := (coalesce(p_forms, rule.forms(p_text)))[3];
  return md5(coalesce(nullif(regexp_replace(v_form, '[^[:alnum:]]+', '', 'g'), ''), v_form));
end $$;

-- Counts it with the message, under `same:PERSON HASH` in data.attempt (for ten minutes, rule.retire_attempts): one that is removed
-- or edited afterwards stays counted, one that is refused is not. p_args: of a post or an edit; few of them have a `same`.
create function rule.use_up_same(p_actor data.person, p_args jsonb) returns void
language plpgsql volatile as $$
declare
  v_most bigint;
begin
  if not p_args ? 'same' then
    return;
  end if;
  v_most := rule.setting_number('flood_same_text');
  if v_most > 0 and (rule.count_up(format('same:%s %s', p_actor.id, p_args->>'same'), 1, '10 minutes')).used > v_most then
    perform rule.slow_down(60, 'You have written just this several times already.');
  end if;
end $$;

-- The rules that count for this person in this room, the sternest first. A mute and a hiding are acts upon people, so they are for who
-- stands below the rule. In direct rooms only refusals, and in groups of others than its maker's: no rule shows to moderators what is said
-- where they are not.
create function rule.rules_for(p_actor data.person, p_room data.room) returns setof data.rule
language sql stable as $$
  select * from data.rule r
  where r.enabled and p_actor.rank < r.exempt and (r.rooms is null or p_room.id = any(r.rooms))
    and (r.action not in ('mute', 'hide') or p_actor.rank < r.rank)
    and (r.action = 'refuse' or p_room.kind = 'channel' or p_room.kind = 'group' and (rule.membership(r.actor_id, p_room.id)).person_id is not null)
  order by array_position(array['refuse', 'mute', 'hide', 'report'], r.action), r.id;
$$;

-- Whether a text fits a regular expression. Null when that takes the time of the statement, more than half of it by itself, or when it is none
-- (any more).
create function rule.try_expression(p_expression text, p_text text, p_forms text[]) returns boolean
language plpgsql stable as $$
declare
  v_start timestamptz := clock_timestamp();
begin
  return rule.fits_expression(p_expression, p_text, p_forms);
exception
  when query_canceled then
    if clock_timestamp() - v_start < (clock_timestamp() - statement_timestamp()) / 2 then
      raise;
    end if;
    return null;
  when invalid_regular_expression then
    return null;
end $$;

-- The sternest rule that a text fits, and the forms of the text, where there are rules to compare it with. Words and links are looked up, all
-- rules' at once; a regular expression is tried by itself, and the first that fails at it is `slow`: whoever asked asks again, and has it
-- switched off when it was no accident.
create function rule.apply_rules(p_actor data.person, p_room data.room, p_text text, out rule bigint, out action text, out slow bigint, out forms text[])
language plpgsql stable as $$
declare
  v_found bigint[];
  v_rule data.rule;
  v_fits boolean;
begin
  for v_rule in select * from rule.rules_for(p_actor, p_room) loop
    if forms is null then
      forms := rule.forms(p_text);
      v_found := rule.found_in(p_text, forms);
    end if;
    v_fits := case v_rule.kind when 'regex' then rule.try_expression(v_rule.pattern, p_text, forms) else v_rule.id = any(v_found) end;
    if v_fits is null then
      slow := v_rule.id;
      return;
    elsif v_fits then
      rule := v_rule.id;
      action := v_rule.action;
      return;
    end if;
  end loop;
end $$;

create function rule.refuse_by_rule() returns void
language sql volatile as $$ select rule.refuse(403, 'against_the_rules', 'A rule of this server does not allow this text.'); $$;

-- What a room or a person is to be called, or says of itself: a refusal counts, of the rules for everywhere and for this room. Gives the rule
-- that was too slow.
create function rule.judge_label(p_actor data.person, p_room bigint, p_text text) returns bigint
language plpgsql stable as $$
declare
  v_room data.room;
  v_found record;
begin
  select * into v_room from data.room where id = p_room;
  v_found := rule.apply_rules(p_actor, v_room, p_text);
  if v_found.action = 'refuse' then
    perform rule.refuse_by_rule();
  end if;
  return v_found.slow;
end $$;

-- What the images of a post will be said to show (rule.claim_images): by the post itself, p_args.alts {"12":"a cat asleep"}, else with the upload.
create function rule.alts_text(p_person bigint, p_args jsonb) returns text
language sql stable as $$
  select string_agg(coalesce(p_args->'alts'->>id::text, (select alt from data.image where data.image.id = named.id and person_id = p_person)), E'\n')
  from unnest(rule.ids(p_args->'images')) as named(id);
$$;

-- A rule as the one who acts: of no rank that anybody has, and minus its number as id.
create function rule.actor_of_rule(p_rule bigint) returns data.person
language plpgsql immutable as $$
declare
  v_person data.person;
begin
  v_person.id := -p_rule;
  v_person.name := 'rule';
  v_person.rank := 5;
  return v_person;
end $$;

-- A report by a rule. Held: its message is a tombstone from the beginning, and the copy holds what it was.
create function rule.report_by_rule(p_rule bigint, p_message data.message, p_held boolean) returns void
language plpgsql volatile as $$
declare
  v_report data.report;
begin
  insert into data.report (message_id, room_id, author_id, rule_id, reason, copy, held)
  values (p_message.id, p_message.room_id, p_message.person_id, p_rule, coalesce((select name from data.rule where id = p_rule), ''),
          rule.copy_message(p_message) || jsonb_build_object('mentions', p_message.mentions, 'image_ids', p_message.images), p_held)
  returning * into v_report;
  perform rule.tell_handlers('report.opened', v_report, null);
  perform rule.note_audit(rule.actor_of_rule(p_rule), case when p_held then 'hold_message' else 'report_message' end, p_message.person_id,
                          p_message.room_id, p_message.id, p_reason => nullif(v_report.reason, ''), p_detail => jsonb_build_object('report', v_report.id));
end $$;

-- Takes a message out of sight until somebody has looked at it: its images stay, and so do reactions and pin of one that was edited.
create function rule.put_out_of_sight(p_message bigint) returns data.message
language plpgsql volatile as $$
declare
  v_message data.message;
begin
  delete from data.mention where message_id = p_message;
  perform rule.forget_search(p_message, false);
  update data.message set text = null, mentions = '{}', images = '{}', deleted_at = date_trunc('milliseconds', clock_timestamp()), deleted_by = 'moderator'
  where id = p_message returning * into v_message;
  return v_message;
end $$;

create function rule.hold_message(p_rule bigint, p_message data.message) returns data.message
language plpgsql volatile as $$
begin
  perform rule.report_by_rule(p_rule, p_message, true);
  return rule.put_out_of_sight(p_message.id);
end $$;

-- Twenty that wait to be looked at say enough of one person: more would only bury those of others.
create function rule.has_reported_enough(p_rule bigint, p_author bigint) returns boolean
language sql stable as $$
  select count(*) >= 20 from (select from data.report where author_id = p_author and rule_id = p_rule and resolved_at is null limit 20) r;
$$;

-- What a rule does to a message that was posted or edited: gives the message as it is then.
create function rule.carry_out(p_rule bigint, p_message data.message) returns data.message
language plpgsql volatile as $$
declare
  v_action text := (select action from data.rule where id = p_rule and enabled);
begin
  if v_action = 'hide' then
    return rule.hold_message(p_rule, p_message);
  elsif v_action = 'report' and not rule.has_reported_enough(p_rule, p_message.person_id) then
    perform rule.report_by_rule(p_rule, p_message, false);
  end if;
  return p_message;
end $$;

-- Mutes by a rule, instead of posting: the refusal, or null when the rule mutes nobody any more. It is an answer and nothing that is
-- raised, because the mute must stay.
create function rule.mute_by_rule(p_rule bigint, p_person data.person, p_room bigint) returns json
language plpgsql volatile as $$
declare
  v_rule data.rule;
  v_actor data.person := rule.actor_of_rule(p_rule);
  v_until timestamptz;
begin
  select * into v_rule from data.rule where id = p_rule and enabled and action = 'mute' and rank > p_person.rank;
  if not found or rule.muted_until(p_person.id, p_room) is not null then
    return null;
  end if;
  v_until := date_trunc('milliseconds', now() + make_interval(mins => v_rule.minutes));
  perform rule.put_sanction(v_actor, p_person.id, p_room, 'mute', v_until, v_rule.name);
  perform rule.tell_muted(v_actor, p_person.id, p_room);
  perform rule.note_audit(v_actor, 'mute_member', p_person.id, p_room, p_until => v_until, p_reason => v_rule.name);
  return json_build_object('status', 403, 'code', 'muted',
                           'title', format('A rule of this server has muted you in this room until %s.', rule.show_time(v_until)),
                           'muted_until', rule.show_time(v_until));
end $$;
