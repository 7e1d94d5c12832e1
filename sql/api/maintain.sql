-- What must be tidied, in slices of some milliseconds: called by whichever hub gets the lock, a part at a time, again at once while
-- the answer is above 0. Each part is a transaction of its own, so that nobody who posts waits for more than one slice. Without a
-- part it is all of them, for a person at psql. A server on which nothing happens has nothing to tidy, and writes nothing.
create function api.maintain(p_part text default null) returns int
language plpgsql volatile security definer set search_path = data, rule, pg_temp as $$
declare
  v_part text;
  v_count int := 0;
begin
  if not pg_try_advisory_xact_lock(7265108, 3) then
    return 0;
  elsif p_part is null then
    perform rule.lock_log();                             -- before any row, since some of the parts take it
  end if;
  foreach v_part in array case when p_part is null then '{search,erase,retire,guests,images,rest}'::text[] else array[p_part] end loop
    v_count := v_count + case v_part
      when 'search' then rule.index_slice(500)
      when 'erase' then rule.erase_slice(100)
      when 'retire' then rule.retire_messages(100) + rule.retire_removals(50)
      when 'guests' then rule.release_lost_guests(50)
      when 'images' then rule.tidy_images(50)
      when 'rest' then rule.retire_events(2000) + rule.retire_audit(500) + rule.retire_small_things()
    end;
  end loop;
  return v_count;
end $$;
