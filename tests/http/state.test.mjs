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

test('without a session there is no state', async () => {
  assertRefused(await stack.client().get('/api/state'), 401, 'no_session');
});
