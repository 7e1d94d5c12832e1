-- What must be tidied, in slices of some milliseconds: called by whichever hub gets the lock, again at once while the answer is above 0.
-- A server on which nothing happens has nothing to tidy, and writes nothing.
create function api.maintain() returns int
language plpgsql volatile security definer set search_path = data, rule, pg_temp as $$
begin
  if not pg_try_advisory_xact_lock(7265108, 3) then
    return 0;
  end if;
  return rule.index_search(500) + rule.erase_slice(200) + rule.retire_messages(500) + rule.retire_events(2000)
       + rule.retire_small_things() + rule.release_lost_guests(50) + rule.tidy_images(50);
end $$;
