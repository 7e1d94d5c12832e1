-- The audit stays append-only, but while somebody is being erased words may go out of it: a reason, members of the detail; nothing else.
create or replace function data.keep_audit() returns trigger language plpgsql set search_path = pg_temp as $$
begin
  if tg_op = 'DELETE' then
    if old.at < now() - interval '365 days' then
      return old;
    end if;
  elsif tg_op = 'UPDATE' then
    if exists (select from data.erasure) and to_jsonb(old) - '{reason,detail}'::text[] = to_jsonb(new) - '{reason,detail}'::text[]
       and coalesce(new.reason = old.reason, new.reason is null)
       and (new.detail is not distinct from old.detail or new.detail is not null and old.detail @> new.detail) then
      return new;
    end if;
  end if;
  raise exception 'the audit is append-only';
end $$;

alter table data.erasure add column audited boolean not null default false;  -- the audit is done

-- Names that were tried are kept as hashes from now on.
delete from data.attempt where what like 'name:%' or what like 'pair:%';
