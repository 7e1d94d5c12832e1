-- Small words on text and time.

-- Names are one when their keys are: NFKC, lower, NFKC again, since lowering can undo the form. Of ASCII that is lower case, at a tenth of the cost.
create function rule.name_key(p_name text) returns text
language sql immutable as $$
  select case when octet_length(p_name) = char_length(p_name) then lower(p_name) else normalize(lower(normalize(p_name, nfkc)), nfkc) end;
$$;

-- Without blanks of any width at either end.
create function rule.trim_blanks(p_text text) returns text
language sql immutable as $$
  select regexp_replace(p_text, '^[\s\u00A0\u1680\u2000-\u200A\u202F\u205F\u3000]+|[\s\u00A0\u1680\u2000-\u200A\u202F\u205F\u3000]+$', '', 'g');
$$;

-- The key of a name as somebody types it: with blanks around it is the same name, as it was when it was taken.
create function rule.typed_name_key(p_name text) returns text
language sql immutable as $$ select rule.name_key(rule.trim_blanks(p_name)); $$;

-- Nothing but blanks and what has no width: joiners, fillers, variation selectors, tags.
create function rule.shows_nothing(p_text text) returns boolean
language sql immutable as $$
  select p_text ~ '^[\s\u007F-\u00A0\u00AD\u034F\u115F\u1160\u1680\u17B4\u17B5\u180B-\u180F\u2000-\u200F\u2028-\u202F\u205F-\u206F\u2800\u3000\u3164\uFE00-\uFE0F\uFEFF\uFFA0\U000E0000-\U000E0FFF]*$';
$$;

-- Trimmed, 1..p_max code points without control, direction or line characters. Refuses with 422.
create function rule.clean_name(p_name text, p_max int default 40, p_field text default 'name') returns text
language plpgsql immutable as $$
declare
  v_name text := rule.trim_blanks(p_name);
begin
  if v_name is null or rule.shows_nothing(v_name) then
    perform rule.refuse_invalid(p_field, format('write 1 to %s characters', p_max));
  end if;
  return rule.clean_line(v_name, p_field, p_max);
end $$;

-- What no line has: control, direction and line characters.
create function rule.is_line(p_text text) returns boolean
language sql immutable as $$
  select p_text !~ '[\u0001-\u001F\u007F-\u009F\u061C\u200B\u200E\u200F\u2028-\u202E\u2060\u2066-\u2069\uFEFF]';
$$;

-- One line, 0..p_max code points, without control, direction or line characters. Refuses with 422.
create function rule.clean_line(p_text text, p_field text, p_max int) returns text
language plpgsql immutable as $$
begin
  if char_length(p_text) > p_max then
    perform rule.refuse_invalid(p_field, format('at most %s characters', p_max));
  elsif not rule.is_line(p_text) then
    perform rule.refuse_invalid(p_field, 'no control, direction or line characters');
  end if;
  return p_text;
end $$;

-- RFC 3339 in UTC with milliseconds; what has no end, or a later one, ends with the year 9999.
create function rule.show_time(p_time timestamptz) returns text
language sql stable parallel safe as $$
  select to_char(case when p_time > '9999-12-31 23:59:59.999Z' then '9999-12-31 23:59:59.999Z' else p_time end at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"');
$$;

-- A time among the arguments, or null. What has the form of one can still be none, by an offset of 23:59. Refuses with 422.
create function rule.time_of(p_args jsonb, p_field text) returns timestamptz
language plpgsql stable as $$
begin
  return (p_args->>p_field)::timestamptz;
exception when data_exception then
  perform rule.refuse_invalid(p_field, 'a time like 2030-01-31T12:00:00Z');
  return null;
end $$;

create function rule.rank_name(p_rank int) returns text
language sql immutable as $$ select (array['guest', 'member', 'moderator', 'admin', 'owner'])[p_rank + 1]; $$;

create function rule.rank_number(p_name text) returns smallint
language sql immutable as $$ select (array_position(array['guest', 'member', 'moderator', 'admin', 'owner'], p_name) - 1)::smallint; $$;

create function rule.room_role_name(p_role int) returns text
language sql immutable as $$ select (array['member', 'moderator', 'owner'])[p_role + 1]; $$;

create function rule.room_role_number(p_name text) returns smallint
language sql immutable as $$ select (array_position(array['member', 'moderator', 'owner'], p_name) - 1)::smallint; $$;

-- 256 random bits as base64url, for what is made in SQL.
create function rule.new_token() returns text
language sql volatile as $$
  select rtrim(translate(encode(sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())), 'base64'), '+/', '-_'), '=');
$$;

create function rule.token_hash(p_token text) returns text
language sql immutable as $$ select encode(sha256(convert_to(p_token, 'UTF8')), 'hex'); $$;

-- A list of ids of a JSON argument; missing and null are empty.
create function rule.ids(p_list jsonb) returns bigint[]
language sql immutable as $$ select coalesce(array_agg(value::bigint order by ordinality), '{}') from jsonb_array_elements_text(nullif(p_list, 'null')) with ordinality; $$;
