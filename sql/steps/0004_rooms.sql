create table data.room (
  id          bigint generated always as identity primary key,
  kind        text not null check (kind in ('channel', 'group', 'direct')),
  name        text not null default '',
  topic       text not null default '',
  slow_mode   integer not null default 0 check (slow_mode between 0 and 86400),  -- seconds between two posts of one person
  archived_at timestamptz,
  members     integer not null default 0,                -- counted under the log lock by join and leave
  first_n     bigint not null default 1,                 -- where the room begins now: retention moves it
  message_days integer check (message_days between 0 and 36500),  -- of this room; null: as the server's
  pair_low    bigint references data.person,             -- a direct room is one a pair
  pair_high   bigint references data.person,
  created_at  timestamptz not null default now(),
  unique (pair_low, pair_high),
  check ((kind = 'direct') = (pair_low is not null)),
  check ((kind = 'direct') = (pair_high is not null)),
  check (pair_low <= pair_high)
);
create index room_pair_high on data.room (pair_high);
create index room_channel on data.room (id) where kind = 'channel' and archived_at is null;

create table data.member (
  person_id    bigint not null references data.person,
  room_id      bigint not null references data.room,
  role         smallint not null default 0 check (role between 0 and 2),  -- member, moderator, owner
  level        text not null default 'all' check (level in ('all', 'mentions', 'none')),
  joined_event bigint not null,
  joined_at    timestamptz not null default now(),
  read_up_to   bigint not null default 0,                -- the explicit mark; the real one is never below one's own last message
  read_n       bigint not null default 0,
  primary key (person_id, room_id)
) with (fillfactor = 70);
create index member_room on data.member (room_id, role desc, joined_event);

create table data.sanction (                             -- a mute or a ban outlives a leave and a join
  person_id bigint not null references data.person,
  room_id   bigint not null,                             -- 0: the whole server
  kind      text not null check (kind in ('mute', 'ban')),
  until     timestamptz not null default 'infinity',
  reason    text not null default '',
  actor_id  bigint,                                      -- null: by psql or a rule; the audit knows
  at        timestamptz not null default now(),
  primary key (person_id, room_id, kind)
);

create table data.allowance (                            -- what a person used up of a limit since a time; only for what is rare
  person_id bigint not null references data.person,
  what      text not null,
  since     timestamptz not null default now(),
  used      integer not null default 0,
  primary key (person_id, what)
);

create table data.invite (
  id         bigint generated always as identity primary key,
  token_hash text not null unique,
  person_id  bigint not null references data.person,
  until      timestamptz not null,
  uses_left  integer check (uses_left >= 0),             -- null: without a limit
  used       integer not null default 0,
  rooms      bigint[] not null default '{}',
  created_at timestamptz not null default now()
);
create index invite_person on data.invite (person_id);
