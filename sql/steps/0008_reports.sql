-- Reports. Each has its own copy of the message as it was, which neither a removal nor the retention takes away;
-- hence no foreign keys to message and room. Persons are never deleted.
create table data.report (
  id          bigint generated always as identity primary key,
  message_id  bigint not null,
  room_id     bigint not null,
  author_id   bigint not null,                           -- who wrote the message
  reporter_id bigint not null,
  reason      text not null,
  copy        jsonb not null,                            -- {n, text, at, edited_at, reply_to, images}: no names, they are looked up
  at          timestamptz not null default now(),
  resolved_at timestamptz,                               -- null: open
  resolver_id bigint,                                    -- null: psql; the audit knows
  action      text check (action in ('dismiss', 'remove', 'mute', 'room_ban', 'ban')),
  check ((resolved_at is null) = (action is null))
);
create unique index report_message on data.report (message_id, reporter_id) where resolved_at is null;
create index report_of_message on data.report (message_id);
create index report_of_author on data.report (author_id);
create index report_room on data.report (room_id, id);
create index report_open on data.report (id) where resolved_at is null;
