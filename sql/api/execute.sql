-- The group commit: many calls, one transaction, each call in a subtransaction of its own with its own result.
-- p_calls: [{"function":"post_message","token":"…","args":{…}}, …], at most 64 (PostgreSQL's cache of subtransactions overflows beyond).
-- Plain posts of a batch are one statement (rule/posts.sql): a subtransaction each would be most of their cost.
-- Only functions of the API's shape that the calling role may execute itself.

create function api.execute(p_calls json) returns table (ord int, status int, body json, error text)
language plpgsql volatile security definer set search_path = data, rule, pg_temp as $$
declare
  v_call record;
  v_ords int[];                  -- the calls that were posted together
  v_bodies json[];
  v_title text;
  v_code text;
  v_more text;
begin
  perform rule.lock_log();       -- before the first subtransaction: a lock taken inside one that rolls back goes with it
  ord := 0;
  for v_call in select function, token, args from json_to_recordset(p_calls) as c(function text, token text, args json) loop
    ord := ord + 1;
    error := null;
    if v_call.function = 'post_message' and v_ords is null and position('@' in v_call.args->>'text') = 0 then  -- as post_together has it
      select coalesce(p.ords, '{}'), p.bodies into v_ords, v_bodies from rule.post_together(p_calls) p;
    end if;
    body := v_bodies[array_position(v_ords, ord)];
    status := 201;
    if body is null then
      begin
        if v_call.function = 'post_message' then
          select r.status, r.body into status, body from api.post_message(v_call.token, v_call.args::jsonb) r;
        else
          select r.status, r.body into status, body from rule.call(v_call.function, v_call.token, v_call.args::jsonb) r;
        end if;
      exception when others then
        get stacked diagnostics v_title = message_text, v_code = pg_exception_detail, v_more = pg_exception_hint;
        body := rule.problem(sqlstate, v_title, v_code, v_more);
        status := (body->>'status')::int;
        error := case when sqlstate not like 'CH%' then sqlstate || ' ' || v_title end;
      end;
    end if;
    return next;
  end loop;
end $$;
