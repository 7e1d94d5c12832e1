-- An erasure goes through the audit in slices, from its end: the rows from here on are done, all of them at 0.
alter table data.erasure add column audit_from bigint not null default 9223372036854775807;
update data.erasure set audit_from = 0 where audited;
alter table data.erasure drop column audited;
