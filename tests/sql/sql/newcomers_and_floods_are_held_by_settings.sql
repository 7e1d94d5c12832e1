-- What newcomers may not do yet, and what is a flood: settings, all of them off at first; and a raid, which ends by itself.
create function test.judge(p_who text, p_args jsonb) returns text
language plpgsql as $$
declare
  v_code text;
begin
  return (select shown(status, body::jsonb, null, '$') from api.judge(token(p_who), p_args));
exception when others then
  get stacked diagnostics v_code = pg_exception_detail;
  return substr(sqlstate, 3) || ' ' || v_code || ' ' || sqlerrm;
end $$;
select come('root', 4), come('mod', 2), come('new', 1), come('old', 1) \g /dev/null
update data.person set created_at = now() - interval '2 days' where name in ('old', 'mod');
select ask('root', 'put_member', jsonb_build_object('room', 1, 'user', id_of('new'), 'role', 'moderator'));

select ask('root', 'change_settings', '{"newcomer_links": false, "newcomer_images": false, "newcomer_all": false, "newcomer_directs": false}');
select body->'judges' from api.guard(null, '{}');
select ask('root', 'change_settings', '{"newcomer_hours": 24}'), (select body->'judges' from api.guard(null, '{}'));
select who, judge(who, '{"room": 1, "text": "see www.example.com"}'), judge(who, '{"room": 1, "text": "", "images": [1]}'), judge(who, '{"room": 1, "text": "@all hi"}'), judge(who, '{"room": 1, "text": "hi"}') from unnest('{new,old,mod}'::text[]) who;
select who, ask(who, 'check_upload') from unnest('{new,old}'::text[]) who;
select ask('new', 'open_direct', jsonb_build_object('user', id_of('old'))), ask('old', 'open_direct', jsonb_build_object('user', id_of('new')), '$.room.id');
select judge('new', '{"room": 2, "text": "hi"}'), judge('old', '{"room": 2, "text": "hi"}');
-- By messages: until there are so many.
select ask('root', 'change_settings', '{"newcomer_hours": 0, "newcomer_messages": 2}'), judge('old', '{"room": 1, "text": "www.example.com"}');
select split_part(say('old', 1, 'x'), ' ', 1), split_part(say('old', 1, 'x'), ' ', 1), judge('old', '{"room": 1, "text": "www.example.com"}');
select ask('root', 'change_settings', '{"newcomer_messages": 0, "newcomer_directs": null, "newcomer_links": null, "newcomer_images": null, "newcomer_all": null}'), judge('new', '{"room": 1, "text": "www.example.com"}');

-- Floods: the same again and again, whatever becomes of the messages and however it is spelt; many mentions, many rooms.
create function test.write(p_who text, p_function text, p_args jsonb) returns text
language sql as $$
  select ask(p_who, p_function, p_args || '{"client_id": null}' || jsonb_build_object('client_id', gen_random_uuid()) || body::jsonb, '$.message.text') from api.judge(token(p_who), p_args);
$$;
select ask('root', 'change_settings', '{"flood_same_text": 2}'), write('old', 'post_message', '{"room": 1, "text": "Buy this"}'), write('old', 'post_message', '{"room": 1, "text": "this is else"}');
select ask('old', 'remove_message', jsonb_build_object('message', id)) from data.message where text = 'Buy this';
select write('old', 'edit_message', jsonb_build_object('message', id, 'text', U&'BUY\200B  thi\0455!')) from data.message where text = 'this is else';
select write('old', 'post_message', '{"room": 1, "text": "buythis"}'), write('old', 'post_message', '{"room": 1, "text": "buy that"}'), write('new', 'post_message', '{"room": 1, "text": "buy this"}'), judge('mod', '{"room": 1, "text": "buy this"}');
select write('old', 'edit_message', jsonb_build_object('message', id, 'text', 'Buy this.')) from data.message where text = 'buy that';
-- The many of one batch, too.
select status, body->>'code' as code from api.execute((select json_agg(json_build_object('function', 'post_message', 'token', token('old'), 'args',
  jsonb_build_object('room', 1, 'text', 'again', 'client_id', gen_random_uuid()) || (select body::jsonb from api.judge(token('old'), '{"room": 1, "text": "again"}')))) from generate_series(1, 4)));
-- For ten minutes; then it may come again, and of what does not nothing is kept.
update data.attempt set at = at - interval '11 minutes';
select write('old', 'post_message', '{"room": 1, "text": "buy this"}');
insert into data.attempt (what, used, at) values ('name:x', 1, now() - interval '1 day');
select count(*) from data.attempt;
select api.maintain('rest');
select split_part(what, ':', 1), used from data.attempt order by 1;
update data.message set at = at - interval '11 minutes';
select ask('root', 'change_settings', '{"flood_same_text": 0, "flood_mentions": 1}'), judge('old', '{"room": 1, "text": "@new and @mod"}'), judge('old', '{"room": 1, "text": "@new"}');
select judge('old', jsonb_build_object('message', max(id), 'text', '@new and @mod')), judge('old', jsonb_build_object('message', max(id), 'text', '@new')) from data.message where person_id = id_of('old') and deleted_at is null;
select ask('old', 'create_room', '{"kind": "group", "name": "g"}', '$.room.id'), ask('old', 'create_room', '{"kind": "group", "name": "h"}', '$.room.id');
select ask('root', 'change_settings', '{"flood_mentions": 0, "flood_rooms_per_minute": 2}'), split_part(say('old', 1, 'a'), ' ', 1), split_part(say('old', 3, 'b'), ' ', 1);
select judge('old', '{"room": 1, "text": "c"}'), judge('old', '{"room": 4, "text": "c"}');
select ask('root', 'change_settings', '{"flood_rooms_per_minute": 0}'), body->'judges' from api.guard(null, '{}');

-- A raid: nobody new, no invitations, no direct messages from newcomers; everybody else goes on. It ends by itself.
select ask('new', 'create_invite', '{}', '$.token') ~ '^201' as invited;
select body->>'token' as invite from api.create_invite(token('new'), '{}') \gset
update data.person set password_hash = 'x' where name = 'old';
select ask('root', 'change_settings', '{"raid_until": "soon"}'), ask('root', 'change_settings', jsonb_build_object('raid_until', now() + interval '8 days')), ask('new', 'change_settings', '{"raid_until": "2999-01-01T00:00:00Z"}');
select ask('root', 'change_settings', jsonb_build_object('raid_until', now() + interval '2 hours'));
select ask(null, 'hello', '{}', '$.keyvalue() ? (@.key == "guests" || @.key == "registration").value'), (select body->'judges' from api.guard(null, '{}'));
select ask(null, 'sign_in_guest', jsonb_build_object('name', 'x', 'new_token', token('x'))), ask(null, 'register_user', jsonb_build_object('name', 'x', 'invite', :'invite', 'new_token', token('x'))), ask('new', 'create_invite'), ask('new', 'accept_invite', jsonb_build_object('invite', :'invite'));
select ask('mod', 'create_invite', '{}', '$.invite.id'), ask(null, 'sign_in', jsonb_build_object('name', 'old', 'verified_hash', 'x', 'new_token', token('old2')), '$.user.name');
select judge('new', '{"room": 2, "text": "hi"}'), judge('new', '{"room": 1, "text": "hi"}'), judge('old', '{"room": 2, "text": "hi"}'), ask('new', 'open_direct', jsonb_build_object('user', id_of('mod')));
select ask(who, 'create_room', jsonb_build_object('kind', 'group', 'name', who, 'members', array[id_of('mod')]), '$.room.members') from unnest('{new,old}'::text[]) who;
select ask('new', 'create_room', '{"kind": "group", "name": "alone"}', '$.room.members');
select ask('new', 'put_member', jsonb_build_object('room', (select id from data.room where name = 'alone'), 'user', id_of('mod')));
select ask('mod', 'set_raid', jsonb_build_object('until', now() + interval '8 days')), ask('mod', 'set_raid', jsonb_build_object('until', now() + interval '6 days'));
update data.setting set value = to_jsonb(now()::text) where key = 'raid_until';
select ask(null, 'sign_in_guest', jsonb_build_object('name', 'x', 'new_token', token('x')), '$.user.name'), (select body->'judges' from api.guard(null, '{}'));
