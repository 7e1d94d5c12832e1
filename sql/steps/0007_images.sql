create table data.blob (                                 -- the bytes, once each
  sha256       bytea primary key check (octet_length(sha256) = 32),  -- of the re-encoded picture
  type         text not null,
  width        integer not null,
  height       integer not null,
  animated     boolean not null,
  thumb_width  integer not null,
  thumb_height integer not null,
  bytes        integer not null generated always as (octet_length(picture)) stored,
  thumb_bytes  integer not null generated always as (octet_length(thumb)) stored,
  picture      bytea not null,
  thumb        bytea not null
);
alter table data.blob alter column picture set storage external, alter column thumb set storage external;  -- WebP does not compress further

create table data.image (                                -- one upload
  id         bigint generated always as identity primary key,
  person_id  bigint not null references data.person,
  sha256     bytea not null references data.blob,
  alt        text not null default '',
  message_id bigint references data.message on delete cascade,  -- null: no message names it yet; gone after a day
  at         timestamptz not null default now()
);
create index image_person on data.image (person_id);
create index image_blob on data.image (sha256);
create index image_message on data.image (message_id);
create index image_unused on data.image (at) where message_id is null;

-- With its last upload the bytes go, whoever takes that away. They are locked first, so that the second statement sees every
-- upload of the same picture that came meanwhile.
create function data.drop_orphans() returns trigger
language plpgsql as $$
begin
  perform from data.blob where sha256 in (select sha256 from gone) order by sha256 for update;
  delete from data.blob b
  where sha256 in (select sha256 from gone) and not exists (select from data.image i where i.sha256 = b.sha256);
  return null;
end $$;
create trigger drop_orphans after delete on data.image
referencing old table as gone for each statement execute function data.drop_orphans();
