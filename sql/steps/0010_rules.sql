-- What an open server needs on its worst day: rules on what is written, networks that are shut out, attempts that are counted.
create table data.rule (
  id       bigint generated always as identity primary key,
  name     text not null default '',                     -- for moderators
  kind     text not null check (kind in ('words', 'links', 'regex')),
  pattern  text not null,                                -- as it was written
  forms    text[] not null,                              -- the regular expressions for the forms of rule.forms(), in their order
  action   text not null check (action in ('refuse', 'mute', 'hide', 'report')),
  minutes  integer not null default 60 check (minutes between 1 and 525600),  -- of a mute
  rooms    bigint[],                                     -- null: everywhere
  exempt   smallint not null default 2 check (exempt between 1 and 5),  -- people of this server rank and above are not judged
  enabled  boolean not null default true,
  slow_at  timestamptz,                                  -- when it took too long and was switched off
  actor_id bigint,                                       -- who made it
  at       timestamptz not null default now()
);

create table data.network_ban (
  id       bigint generated always as identity primary key,
  network  cidr not null unique,
  scope    text not null check (scope in ('registration', 'everything')),
  until    timestamptz not null,
  reason   text not null default '',
  actor_id bigint,
  at       timestamptz not null default now()
);
create index network_ban_until on data.network_ban (until);

create table data.attempt (                              -- what was tried from an address or on an account: 'name:KEY', 'address:NETWORK', 'arrivals:NETWORK'
  what text primary key,
  used integer not null,
  at   timestamptz not null default now()                -- failures: the last one; arrivals: the first one
);

-- A rule reports, too.
alter table data.report alter column reporter_id drop not null, add column rule_id bigint,
  add column held boolean not null default false,        -- the message waits as a tombstone until this is resolved
  add check ((reporter_id is null) = (rule_id is not null));
create index session_address on data.session (address) where address is not null;
