-- Search is a table of its own, filled in batches outside the log lock: these indexes on data.message would make posting several times slower.
create table data.search (
  message_id bigint primary key,
  room_id    bigint not null,
  person_id  bigint not null,
  at         timestamptz not null,
  folded     text not null,                              -- rule.fold(text): as many code points as the text
  pairs      text not null default ''                    -- each two neighbours of its Chinese, Japanese and Korean characters, as words
);
create index search_folded on data.search using gin (folded ext.gin_trgm_ops);
create index search_pairs on data.search using gin (pairs ext.gin_trgm_ops);

create table data.search_todo (message_id bigint primary key);   -- edited since they were indexed

create table data.progress (                             -- how far the tidying has come
  what text primary key,
  upto bigint not null
);
insert into data.progress values ('search', 0);

create table data.erasure (                              -- whose rows are still to go, in slices
  person_id bigint primary key references data.person,
  at        timestamptz not null default now()
);
