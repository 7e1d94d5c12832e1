-- The steps run once, the functions are rebuilt, the data stays; what fails leaves nothing behind.
select come('ana');
select say('ana', 1, 'still here');
select come('root', 4) \g /dev/null
select ask('root', 'create_rule', jsonb_build_object('kind', kind, 'pattern', pattern, 'action', 'refuse'), '$.rule.id') from (values ('words', E'spam\nbad* wo*rds\n中文'), ('links', E'evil.example\nbücher.example'), ('words', 'folded')) as t(kind, pattern);
-- One was written when words were folded otherwise.
update data.rule_line set anchor = '=once' where rule_id = 3;
create table public.before as
  select 'step' as kind, name, done_at::text as what from data.step
  union all select 'table', relname, oid || ' ' || relfilenode from pg_class where relnamespace = 'data'::regnamespace
  union all select 'function', oid::regprocedure::text, md5(pg_get_functiondef(oid)) || coalesce(proacl::text, '') from pg_proc where pronamespace in ('rule'::regnamespace, 'api'::regnamespace)
  union all select 'event', id::text, tag from data.event
  union all select 'room', id::text, name from data.room
  union all select 'line', ctid::text, xmin::text from data.rule_line where rule_id < 3;
create view public.now as
  select 'step' as kind, name, done_at::text as what from data.step
  union all select 'table', relname, oid || ' ' || relfilenode from pg_class where relnamespace = 'data'::regnamespace
  union all select 'function', oid::regprocedure::text, md5(pg_get_functiondef(oid)) || coalesce(proacl::text, '') from pg_proc where pronamespace in ('rule'::regnamespace, 'api'::regnamespace)
  union all select 'event', id::text, tag from data.event
  union all select 'room', id::text, name from data.room
  union all select 'line', ctid::text, xmin::text from data.rule_line where rule_id < 3;

\! psql -X -v ON_ERROR_STOP=1 -f "$PARLEY_ROOT"/sql/deploy.sql; echo "status $?"
table public.before except table public.now;
table public.now except table public.before;
select ask('ana', 'get_room', '{"room": 1}', '$.room.last_n'), (select string_agg(distinct anchor, ' ') from data.rule_line where rule_id = 3);

-- Every step of the folder is in the manifest.
\! cd "$PARLEY_ROOT"/sql && for step in steps/*.sql; do grep -q "^.set step $(basename $step .sql)$" deploy.sql || echo "$step is missing"; done
\! cd "$PARLEY_ROOT"/sql && for file in rule/*.sql api/*.sql; do grep -q "^.ir $file$" deploy.sql || echo "$file is missing"; done

-- A step that fails half-way, a function with a mistake, and one without its seal: all of the deploy is undone.
\set dir `mktemp -d`
\setenv DIR :dir
\! cp -r "$PARLEY_ROOT"/sql "$DIR" && cd "$DIR"/sql && sed -i 's/^\(set local search_path\)/\\set step 9999_broken\n\\ir step.sql\n\1/' deploy.sql
\! cd "$DIR"/sql && echo 'create table data.half (id int); create table data.event (id int);' >steps/9999_broken.sql
\! psql -X -v ON_ERROR_STOP=1 -f "$DIR"/sql/deploy.sql 2>&1 | sed 's/^psql.*: ERROR/ERROR/'
\! cd "$DIR"/sql && : >steps/9999_broken.sql && echo 'create function api.broken() returns int language sql as $$ select nothing; $$;' >>api/hello.sql
\! psql -X -v ON_ERROR_STOP=1 -f "$DIR"/sql/deploy.sql 2>&1 | sed 's/^psql.*: ERROR/ERROR/'
\! cd "$DIR"/sql && sed -i 's/select nothing/select 1/' api/hello.sql
\! psql -X -v ON_ERROR_STOP=1 -f "$DIR"/sql/deploy.sql 2>&1 | sed 's/^psql.*: ERROR/ERROR/' | head -n 1
table public.now except table public.before;
table public.before except table public.now;

-- Mended, the same step runs, and is noted.
\! cd "$DIR"/sql && cp "$PARLEY_ROOT"/sql/api/hello.sql api/ && echo 'create table data.whole (id int);' >steps/9999_broken.sql
\! psql -X -v ON_ERROR_STOP=1 -f "$DIR"/sql/deploy.sql 2>&1; rm -r "$DIR"
select kind, name from public.now except select kind, name from public.before order by 1;

-- A version that does not know a step of this database leaves everything as it is.
\! psql -X -v ON_ERROR_STOP=1 -f "$PARLEY_ROOT"/sql/deploy.sql 2>&1 | sed 's/^psql.*: ERROR/ERROR/' | head -n 1
select kind, name from public.now except select kind, name from public.before order by 1;
