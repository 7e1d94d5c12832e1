create table data.block (                                -- personal: person_id wants nothing of blocked_id
  person_id  bigint not null references data.person,
  blocked_id bigint not null references data.person,
  at         timestamptz not null default now(),
  primary key (person_id, blocked_id),
  check (person_id <> blocked_id)
);
create index block_blocked on data.block (blocked_id);

create table data.audit (
  id         bigint generated always as identity primary key,
  at         timestamptz not null default now(),
  actor_id   bigint,                                     -- null: psql or a rule
  via        text not null,                              -- 'web', 'psql:LOGIN', 'rule:ID'
  action     text not null,                              -- the name of the api function
  person_id  bigint,
  room_id    bigint,
  message_id bigint,
  until      timestamptz,
  reason     text,
  detail     jsonb
);
create index audit_actor on data.audit (actor_id, id);
create index audit_person on data.audit (person_id, id);

-- Append-only, also for the owner of the tables: only what is older than a year may go (retention).
create function data.keep_audit() returns trigger language plpgsql set search_path = pg_temp as $$
begin
  if tg_op = 'DELETE' and old.at < now() - interval '365 days' then
    return old;
  end if;
  raise exception 'the audit is append-only';
end $$;
create trigger audit_is_append_only before update or delete on data.audit
  for each row execute function data.keep_audit();
create trigger audit_is_never_truncated before truncate on data.audit
  for each statement execute function data.keep_audit();
