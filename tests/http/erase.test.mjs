// Erasing a person: gone at once for everybody, the rows in slices that a crash does not stop, and nothing of it in a backup.
import assert from 'node:assert/strict';
import test from 'node:test';
import { until } from '../harness/owned.mjs';
import { png } from '../harness/pictures.mjs';
import { assertStatus, stackForTests } from './described.mjs';

const stack = await stackForTests();
const owner = await stack.owner();
const reader = await stack.guest('reader');
const post = async (who, text, more = {}) => assertStatus(await who.post(`/api/rooms/${more.room ?? 1}/messages`, { text, ...more }), 201).message;
const upload = async (who, width) => assertStatus(await who.request('POST', '/api/uploads?alt=alt-of-hers', png(width, 30), { 'content-type': 'image/png' }), 201);
const number = async (query) => Number(await stack.sql(query));
const isTidied = async () => await number('select count(*) from data.erasure') + await number("select count(*) from data.image where at = '-infinity'") === 0;

test('a backup holds nothing of whom it was, but the copy of what was reported', async () => {
  const eve = await stack.client({ headers: { 'user-agent': 'agent-of-hers' } }).signIn('/api/users', { name: 'first-name-of-hers', password: 'correct horse' });
  const { room } = (await eve.post('/api/rooms', { kind: 'group', name: 'g', members: [reader.user.id] })).body;
  const { room: direct } = (await eve.put(`/api/directs/${reader.user.id}`)).body;
  await eve.patch('/api/me', { name: 'name-of-hers', status: 'status-of-hers', settings: { theme: 'settings-of-hers' } });
  await eve.post('/api/me/tokens', { label: 'label-of-hers' });
  await eve.post('/api/bots', { name: 'bot-of-hers' });
  await eve.post('/api/invites');
  const guess = { name: 'name-of-hers', password: 'wrong-password' };
  await stack.client().post('/api/session', guess);
  await stack.client().post('/api/session', { ...guess, name: 'first-name-of-hers' });
  const { room: channel } = (await eve.post('/api/rooms', { kind: 'channel', name: 'c' })).body;
  await eve.patch(`/api/rooms/${channel.id}`, { name: 'room-name-of-hers', topic: 'topic-of-hers' });
  await eve.post(`/api/messages/${(await post(reader, 'rude')).id}/report`, { reason: 'reason-of-hers' });
  const mute = `/api/rooms/${channel.id}/mutes/${eve.user.id}`;
  for (const reason of ['on name-of-hers', 'again on name-of-hers']) await owner.put(mute, { until: '2999-01-01T00:00:00Z', reason });
  assertStatus(await owner.patch(`/api/rooms/${channel.id}`, { name: 'd', topic: 'calm' }), 204);
  for (const id of [1, room.id, direct.id]) await post(eve, `text-of-hers in ${id}`, { room: id });
  await eve.patch(`/api/messages/${(await post(eve, 'earlier-text-of-hers')).id}`, { text: 'later-text-of-hers' });
  const [named, loose] = [await upload(eve, 61), await upload(eve, 62)];
  await post(eve, '', { images: [named.id] });
  const reported = await post(eve, 'reported-text-of-hers');
  await reader.post(`/api/messages/${reported.id}/report`, { reason: 'rude' });
  await until('the words are in the index', async () => await number('select count(*) from data.search_todo') === 0
    && await number("select count(*) from data.search where folded like '%of-hers%'") === 5);
  const pictures = (await stack.sql(`select encode(sha256, 'hex') from data.image where id in (${named.id}, ${loose.id})`)).split('\n');
  const before = await stack.dump();
  for (const word of ['name-of-hers', 'status-of-hers', 'agent-of-hers', 'later-text-of-hers', 'alt-of-hers', 'label-of-hers', 'room-name-of-hers', 'topic-of-hers', 'reason-of-hers', 'on name-of-hers', ...pictures]) assert.ok(before.includes(word), word);

  assert.deepEqual(assertStatus(await eve.get('/api/me/erasure'), 200).erasure, { messages: 6, images: 2, reactions: 0, sessions: 3, bots: 1 });
  assertStatus(await eve.del('/api/me?messages=remove'), 204);
  await until('all of it is tidied', isTidied);
  const after = await stack.dump();
  for (const picture of pictures) assert.ok(!after.includes(picture), picture);
  assert.deepEqual(after.match(/[\w-]*of-hers/g), ['reported-text-of-hers']);
  const { audit } = (await owner.get(`/api/audit?room=${channel.id}`)).body;
  assert.deepEqual(audit.map(({ action, reason, detail }) => [action, reason, detail.topic]),
    [['change_room', null, undefined], ['mute_member', null, undefined], ['mute_member', null, undefined], ['change_room', null, 'calm']]);
});

test('it goes on where it was when the server dies in between, and readers see none of that', async () => {
  const COUNT = 6000;
  const eve = await stack.guest('eve');
  await stack.sql(`select count(rule.insert_message(p, jsonb_build_object('room', 1, 'text', 'words ' || i, 'client_id', gen_random_uuid())))
                   from data.person p, generate_series(1, ${COUNT}) i where p.id = ${eve.user.id}`);
  const { body: { room } } = await reader.get('/api/rooms/1');
  const texts = () => number(`select count(text) from data.message where person_id = ${eve.user.id}`);
  const events = await reader.events();
  await events.next('ready');
  assertStatus(await eve.del('/api/me?messages=remove'), 204);
  await events.next('user.hidden', ({ user }) => user.id === eve.user.id);
  const { messages } = (await reader.get('/api/rooms/1/messages?limit=200')).body;
  assert.deepEqual(new Set(messages.map(({ text, deleted }) => `${text} ${deleted.by}`)), new Set(['null author']));
  assert.deepEqual((await reader.get('/api/search?q=words')).body.messages, []);

  await stack.sql(`do $$ begin while (select count(text) from data.message where person_id = ${eve.user.id}) = ${COUNT} loop perform pg_sleep(0.005); end loop; end $$`);
  await stack.processes.stream.kill();
  const left = await texts();
  assert.ok(left > 0, 'killed in the middle');
  stack.startProgram('stream');
  await until('the rest is gone', async () => await isTidied() && await texts() === 0, 20_000);
  const { last_n: lastN, my } = (await reader.get('/api/rooms/1')).body.room;
  assert.deepEqual([lastN, my.unread], [room.last_n, room.my.unread], 'tombstones count');
  events.close();
});

test('others post and read while the slices go', async () => {
  const eve = await stack.guest('eve');
  await stack.sql(`select count(rule.insert_message(p, jsonb_build_object('room', 1, 'text', 'words ' || i, 'client_id', gen_random_uuid())))
                   from data.person p, generate_series(1, 4000) i where p.id = ${eve.user.id}`);
  assertStatus(await eve.del('/api/me?messages=remove'), 204);
  let slowest = 0;
  for (let posts = 0; !await isTidied(); posts++) {
    const began = performance.now();
    await post(reader, `meanwhile ${posts}`);
    slowest = Math.max(slowest, performance.now() - began);
  }
  assert.ok(slowest < 500, `a post took ${slowest} ms`);
});
