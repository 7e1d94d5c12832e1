-- One call by name, for the rarer functions: planned each time.
create function rule.call(p_function text, p_token text, p_args jsonb, out status int, out body json)
language plpgsql volatile as $$
declare
  v_function regprocedure := to_regprocedure(format('api.%I(text, jsonb)', p_function));
begin
  if v_function is null or not has_function_privilege(session_user, v_function, 'execute') then
    raise exception 'there is no function api.% for %', p_function, session_user;
  end if;
  execute format('select r.status, r.body from api.%I($1, $2) r', p_function) into status, body using p_token, p_args;
end $$;
