-- What the transcripts speak with: people by their names, calls through api.execute as parley-api makes them, and answers in one
-- line without what changes from run to run. Superuser's functions of the test databases only.
create schema test;
set search_path = test;

-- The token hash of somebody's first session; null for nobody.
create function token(p_who text) returns text
language sql immutable as $$ select encode(sha256(convert_to(p_who, 'UTF8')), 'hex'); $$;

-- Times, tags, drawn tokens, drawn client ids and what is left of a day by a word.
create function masked(p_text text) returns text
language sql immutable as $$
  select regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(p_text,
    '[1-8]\d{3}-\d\d-\d\dT[\d:.]+Z', 'TIME', 'g'),
    '("cursor": "\d+\.)[0-9a-f]+"', '\1TAG"', 'g'),
    '("token": )"[\w-]{43}"', '\1"TOKEN"', 'g'),
    '"client_id": "(?!00000000)[0-9a-f-]{36}"', '"client_id": "UUID"', 'g'),
    '\m\d\d\d\d-\d\d-\d\d \d\d:\d\d:\d\d[.\d+]*', 'TIME', 'g'),
    '("retry_after": )(86400|863[5-9]\d)', '\1"A DAY"', 'g');
$$;

-- One line of an answer: 201 and the body, or the part of it that p_show asks for; 403 code: title, and more members of the problem.
create function shown(p_status int, p_body jsonb, p_error text, p_show jsonpath) returns text
language sql immutable as $$
  select masked(case
    when p_error is not null then format('%s %s: %s', p_status, p_body->>'code', p_error)
    when p_status >= 400 then format('%s %s: %s', p_status, p_body->>'code', p_body->>'title')
      || coalesce(' ' || nullif((p_body - 'status' - 'code' - 'title')::text, '{}'), '')
    when p_body is null then p_status::text
    else p_status || coalesce(' ' || (select string_agg(part::text, ', ') from jsonb_path_query(p_body, p_show) part), '')
  end);
$$;

-- What somebody's call is answered, on its own in a batch.
create function ask(p_who text, p_function text, p_args jsonb default '{}', p_show jsonpath default '$') returns text
language sql volatile as $$
  select shown(status, body::jsonb, error, p_show)
  from api.execute(json_build_array(json_build_object('function', p_function, 'token', token(p_who), 'args', p_args)));
$$;

-- Posts, with a client id of its own; gives id and n.
create function say(p_who text, p_room bigint, p_text text, p_more jsonb default '{}') returns text
language sql volatile as $$
  select regexp_replace(ask(p_who, 'post_message', jsonb_build_object('room', p_room, 'text', p_text, 'client_id', gen_random_uuid()) || p_more,
    '$.message.keyvalue() ? (@.key == "id" || @.key == "n").value'), '^(20.) (\d+), (\d+)$', '\1 id \3 n \2');
$$;

-- Somebody comes in as a guest, with a session whose token is the name; gives the id.
create function come(p_who text, p_rank int default 0) returns bigint
language plpgsql volatile as $$
declare
  v_answer text := ask(null, 'sign_in_guest', jsonb_build_object('name', p_who, 'new_token', token(p_who)), '$.user.id');
begin
  assert v_answer like '201 %', v_answer;
  update data.person set rank = p_rank where name = p_who;
  return substr(v_answer, 5);
end $$;

create function id_of(p_who text) returns bigint
language sql stable as $$ select id from data.person where name = p_who; $$;

-- The log after an id, a line an event: who gets it, whom it concerns, what it shows now.
create function log_after(p_after bigint) returns setof text
language sql stable as $$
  select masked(format('%s %s → %s %s%s%s', id, kind, audience, audience_id,
    coalesce(' about ' || person_id, ''), coalesce(' ' || nullif(data::text, '{}')::jsonb::text, '')))
  from api.read_log(p_after, 1000);
$$;

create function head() returns bigint
language sql stable as $$ select id from api.log_head(); $$;

-- What a person gets who comes back with the cursor p_after.
create function replayed(p_who text, p_after bigint, p_limit int default 1000) returns setof text
language sql stable as $$
  select masked(format('%s %s%s', id, kind, coalesce(' ' || nullif((case when person_id = id_of(p_who) then coalesce(data_own, data) else data end)::text, '{}')::jsonb::text, '')))
  from api.replay(jsonb_build_array(jsonb_build_object('k', 1, 'person', id_of(p_who), 'after', p_after, 'upto', head(), 'limit', p_limit)));
$$;

-- Everything as it was after the first deploy: for each permutation of a spec.
create function reset() returns void
language plpgsql volatile as $$
begin
  set local session_replication_role = replica;
  execute (select 'truncate ' || string_agg(format('%s', oid::regclass), ', ') || ' restart identity'
           from pg_class where relnamespace = 'data'::regnamespace and relkind = 'r' and relname <> 'step');
  alter sequence data.log_id restart;
  perform set_config('search_path', 'data, rule, test', true);
  perform rule.log_event('settings.changed', 'rank', 3);
  insert into data.room (kind, name) values ('channel', 'lobby');
  insert into data.progress values ('search', 0);
end $$;
