-- The one ordered log: ids are given under a lock that is held until the commit, so they become visible in the order of the ids.

-- The log lock. A lock taken inside a subtransaction that rolls back goes with it: api.execute takes it before its first call,
-- a function that is called directly takes it itself.
create function rule.lock_log() returns void
language plpgsql volatile as $$
begin
  perform pg_advisory_xact_lock(7265108, 0);
end $$;

-- Four or five hex digits: what a number of the log means only in this very log.
create function rule.new_tag() returns text
language sql volatile as $$ select to_hex((random() * 1048575)::int); $$;

-- Appends an event and rings the doorbell; gives its id. The caller holds the log lock. p_id: an id that was already drawn from data.log_id.
create function rule.log_event(
  p_kind text, p_audience text, p_audience_id bigint,
  p_room bigint default null, p_message bigint default null, p_person bigint default null, p_actor bigint default null,
  p_detail jsonb default null, p_id bigint default nextval('data.log_id')
) returns bigint
language plpgsql volatile as $$
begin
  insert into data.event (id, tag, kind, audience, audience_id, room_id, message_id, person_id, actor_id, detail)
  values (p_id, rule.new_tag(), p_kind, p_audience, p_audience_id, p_room, p_message, p_person, case when p_actor > 0 then p_actor end, p_detail);
  notify parley_log;
  return p_id;
end $$;

create function rule.cursor_of(p_id bigint, p_tag text) returns text
language sql immutable as $$ select p_id || '.' || p_tag; $$;

-- The log head: the newest event. There is always one.
create function rule.log_head(out id bigint, out tag text)
language sql stable as $$ select e.id, e.tag from data.event e order by e.id desc limit 1; $$;

-- Who did what to whom, in the transaction that did it. An actor 0 is psql's login role, one below 0 the rule of that number.
create function rule.note_audit(
  p_actor data.person, p_action text, p_person bigint default null, p_room bigint default null, p_message bigint default null,
  p_until timestamptz default null, p_reason text default null, p_detail jsonb default null
) returns void
language sql volatile as $$
  insert into data.audit (actor_id, via, action, person_id, room_id, message_id, until, reason, detail)
  values (case when p_actor.id > 0 then p_actor.id end,
          case when p_actor.id = 0 then 'psql:' || session_user when p_actor.id < 0 then 'rule:' || -p_actor.id else 'web' end,
          p_action, p_person, p_room, p_message, p_until, p_reason, p_detail);
$$;
