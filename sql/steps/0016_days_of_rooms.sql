-- Who said how long a room keeps its messages: only what an admin said may be longer than what the server says by then.
alter table data.room add column days_by_admin boolean not null default false;
