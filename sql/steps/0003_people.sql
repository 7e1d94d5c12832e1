create table data.person (
  id            bigint generated always as identity primary key,
  name          text not null,
  name_key      text unique,                             -- NFKC, lower, NFKC; null: the name is free again
  rank          smallint not null default 0 check (rank between 0 and 4),  -- guest, member, moderator, admin, owner
  is_bot        boolean not null default false,
  keeper_id     bigint references data.person,           -- whose bot it is
  password_hash text,
  status        text not null default '',
  settings      jsonb not null default '{}',
  hidden_up_to  bigint not null default 0,               -- messages up to this id are hidden: a fact about the author, judged when read
  hidden_at     timestamptz,
  created_at    timestamptz not null default now(),
  seen_at       timestamptz not null default now(),      -- to the hour
  erased_at     timestamptz
);
create index person_keeper on data.person (keeper_id) where keeper_id is not null;
create index person_lost_guest on data.person (seen_at) where rank = 0 and name_key is not null;

create table data.session (
  id         bigint generated always as identity primary key,
  person_id  bigint not null references data.person,
  token_hash text not null unique,                       -- SHA-256 in hex; the token itself is nowhere
  is_token   boolean not null default false,             -- a bearer token for scripts: shown once, ended by hand
  label      text not null default '',
  address    inet,
  agent      text not null default '',
  created_at timestamptz not null default now(),
  used_at    timestamptz not null default now(),         -- to the hour
  expires_at timestamptz not null default now() + interval '30 days'
);
create index session_person on data.session (person_id);
create index session_expiry on data.session (expires_at);

create table data.sign_in_link (                         -- works once
  token_hash text primary key,
  person_id  bigint not null references data.person,
  until      timestamptz not null,
  used_at    timestamptz
);
create index sign_in_link_person on data.sign_in_link (person_id);

create table data.setting (key text primary key, value jsonb not null);
