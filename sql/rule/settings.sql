-- The settings: typed, each with its default; data.setting holds what was changed.

-- low and high: of a number, of the length of a text, of the days that a time lies ahead.
create function rule.setting_defaults() returns table (key text, value jsonb, kind text, low bigint, high bigint, about text)
language sql immutable as $$
  values
    ('name',                    '"Parley"'::jsonb, 'text',  1::bigint, 60::bigint, 'what this server calls itself'),
    ('guests',                  'true',   'boolean', null, null, 'people may come in with a name alone'),
    ('registration',            '"open"', 'open|invite|closed', null, null, 'who may make a member account'),
    ('images',                  'true',   'boolean', null, null, 'people may send images, where there is a parley-image'),
    ('guest_name_days',         '7',      'integer', 1,  3650, 'days without a session after which a guest gives the name back'),
    ('log_days',                '7',      'integer', 1,  365,  'days that a client may be away and still catch up from the log'),
    ('message_days',            '0',      'integer', 0,  36500, 'days after which messages go; 0: never'),
    ('removed_days',            '7',      'integer', 0,  365,  'days that what a moderator removed can be brought back; 0: not at all'),
    ('audit_days',              '365',    'integer', 365, 36500, 'days that the audit is kept'),
    ('limit_posts_per_minute',  '120',    'integer', 1,  1000000, 'posts of one person'),
    ('limit_rooms_per_day',     '50',     'integer', 0,  1000000, 'rooms made by one person'),
    ('limit_directs_per_hour',  '60',     'integer', 0,  1000000, 'direct rooms newly opened by one person'),
    ('limit_members_per_hour',  '500',    'integer', 0,  1000000, 'people added to rooms by one person'),
    ('limit_invites_per_day',   '50',     'integer', 0,  1000000, 'invitations made by one person'),
    ('limit_tokens_per_day',    '50',     'integer', 0,  1000000, 'tokens made by one person'),
    ('limit_bots_per_day',      '20',     'integer', 0,  1000000, 'bots made by one person'),
    ('limit_renames_per_hour',  '20',     'integer', 0,  1000000, 'changes of name or status of one person'),
    ('limit_reports_per_hour',  '60',     'integer', 0,  1000000, 'reports of one person'),
    ('limit_reactions_per_message', '20', 'integer', 0,  20,   'different reactions of one person on one message'),
    ('limit_reactions_per_hour','3600',   'integer', 0,  1000000, 'reactions of one person'),
    ('limit_uploads_per_hour',  '200',    'integer', 0,  1000000, 'images uploaded by one person'),
    ('limit_upload_mb',         '1024',   'integer', 0,  1000000, 'megabytes of images that one person keeps on the server'),
    ('limit_server_image_mb',   '20480',  'integer', 0,  100000000, 'megabytes of images that the server keeps'),
    ('limit_joins_per_hour',    '300',    'integer', 0,  1000000, 'channels joined by one person'),
    ('limit_mentions_per_hour', '1000',   'integer', 0,  1000000, 'people mentioned by one person'),
    ('limit_people_per_address', '100',   'integer', 0,  100000, 'people of whom one address may use up the limits on posts, rooms, directs, members, invites, uploads, joins and mentions, IPv6 by /64; 0: any number'),
    ('arrivals_per_hour',       '300',    'integer', 0,  1000000, 'new guests and accounts from one public address, IPv6 by /64; 0: any number'),
    ('sign_in_tries',           '5',      'integer', 1,  1000,  'wrong passwords in a row after which the next try has to wait, longer each time'),
    ('flood_same_text',         '0',      'integer', 0,  1000,  'times that one person may post the same text within ten minutes; 0: any number'),
    ('flood_mentions',          '0',      'integer', 0,  50,    'people that a message may mention; 0: the usual 50'),
    ('flood_rooms_per_minute',  '0',      'integer', 0,  1000,  'rooms that one person may write in within a minute; 0: any number'),
    ('newcomer_hours',          '0',      'integer', 0,  8760,  'hours that an account is a newcomer''s'),
    ('newcomer_messages',       '0',      'integer', 0,  1000,  'messages until somebody is no newcomer any more'),
    ('newcomer_links',          'true',   'boolean', null, null, 'newcomers may post links'),
    ('newcomer_images',         'true',   'boolean', null, null, 'newcomers may post images'),
    ('newcomer_all',            'true',   'boolean', null, null, 'newcomers may mention all'),
    ('newcomer_directs',        'true',   'boolean', null, null, 'newcomers may write directly to people'),
    ('raid_until',              'null',   'time',    null, 7,  'until then no new accounts, guests and invitations; newcomers write to nobody directly and add nobody to rooms'),
    ('proxy_networks',          '""',     'text',    0,   500,  'networks of one''s own proxies, with blanks between: never banned');
$$;

create function rule.setting(p_key text) returns jsonb
language plpgsql stable as $$
begin
  return coalesce((select value from data.setting where key = p_key),
                  (select value from rule.setting_defaults() where key = p_key));
end $$;

-- What is stored of a setting; JSON null where the default holds.
create function rule.stored_setting(p_key text) returns jsonb
language sql stable as $$ select coalesce((select value from data.setting where key = p_key), 'null'); $$;

create function rule.setting_is_on(p_key text) returns boolean
language sql stable as $$ select (rule.setting(p_key))::boolean; $$;

create function rule.setting_number(p_key text) returns bigint
language sql stable as $$ select (rule.setting(p_key))::bigint; $$;

create function rule.setting_text(p_key text) returns text
language sql stable as $$ select rule.setting(p_key) #>> '{}'; $$;

-- A raid: the door is shut until a time.
create function rule.is_raid() returns boolean
language plpgsql stable as $$
begin
  return coalesce((select (value #>> '{}')::timestamptz > now() from data.setting where key = 'raid_until'), false);
end $$;

-- All settings as they are: {"name":"Parley", …}.
create function rule.show_settings() returns json
language sql stable as $$
  select json_object_agg(d.key, coalesce(s.value, d.value) order by d.key) from rule.setting_defaults() d left join data.setting s using (key);
$$;

-- What each may be, as JSON Schema says it, in the order of the list above.
create function rule.show_settings_schema() returns json
language sql stable as $$
  select json_object_agg(key, json_strip_nulls(json_build_object(
    'type', case when kind in ('boolean', 'integer') then kind else 'string' end,
    'format', case when kind = 'time' then 'date-time' end,
    'enum', case when kind like '%|%' then to_json(string_to_array(kind, '|')) end,
    'minimum', case when kind = 'integer' then low end, 'maximum', case when kind = 'integer' then high end,
    'minLength', case when kind = 'text' then low end, 'maxLength', case when kind = 'text' then high end,
    'default', nullif(value, 'null'), 'description', about)))
  from rule.setting_defaults();
$$;

create function rule.is_time(p_text text) returns boolean
language plpgsql immutable as $$
begin
  return p_text ~ '^\d{4}-\d\d-\d\d[T ]\d\d:\d\d' and p_text::timestamptz is not null;
exception when data_exception then
  return false;
end $$;

-- A value as it is stored: texts trimmed, times in the form that all times have.
create function rule.setting_value(p_value jsonb, p_kind text) returns jsonb
language sql stable as $$
  select case when jsonb_typeof(p_value) <> 'string' then p_value
              when p_kind = 'text' then to_jsonb(rule.trim_blanks(p_value #>> '{}'))
              when p_kind = 'time' and rule.is_time(p_value #>> '{}') then to_jsonb(rule.show_time((p_value #>> '{}')::timestamptz))
              else p_value end;
$$;

-- What is wrong with such a value, or null.
create function rule.setting_fault(p_value jsonb, p_kind text, p_low bigint, p_high bigint) returns text
language sql stable as $$
  select case
    when p_kind = 'time' then
      case when jsonb_typeof(p_value) <> 'string' or not rule.is_time(p_value #>> '{}') then 'a time, like 2030-01-31T12:00:00Z'
           when (p_value #>> '{}')::timestamptz > now() + make_interval(days => p_high::int) then format('at most %s days from now', p_high) end
    when p_kind = 'boolean' then case when jsonb_typeof(p_value) <> 'boolean' then 'true or false' end
    when p_kind = 'integer' then
      case when jsonb_typeof(p_value) <> 'number' or p_value::text ~ '[.eE]' or p_value::numeric not between p_low and p_high
           then format('a whole number from %s to %s', p_low, p_high) end
    when jsonb_typeof(p_value) <> 'string' then 'a text'
    when p_kind = 'text' then
      case when char_length(p_value #>> '{}') not between p_low and p_high or p_low > 0 and rule.shows_nothing(p_value #>> '{}')
           then format('%s to %s characters', p_low, p_high)
           when not rule.is_line(p_value #>> '{}') then 'no control, direction or line characters' end
    when p_value #>> '{}' <> all(string_to_array(p_kind, '|')) then replace(p_kind, '|', ', ')
  end;
$$;

-- Whether images are taken: an admin may say no, and the program knows when there is no parley-image.
create function rule.takes_images() returns boolean
language sql stable as $$ select rule.setting_is_on('images') and current_setting('parley.images', true) is distinct from 'off'; $$;

-- The bounds that a client may want to know before it asks.
create function rule.show_limits() returns json
language sql stable as $$
  select json_build_object('text', 8000, 'name', 40, 'topic', 250, 'images', case when rule.takes_images() then 10 else 0 end, 'upload_bytes', 20971520, 'page', 200,
                           'posts_per_minute', rule.setting('limit_posts_per_minute'), 'people_per_address', rule.setting('limit_people_per_address'));
$$;

-- Checks and stores what is given and known; the rest is ignored. One row in the audit, with what was stored before (null: the default).
-- All streams are told which keys changed.
create function rule.set_settings(p_actor data.person, p_action text, p_values jsonb, p_reason text default null) returns void
language plpgsql volatile as $$
declare
  v_setting record;
  v_new jsonb := '{}'::jsonb;
  v_was jsonb := '{}'::jsonb;
begin
  for v_setting in
    select d.key, asked.value, rule.setting_fault(asked.value, d.kind, d.low, d.high) as fault
    from rule.setting_defaults() d cross join lateral rule.setting_value(p_values->d.key, d.kind) asked(value)
    where p_values ? d.key and asked.value is distinct from rule.setting(d.key)
  loop
    v_was := v_was || jsonb_build_object(v_setting.key, rule.stored_setting(v_setting.key));
    v_new := v_new || jsonb_build_object(v_setting.key, v_setting.value);
    if v_setting.value = 'null' then
      delete from data.setting where key = v_setting.key;
    elsif v_setting.fault is not null then
      perform rule.refuse_invalid(v_setting.key, v_setting.fault);
    else
      insert into data.setting (key, value) values (v_setting.key, v_setting.value) on conflict (key) do update set value = excluded.value;
    end if;
  end loop;
  if v_new <> '{}' then
    perform rule.note_audit(p_actor, p_action, p_reason => p_reason, p_detail => v_new || jsonb_build_object('was', v_was));
    perform rule.log_event('settings.changed', 'rank', 0, p_actor => p_actor.id, p_detail => jsonb_build_object('keys', array(select jsonb_object_keys(v_new))));
  end if;
end $$;
