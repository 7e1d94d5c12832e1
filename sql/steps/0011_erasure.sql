-- An erasure remembers how far its slices have come: in rooms and ids, the order of the index on the author.
alter table data.erasure
  add removes boolean not null default true,              -- the messages go, too
  add room_id bigint not null default 0,
  add upto    bigint not null default 0;
