-- Search goes through the messages window by window, so that what is frequent is found soon and nothing takes for ever. Where a row belongs
-- stands in the index with its words, so that only what lies in the window, the rooms and by the author is read at all.
drop index data.search_folded, data.search_pairs;
create index search_words on data.search
  using gin ((array[message_id >> 17]), (array[room_id]), (array[person_id]), folded ext.gin_trgm_ops, pairs ext.gin_trgm_ops)
  with (gin_pending_list_limit = 2048);                  -- in kB: each search reads what waits there from end to end
