-- The one ordered log. It holds no text: a row names its kind, its subject and its audience.
-- No check constraints and no partial indexes on what each post writes: PostgreSQL prepares their expressions anew for every row.
create sequence data.log_id;                             -- messages and events share it

create table data.event (
  id          bigint primary key,
  tag         text not null,                             -- names this very event: a rewound log gives the number again, but not the tag
  kind        text not null,
  audience    text not null,                         -- room, moderators, person, session, shared, rank
  audience_id bigint not null,
  person_id   bigint,                                    -- whom it concerns
  room_id     bigint,
  message_id  bigint,
  actor_id    bigint,                                    -- who did it
  detail      jsonb,                                     -- ids, ranks, emoji: never text
  at          timestamptz not null default now()
);
create index event_audience on data.event (audience, audience_id, id);
create index event_concerned on data.event (person_id, id);
