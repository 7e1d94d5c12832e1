-- Who is here. A person is online while one of their sessions with a stream is active, idle while all of these are idle.
-- Hubs are known by a lease: a session-level advisory lock (7265109, number) on their LISTEN connection. Whose lock is free is dead.

create function rule.is_online(p_person bigint) returns boolean
language plpgsql stable as $$
begin
  return exists (select from data.presence where person_id = p_person and hub <> 0);
end $$;

-- One writer of presence at a time: what changed for a person is the difference of before and after.
create function rule.lock_presence() returns void
language sql volatile as $$ select pg_advisory_xact_lock(7265108, 2); $$;

-- Who is what: set-wise, because thousands come at once after a restart.
create function rule.presence_of_all(p_persons bigint[]) returns table (person_id bigint, state text)
language sql stable as $$
  select wanted.person_id, coalesce(here.state, 'offline')
  from (select distinct unnest(p_persons) as person_id) wanted
  left join (select p.person_id, case when bool_or(not p.idle) then 'online' else 'idle' end as state
             from data.presence p where p.person_id = any(p_persons) and p.hub <> 0 group by p.person_id) here using (person_id);
$$;

create function rule.presence_of(p_person bigint) returns text
language sql stable as $$ select state from rule.presence_of_all(array[p_person]); $$;

-- {"7":"online","9":"idle"}: to compare later.
create function rule.note_presence(p_persons bigint[]) returns jsonb
language sql volatile as $$
  select coalesce(jsonb_object_agg(person_id, state), '{}') from rule.presence_of_all(p_persons);
$$;

-- Tells the hubs who changed since p_before, in notifications that stay under the 8000 bytes of one.
create function rule.tell_presence(p_before jsonb) returns void
language sql volatile as $$
  with changed as (
    select now_is.person_id as id, now_is.state, row_number() over () / 400 as part
    from rule.presence_of_all(array(select key::bigint from jsonb_object_keys(p_before) key)) now_is
    join jsonb_each_text(p_before) was on was.key = now_is.person_id::text
    where now_is.state <> was.value
  ), said as (
    select part, json_build_object('type', 'presence',
             'online', coalesce(json_agg(id) filter (where state = 'online'), '[]'),
             'idle', coalesce(json_agg(id) filter (where state = 'idle'), '[]'),
             'offline', coalesce(json_agg(id) filter (where state = 'offline'), '[]'))::text as payload
    from changed group by part
  )
  select pg_notify('parley_now', payload) from said;
$$;

-- Of sessions that have ended: their hubs will say the same in a moment, but until then nobody is to see who was banned as online. The
-- presence lock after the log lock, never the other way round.
create function rule.end_presence(p_person bigint, p_sessions bigint[]) returns void
language plpgsql volatile as $$
declare
  v_before jsonb;
begin
  if not exists (select from data.presence where session_id = any(p_sessions)) then
    return;
  end if;
  perform rule.lock_presence();
  v_before := rule.note_presence(array[p_person]);
  delete from data.presence where session_id = any(p_sessions);
  perform rule.tell_presence(v_before);
end $$;

create function rule.hub_is_alive(p_hub int) returns boolean
language sql volatile as $$
  select exists (select from pg_locks
                 where locktype = 'advisory' and classid = 7265109 and objid = p_hub::oid and objsubid = 2
                   and database = (select oid from pg_database where datname = current_database()));
$$;
