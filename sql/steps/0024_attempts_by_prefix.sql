-- Where posts are counted there is a row for each of ten minutes: what is too old is found by its time, and one account's by how they begin,
-- which takes the order of bytes.
alter table data.attempt alter column what type text collate "C";
create index attempt_at on data.attempt (at);
