// The snapshot to start from: consistent, complete, and the stream goes on exactly after it.
import assert from 'node:assert/strict';
import test from 'node:test';
import { until } from '../harness/owned.mjs';
import { assertRefused, assertStatus, stackForTests } from './described.mjs';

const stack = await stackForTests();
const [ana, bo] = [await stack.guest('ana'), await stack.guest('bo')];

test('state holds me, my rooms with my marks, and the people in them', async () => {
  const { room } = (await ana.post('/api/rooms', { kind: 'group', name: 'ours', members: [bo.user.id] })).body;
  const { room: direct } = (await ana.put(`/api/directs/${bo.user.id}`)).body;
  await bo.post('/api/rooms', { kind: 'group', name: 'not hers' });
  await bo.post('/api/rooms', { kind: 'channel', name: 'not joined' });
  const state = assertStatus(await ana.get('/api/state'), 200);
  assert.equal(state.me.id, ana.user.id);
  assert.deepEqual(state.rooms.map(({ id }) => id), [1, room.id, direct.id]);
  assert.deepEqual(state.rooms.map(({ my }) => my.role), ['member', 'owner', 'member']);
  assert.deepEqual(state.users.map(({ name }) => name), ['ana', 'bo']);
  assert.deepEqual((await ana.get('/api/rooms')).body.rooms, state.rooms);
});

test('what happens after the snapshot comes in the stream that follows it, and nothing of before', async () => {
  const post = async (text) => assertStatus(await bo.post('/api/rooms/1/messages', { text }), 201).message;
  await post('before');
  const { cursor } = (await ana.get('/api/state')).body;
  const after = await post('after');
  const events = await ana.events({ since: cursor });
  const { data } = await events.next('message.posted');
  assert.equal(data.id, after.id);
  events.close();
});

test('the cursor is the head of the log', async () => {
  const { cursor } = (await ana.get('/api/state')).body;
  assert.equal(cursor, await stack.sql("select id || '.' || tag from data.event order by id desc limit 1"));
});

test('who is online is told', async () => {
  const events = await bo.events();
  await events.next('ready');
  await until('bo is online', async () => (await ana.get('/api/state')).body.online.includes(bo.user.id));
  assert.equal((await ana.get(`/api/users/${bo.user.id}`)).body.user.online, true);
  events.close();
});

test('state can hold a page of a room as well: the newest, or around the end of what is read; nothing of a room that I am not in', async () => {
  const page = async (query) => assertStatus(await ana.get(`/api/state?${query}`), 200).page;
  const { room } = (await bo.post('/api/rooms', { kind: 'channel', name: 'long' })).body;
  assert.equal(await page(`room=${room.id}`), null);
  await ana.post(`/api/rooms/${room.id}/join`);
  assert.deepEqual(await page(`room=${room.id}`), { room_id: room.id, messages: [], more_before: false, more_after: false });
  for (let n = 1; n <= 8; n += 1) await bo.post(`/api/rooms/${room.id}/messages`, { text: `${n}` });
  const texts = async (limit) => (await page(`room=${room.id}&limit=${limit}`)).messages.map(({ text }) => text);
  assert.deepEqual(await texts(4), ['1', '2', '3', '4']);
  assert.deepEqual(await texts(12), ['1', '2', '3', '4', '5', '6', '7', '8']);
  const { messages } = (await ana.get(`/api/rooms/${room.id}/messages`)).body;
  await ana.put(`/api/rooms/${room.id}/read`, { up_to: messages[5].id });
  assert.deepEqual(await texts(4), ['5', '6', '7', '8']);
  assert.equal((await page('limit=3')).room_id, 1);
  assert.equal((await ana.get('/api/state')).body.page, null);
  assertRefused(await ana.get('/api/state?room=x'), 422, 'invalid');
});

test('without a session there is no state', async () => {
  assertRefused(await stack.client().get('/api/state'), 401, 'no_session');
});
