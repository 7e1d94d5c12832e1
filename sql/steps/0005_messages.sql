-- No foreign keys from the hot tables to room and person: each would lock its row at each post. The rules have looked the rows up
-- under the log lock, and rooms and persons are never deleted.
create table data.message (
  id          bigint not null primary key,               -- the id of its message.posted event
  room_id     bigint not null,
  n           bigint not null,                           -- 1, 2, 3 … in the room, without a gap, in the order of the ids
  person_id   bigint not null,
  client_id   uuid not null,
  text        text,                                      -- null: removed
  reply_to    bigint,
  mentions    bigint[] not null default '{}',
  images      bigint[] not null default '{}',
  reacted     boolean not null default false,            -- there were reactions: look for them
  at          timestamptz not null default now(),
  edited_at   timestamptz,
  deleted_at  timestamptz,
  deleted_by  text,                                      -- author, moderator
  unique (client_id, person_id)
);
create unique index message_room on data.message (room_id, id) include (n);
create index message_author on data.message (person_id, room_id, id) include (n);

create table data.mention (
  person_id  bigint not null,                            -- 0: @all
  room_id    bigint not null,
  message_id bigint not null references data.message on delete cascade,
  is_answer  boolean not null default false,             -- not by name: it answers a message of this person
  primary key (person_id, message_id)
);
create index mention_room on data.mention (person_id, room_id, message_id) include (is_answer);
create index mention_message on data.mention (message_id);

create table data.reaction (
  message_id bigint not null references data.message on delete cascade,
  person_id  bigint not null references data.person,
  emoji      text not null,
  at         timestamptz not null default clock_timestamp(),
  primary key (message_id, emoji, person_id)
);
create index reaction_person on data.reaction (person_id);

create table data.pin (
  message_id bigint primary key references data.message on delete cascade,
  room_id    bigint not null references data.room,
  person_id  bigint not null references data.person,
  at         timestamptz not null default now()
);
create index pin_room on data.pin (room_id, message_id);
create index pin_person on data.pin (person_id);
