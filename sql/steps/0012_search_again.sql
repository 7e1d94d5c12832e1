-- The pairs hold the last character of each run as well: all is indexed anew. And who is hidden is found among all people.
truncate data.search, data.search_todo;
update data.progress set upto = 0 where what = 'search';
create index person_hidden on data.person (id) where hidden_up_to > 0;
