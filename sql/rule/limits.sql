-- How much one person may do in a while, and all who come from one address, in one place. Posting is counted by parley-api in memory: a
-- row a post would be too much.

-- The limit is the setting limit_WHAT_per_hour or limit_WHAT_per_day.
create function rule.limit_of(p_what text, out most bigint, out per interval)
language plpgsql stable as $$
begin
  select rule.setting_number(key), case when key like '%per_day' then interval '1 day' else interval '1 hour' end into most, per
  from rule.setting_defaults() where key in ('limit_' || p_what || '_per_hour', 'limit_' || p_what || '_per_day');
end $$;

-- Uses up p_count of a limit, or refuses with 429 that says when to come back. p_args: where the program gives the client's address, which
-- has a limit, too. A server without limits (load tests) sets parley.limits to off.
create function rule.use_up(p_person bigint, p_what text, p_args jsonb default null, p_count int default 1) returns void
language plpgsql volatile as $$
declare
  v_limit record := rule.limit_of(p_what);
  v_used data.allowance;
begin
  if p_person = 0 or current_setting('parley.limits', true) = 'off' then
    return;
  end if;
  insert into data.allowance as a (person_id, what, used) values (p_person, p_what, p_count)
  on conflict (person_id, what) do update
    set since = case when a.since < now() - v_limit.per then now() else a.since end,
        used = case when a.since < now() - v_limit.per then p_count else a.used + p_count end
  returning * into v_used;
  if v_used.used > v_limit.most then
    perform rule.slow_down(extract(epoch from v_used.since + v_limit.per - now()), format('That was a lot of %s. Wait a while before the next.', p_what));
  end if;
  perform rule.use_up_of_network(p_args, p_what, p_count, v_limit.most, v_limit.per);
end $$;

-- Refuses with 429 when nothing of a limit is left, and uses up nothing: to be asked before much is done.
create function rule.check_left(p_person bigint, p_what text) returns void
language plpgsql stable as $$
declare
  v_limit record := rule.limit_of(p_what);
  v_since timestamptz;
begin
  if current_setting('parley.limits', true) = 'off' then
    return;
  end if;
  select since into v_since from data.allowance
  where person_id = p_person and what = p_what and since >= now() - v_limit.per and used >= v_limit.most;
  if found or v_limit.most = 0 then
    perform rule.slow_down(extract(epoch from coalesce(v_since, now()) + v_limit.per - now()), format('That was a lot of %s. Wait a while before the next.', p_what));
  end if;
end $$;

-- The reactions of one person on one message. Waiting does not help, so it is no 429.
create function rule.check_reactions(p_person bigint, p_message bigint, p_emoji text) returns void
language plpgsql stable as $$
declare
  v_most bigint := rule.setting_number('limit_reactions_per_message');
begin
  if current_setting('parley.limits', true) = 'off' then
    return;
  elsif (select count(*) from data.reaction where message_id = p_message and person_id = p_person and emoji <> p_emoji) >= v_most then
    perform rule.refuse(409, 'too_many_reactions', case when v_most = 0 then 'Reactions are off on this server.'
      else format('You have put %s reactions on this message already. Take one away first.', v_most) end);
  end if;
end $$;

-- The part of an ascending list of ids that ?before, ?after, ?around and ?limit ask for. p_most: the newest so many when nothing of these is said (null: all).
create function rule.page_of(p_ids bigint[], p_args jsonb, p_most int default 50, out ids bigint[], out more_before boolean, out more_after boolean)
language plpgsql immutable as $$
declare
  v_limit int := coalesce((p_args->>'limit')::int, case when p_args ?| '{before,after,around}' then 50 else p_most end);
  v_around bigint := (p_args->>'around')::bigint;
  v_before bigint := coalesce((p_args->>'before')::bigint, 9223372036854775807);
  v_after bigint := coalesce((p_args->>'after')::bigint, 0);
begin
  if v_around is not null then
    v_after := coalesce((select min(id) from (select id from unnest(p_ids) id where id < v_around order by id desc limit v_limit / 2) m), v_around) - 1;
  end if;
  if v_around is not null or p_args ? 'after' then
    ids := array(select id from unnest(p_ids) id where id > v_after and id < v_before order by id limit v_limit);
  else
    ids := array(select id from (select id from unnest(p_ids) id where id < v_before order by id desc limit v_limit) m order by id);
  end if;
  more_before := exists (select from unnest(p_ids) id where id < coalesce(ids[1], v_before));
  more_after := exists (select from unnest(p_ids) id where id > coalesce(ids[cardinality(ids)], v_after));
end $$;
