-- Every function that may be called from outside, and who may execute it; (…) is the API's shape: (token, args) → (status, body).
-- A new line here is to be looked at: what it does, and for whom.
select proname || '(' || replace(pg_get_function_identity_arguments(p.oid), 'p_token text, p_args jsonb, OUT status integer, OUT body json', '…') || ') '
       || case provolatile when 's' then 'reads' when 'v' then 'writes' else 'is immutable' end || ': '
       || coalesce((select string_agg(substr(rolname, 8), ' ' order by rolname) from pg_roles r
                    where rolname like 'parley\_%' and rolname <> 'parley_owner' and has_function_privilege(r.oid, p.oid, 'execute')), 'nobody')
from pg_proc p where pronamespace = 'api'::regnamespace order by proname collate "C";

-- None of them without a seal, and nothing of rule or data for anybody.
select oid::regprocedure from pg_proc where pronamespace = 'api'::regnamespace and not (prosecdef and 'search_path=data, rule, pg_temp' = any(proconfig));
select oid::regprocedure from pg_proc
where pronamespace in ('rule'::regnamespace, 'data'::regnamespace) and (prosecdef or has_function_privilege('public', oid, 'execute'));
select r.rolname, p.oid::regprocedure from pg_roles r, pg_proc p
where rolname like 'parley\_%' and rolname <> 'parley_owner'
  and pronamespace in ('rule'::regnamespace, 'data'::regnamespace) and has_function_privilege(r.oid, p.oid, 'execute');

-- plpgsql_check reads every body: wrong columns, wrong types, what cannot be reached.
create extension plpgsql_check schema public;
select p.oid::regprocedure, c.lineno, c.level, c.message
from pg_proc p join pg_language l on l.oid = p.prolang,
     public.plpgsql_check_function_tb(p.oid, fatal_errors => false, extra_warnings => false, performance_warnings => false) c
where l.lanname = 'plpgsql' and pronamespace in ('api'::regnamespace, 'rule'::regnamespace) and c.message <> 'target type is different type than source type'
order by p.proname, 2;
