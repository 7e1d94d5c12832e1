-- The last word of a deploy: it fails when something is not sealed.
do $$
declare
  v_wrong text;
begin
  select string_agg(rolname, ', ') into v_wrong from pg_roles
  where rolname like 'parley\_%' and rolname <> 'parley_owner'
    and (rolsuper or rolcreaterole or rolcreatedb or rolbypassrls or pg_has_role(oid, 'parley_owner', 'member'));
  assert v_wrong is null, 'a login role that is more than one: ' || v_wrong;

  select string_agg(oid::regprocedure::text, ', ') into v_wrong from pg_proc
  where pronamespace = 'api'::regnamespace and not (prosecdef and coalesce(proconfig, '{}') @> array['search_path=data, rule, pg_temp']);
  assert v_wrong is null, 'not security definer with a search_path: ' || v_wrong;

  select string_agg(oid::regprocedure::text, ', ') into v_wrong from pg_proc
  where pronamespace in ('api'::regnamespace, 'rule'::regnamespace, 'data'::regnamespace) and has_function_privilege('public', oid, 'execute');
  assert v_wrong is null, 'executable by everybody: ' || v_wrong;

  select string_agg(oid::regprocedure::text, ', ') into v_wrong from pg_proc
  where pronamespace = 'rule'::regnamespace
    and (prosecdef or exists (select from pg_roles r where rolname like 'parley\_%' and rolname <> 'parley_owner' and has_function_privilege(r.oid, pg_proc.oid, 'execute')));
  assert v_wrong is null, 'private functions that are not private: ' || v_wrong;

  -- What is in force, whoever granted it: to PUBLIC and to single columns too. pg_dump's role may read, and nothing else.
  select string_agg(format('%s on %s', r.rolname, c.oid::regclass), ', ') into v_wrong
  from pg_roles r
  join pg_class c on c.relnamespace = 'data'::regnamespace and c.relkind in ('r', 'p', 'v', 'm', 'S')
  cross join lateral (select r.rolname = 'parley_backup' as reads) backup
  where r.rolname like 'parley\_%' and r.rolname <> 'parley_owner'
    and case
      when c.relkind = 'S' then has_sequence_privilege(r.oid, c.oid, case when reads then 'usage, update' else 'usage, select, update' end)
      else has_table_privilege(r.oid, c.oid, case when reads then 'insert, update, delete, truncate' else 'select, insert, update, delete, truncate, references, trigger' end)
        or has_any_column_privilege(r.oid, c.oid, case when reads then 'insert, update' else 'select, insert, update, references' end)
    end;
  assert v_wrong is null, 'a login role has a right on a table: ' || v_wrong;

  select string_agg(format('%s on %s', r.rolname, s.name), ', ') into v_wrong
  from pg_roles r cross join unnest(array['data', 'rule', 'api']) as s(name)
  where r.rolname like 'parley\_%' and r.rolname <> 'parley_owner'
    and (has_schema_privilege(r.oid, s.name, 'create') or s.name <> 'api' and r.rolname <> 'parley_backup' and has_schema_privilege(r.oid, s.name, 'usage'));
  assert v_wrong is null, 'a login role has a right on a schema: ' || v_wrong;

  select string_agg(oid::regclass::text, ', ') into v_wrong from pg_class
  where relnamespace in ('api'::regnamespace, 'rule'::regnamespace) and relkind in ('v', 'm', 'r');
  assert v_wrong is null, 'a table or a view outside of data: ' || v_wrong;

  select string_agg(format('%s (%s)', c.conrelid::regclass, c.conname), ', ') into v_wrong
  from pg_constraint c
  where c.contype = 'f' and c.connamespace = 'data'::regnamespace
    and not exists (select from pg_index i where i.indrelid = c.conrelid and i.indkey[0] = c.conkey[1]);
  assert v_wrong is null, 'a foreign key without an index: ' || v_wrong;
end $$;
