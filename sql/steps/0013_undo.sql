-- What moderators took away, kept aside for a while (the setting removed_days), so that it can be brought back.
create table data.removal (
  message_id bigint primary key references data.message on delete cascade,
  text       text not null,
  mentions   bigint[] not null,
  images     bigint[] not null,                          -- as long as this is here, their rows in data.image are
  at         timestamptz not null default now()
);
create index removal_at on data.removal (at);
