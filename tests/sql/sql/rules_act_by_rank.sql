-- A rule stands where its maker stands: it judges nobody of that rank, mutes and hides only those below, belongs to its maker and those
-- above, and shows nothing of rooms that its maker is not in.
create function test.judge(p_who text, p_room bigint, p_text text) returns text
language plpgsql as $$
declare
  v_code text;
begin
  return (select shown(status, body::jsonb, null, '$') from api.judge(token(p_who), jsonb_build_object('room', p_room, 'text', p_text)));
exception when others then
  get stacked diagnostics v_code = pg_exception_detail;
  return substr(sqlstate, 3) || ' ' || v_code;
end $$;
select come('root', 4), come('chief', 3), come('mod', 2), come('mod2', 2), come('ana', 1), come('bob', 1) \g /dev/null

-- Nobody is exempt only when nobody stands above.
select who, ask(who, 'create_rule', jsonb_build_object('kind', 'words', 'pattern', who || '*', 'action', 'mute', 'exempt', exempt), '$.rule.id')
from (values ('mod', 'nobody'), ('mod', 'admin'), ('mod', 'moderator'), ('chief', 'owner'), ('chief', 'admin'), ('root', 'nobody')) t(who, exempt);
-- An owner's mute is not for owners, though a refusal may be.
select who, judge(who, 1, 'mod'), judge(who, 1, 'chief'), judge(who, 1, 'root') from unnest('{ana,mod,chief,root}'::text[]) who;
select ask('root', 'change_rule', '{"rule": 3, "action": "refuse"}'), judge('root', 1, 'root');
-- Who has risen meanwhile is not muted by a verdict of before.
update data.person set rank = 3 where name = 'ana';
select ask('ana', 'post_message', '{"room": 1, "text": "mod", "client_id": "00000000-0000-0000-0000-000000000001", "rule": 1}', '$.message.text');
update data.person set rank = 1 where name = 'ana';

-- Changed and taken away by its maker, and from above; it stays what it was, and is no more than who changes it.
select who, ask(who, 'change_rule', jsonb_build_object('rule', rule, 'name', who)), ask(who, 'delete_rule', '{"rule": 3}')
from (values ('mod2', 1), ('mod', 2), ('chief', 3)) t(who, rule);
select ask('chief', 'change_rule', '{"rule": 1, "exempt": "admin"}'), ask('chief', 'change_rule', '{"rule": 1, "minutes": 5}'), ask('mod', 'change_rule', '{"rule": 1, "minutes": 6}');
update data.person set rank = 2 where name = 'chief';
select ask('chief', 'change_rule', '{"rule": 2, "minutes": 7}'), ask('chief', 'change_rule', '{"rule": 2, "minutes": 7, "exempt": "moderator"}');
select id, rank, exempt from data.rule order by id;
-- Of somebody who was erased it belongs to those of its rank.
update data.person set erased_at = now() where name = 'chief';
select ask('mod', 'delete_rule', '{"rule": 2}');
-- An undo gives it back to whose it was.
select ask('mod', 'delete_rule', '{"rule": 1}');
select ask('root', 'undo', jsonb_build_object('actor', id_of('mod'), 'since', now() - interval '1 hour'), '$.acts[0].state'), r.rank, r.actor_id = id_of('mod') as of_mod from (select 1) one left join data.rule r on r.id = 1;
select r.rank, r.actor_id = id_of('mod') as of_mod from data.rule r where id = 1;

-- In a group that its maker is not in a rule refuses, and does nothing else; a room that one does not see is none.
delete from data.rule;
select ask('ana', 'create_room', jsonb_build_object('kind', 'group', 'name', 'den', 'members', array[id_of('bob'), id_of('mod2')]), '$.room.id');
select who, ask(who, 'create_rule', '{"kind": "words", "pattern": "s*", "action": "report", "rooms": [2]}') from unnest('{mod,root}'::text[]) who;
select ask('mod', 'create_rule', '{"kind": "words", "pattern": "secret", "action": "report"}', '$.rule.id'), ask('mod', 'create_rule', '{"kind": "words", "pattern": "plan", "action": "hide"}', '$.rule.id'),
       ask('mod', 'create_rule', '{"kind": "words", "pattern": "loud", "action": "mute"}', '$.rule.id'), ask('mod', 'create_rule', '{"kind": "words", "pattern": "forbidden", "action": "refuse"}', '$.rule.id');
select room, judge('bob', room, 'secret'), judge('bob', room, 'plan'), judge('bob', room, 'loud'), judge('bob', room, 'forbidden') from unnest('{1,2}'::int[]) room;
select ask('mod2', 'create_rule', '{"kind": "words", "pattern": "secret", "action": "report", "rooms": [2]}', '$.rule.rooms'), judge('bob', 2, 'secret') <> '200 {}' as by_one_of_us;
