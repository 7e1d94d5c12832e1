-- A rule acts by the rank of whoever made it.
alter table data.rule add column rank smallint not null default 2 check (rank between 2 and 4);
update data.rule set rank = coalesce((select greatest(p.rank, 2) from data.person p where p.id = actor_id), 4);
alter table data.rule alter column rank drop default;
