-- Who is here: passing facts, so no WAL and nothing in a dump. One row a hub and session that has a stream there.
create unlogged table data.presence (
  hub        integer not null,                           -- whose lease; 0: said by a session before a hub reported its stream
  session_id bigint not null,                            -- no foreign keys: checking one locks a logged row, which costs a flush
  person_id  bigint not null,
  idle       boolean not null default false,
  at         timestamptz not null default now(),
  primary key (person_id, session_id, hub)
);
create index presence_session on data.presence (session_id);
create index presence_hub on data.presence (hub, session_id);
