-- The audit as it is read: which rows, by whom, and how one is shown. They are written by rule.note_audit.

create function rule.check_may_read_audit(p_actor data.person, p_room bigint) returns void
language plpgsql stable as $$
begin
  if p_room is null then
    perform rule.check_moderates_server(p_actor);
  end if;
  perform rule.check_moderates(p_actor, rule.visible_room(p_actor, p_room));
end $$;

-- The ids of as many rows as a page may need on either side of where it begins, so that a long audit is not read through.
create function rule.audit_around(p_args jsonb) returns bigint[]
language plpgsql stable as $$
declare
  v_limit int := coalesce((p_args->>'limit')::int, 50) + 1;
  v_from bigint := rule.first_audit_since((p_args->>'since')::timestamptz);
  v_pivot bigint := coalesce((p_args->>'around')::bigint, (p_args->>'after')::bigint + 1, (p_args->>'before')::bigint, 9223372036854775807);
begin
  return array(
    (select id from data.audit a where id >= v_from and id < v_pivot and rule.audit_fits(a, p_args) order by id desc limit v_limit)
    union all
    (select id from data.audit a where id >= greatest(v_from, v_pivot) and rule.audit_fits(a, p_args) order by id limit v_limit)
    order by id);
end $$;

create function rule.audit_fits(p_row data.audit, p_args jsonb) returns boolean
language sql stable as $$
  select (p_args->>'user' is null or p_row.person_id = (p_args->>'user')::bigint)
     and (p_args->>'actor' is null or p_row.actor_id = (p_args->>'actor')::bigint)
     and (p_args->>'room' is null or p_row.room_id = (p_args->>'room')::bigint)
     and (p_args->>'action' is null or p_row.action = p_args->>'action')
     and (p_args->>'since' is null or p_row.at >= (p_args->>'since')::timestamptz);
$$;

create function rule.show_audit(p_row data.audit) returns json
language sql stable as $$
  select json_build_object('id', p_row.id, 'at', rule.show_time(p_row.at), 'actor', rule.show_name_of(p_row.actor_id), 'via', p_row.via,
    'action', p_row.action, 'user', rule.show_name_of(p_row.person_id), 'room_id', p_row.room_id, 'message_id', p_row.message_id,
    'until', rule.show_time(p_row.until), 'reason', p_row.reason, 'detail', p_row.detail);
$$;
