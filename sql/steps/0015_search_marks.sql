-- Typographic marks are folded to those of a keyboard: all is indexed anew.
truncate data.search, data.search_todo;
update data.progress set upto = 0 where what = 'search';
