-- The tables as the steps leave them. A change here is a new step in sql/steps/.
select name from data.step order by 1;
select c.relname || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod) || case when a.attnotnull then ' not null' else '' end
       || case a.attidentity when '' then '' else ' identity' end || coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '')
from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
where c.relnamespace = 'data'::regnamespace and c.relkind = 'r' order by c.relname collate "C", a.attnum;

select c.conrelid::regclass || ' ' || pg_get_constraintdef(c.oid)
from pg_constraint c where c.connamespace = 'data'::regnamespace order by c.conrelid::regclass::text collate "C", c.contype, c.conname collate "C";

select replace(pg_get_indexdef(indexrelid), ' USING btree', '') from pg_index i join pg_class c on c.oid = i.indexrelid
where c.relnamespace = 'data'::regnamespace and not exists (select from pg_constraint where conindid = c.oid) order by c.relname collate "C";

select tgrelid::regclass || ' ' || tgname from pg_trigger where not tgisinternal order by 1;
select relname, case relpersistence when 'u' then 'unlogged' end, reloptions from pg_class
where relnamespace = 'data'::regnamespace and relkind = 'r' and (relpersistence <> 'p' or reloptions is not null) order by 1;
