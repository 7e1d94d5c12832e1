-- The login roles execute what they are granted; of tables, sequences and schemas they have nothing.
select come('ana') \g /dev/null
create table public.roles as select rolname as name from pg_roles where rolname like 'parley\_%' and rolname <> 'parley_owner';
select r.name, c.relname from public.roles r, pg_class c
where c.relnamespace in ('data'::regnamespace, 'rule'::regnamespace, 'api'::regnamespace) and c.relkind in ('r', 'v', 'm', 'p') and r.name <> 'parley_backup'
  and (has_table_privilege(r.name, c.oid, 'select, insert, update, delete, truncate, references, trigger') or has_any_column_privilege(r.name, c.oid, 'select, insert, update, references'));
select r.name, s.nspname, has_schema_privilege(r.name, s.oid, 'usage'), has_schema_privilege(r.name, s.oid, 'create')
from public.roles r, pg_namespace s where s.nspname in ('data', 'rule', 'api') and has_schema_privilege(r.name, s.oid, 'usage, create') order by 1, 2;
-- Of the database as it was deployed: a copy has not its rights.
select r.name, has_database_privilege(r.name, 'parley_template', 'connect') as connect, has_database_privilege(r.name, 'parley_template', 'create') as create,
       has_database_privilege(r.name, 'parley_template', 'temporary') as temporary, pg_has_role(r.name, 'parley_owner', 'member') as owner from public.roles r order by 1;
select rolname, rolcanlogin, rolsuper or rolcreaterole or rolcreatedb or rolreplication or rolbypassrls as more, rolconfig from pg_roles where rolname like 'parley\_%' order by 1;

-- Tried by each.
set search_path = pg_catalog;
set session authorization parley_api;
select * from data.person;
select nextval('data.log_id');
select rule.lock_log();
create table public.mine (id int);
create function api.mine() returns int language sql as 'select 1';
select * from api.read_log(0, 1);
select * from api.make_first_owner(null, '{}');
set role parley_owner;
select * from api.get_me(null, '{}');
select status, body->>'log_head' from api.health(null, '{}');
select ord, status, body->>'code', error from api.execute('[{"function": "make_first_owner"}, {"function": "read_log"}, {"function": "get_me"}, {"function": "health; drop table data.event"}]');
reset session authorization;

set session authorization parley_stream;
select * from data.event;
select count(*) from api.read_log(0, 10);
select * from api.post_message(null, '{}');
select * from api.execute('[]');
reset session authorization;

set session authorization parley_image;
select * from data.image;
select * from api.get_me(null, '{}');
select * from api.read_log(0, 1);
reset session authorization;

set session authorization parley_backup;
select count(*) from data.person;
insert into data.setting values ('name', '"mine"');
update data.person set rank = 4;
reset session authorization;
