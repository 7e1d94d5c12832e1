-- How a rule says no: SQLSTATE CH + the HTTP status, the title as message, the code as detail, more members of the problem as hint.

create function rule.refuse(p_status int, p_code text, p_title text, p_more jsonb default null) returns void
language plpgsql volatile as $$
begin
  if p_more is null then
    raise exception using errcode = 'CH' || p_status, message = p_title, detail = p_code;
  end if;
  raise exception using errcode = 'CH' || p_status, message = p_title, detail = p_code, hint = p_more::text;
end $$;

create function rule.refuse_invalid(p_field text, p_why text) returns void
language sql volatile as $$
  select rule.refuse(422, 'invalid', format('%s: %s.', upper(left(p_field, 1)) || replace(substr(p_field, 2), '_', ' '), p_why),
                     jsonb_build_object('fields', jsonb_build_object(p_field, p_why)));
$$;

create function rule.not_found(p_what text) returns void
language sql volatile as $$
  select rule.refuse(404, 'not_found', format('There is no such %s, or it is not for you to see.', p_what));
$$;

create function rule.slow_down(p_seconds numeric, p_title text) returns void
language sql volatile as $$
  select rule.refuse(429, 'slow_down', p_title, jsonb_build_object('retry_after', greatest(1, ceil(p_seconds))));
$$;

-- The problem document of an error that was caught; also what is not a refusal gets one, with no word of the cause. By the same
-- table as in fcgi/db/outcome.c, which has those of a question that was refused as a whole.
create function rule.problem(p_sqlstate text, p_title text, p_code text, p_more text) returns json
language plpgsql immutable as $$
begin
  if p_sqlstate like 'CH%' then
    return (jsonb_build_object('status', substr(p_sqlstate, 3)::int, 'code', p_code, 'title', p_title)
            || coalesce(nullif(p_more, '')::jsonb, '{}'))::json;
  elsif p_sqlstate ~ '^(57014|55P03|25006|57P|08|53|40)' then
    return json_build_object('status', 503, 'code', 'unavailable', 'title', 'The server cannot do this right now. Try again in a moment.', 'retry_after', 2);
  elsif p_sqlstate in ('22021', '22P05', '22P02', '22003', '22007', '22008') then
    return json_build_object('status', 422, 'code', 'invalid', 'title', 'Some of what this request says cannot be stored.', 'fields', '{}'::json);
  end if;
  return json_build_object('status', 500, 'code', 'internal', 'title', 'Something went wrong on the server. It was logged.');
end $$;
