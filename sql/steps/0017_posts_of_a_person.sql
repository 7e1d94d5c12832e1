-- A client_id is random: an index that begins with it is written at another place for each post, so among ten million messages every post wrote
-- a page of it to the WAL. What one person posts lies together.
alter table data.message drop constraint message_client_id_person_id_key;
alter table data.message add constraint message_client unique (person_id, client_id);
