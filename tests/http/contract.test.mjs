// What a client is promised, in the words and shapes in which it is promised: the examples, followed to the letter.
import assert from 'node:assert/strict';
import test from 'node:test';
import { assertRefused, assertStatus, stackForTests } from './described.mjs';

const stack = await stackForTests();
const ana = await stack.client().signIn('/api/users', { name: 'ana', password: 'correct horse' });
const bo = await stack.guest('bo');

/** Every member of the example is there, with a value of the same kind; null fits anything that may be null. */
function assertLike(answer, example, at = 'answer') {
  for (const [key, value] of Object.entries(example)) {
    assert.ok(key in answer, `${at}.${key} is missing`);
    if (value === null || answer[key] === null) continue;
    assert.equal(Array.isArray(answer[key]), Array.isArray(value), `${at}.${key}`);
    assert.equal(typeof answer[key], typeof value, `${at}.${key}`);
    if (typeof value === 'object' && !Array.isArray(value)) assertLike(answer[key], value, `${at}.${key}`);
  }
}

test('a user', async () => {
  const { user } = (await bo.get(`/api/users/${ana.user.id}`)).body;
  assertLike(user, { id: 7, name: 'ana', role: 'member', kind: 'person', online: true });
  assert.deepEqual([user.role, user.kind], ['member', 'person']);
});

test('the lobby, its marks, and unread as a subtraction', async () => {
  await ana.post('/api/rooms/1/messages', { text: 'hi' });
  const { room } = (await bo.get('/api/rooms/1')).body;
  assertLike(room, { id: 1, kind: 'channel', name: 'lobby', topic: '', archived: false, slow_mode: 0, members: 12, last_message_id: 991, last_n: 57,
    my: { role: 'member', read_up_to: 980, read_n: 53, unread: 4, mentions: 1, level: 'all', muted_until: null } });
  assert.deepEqual([room.kind, room.name, room.topic, room.my.role, room.my.level, room.my.muted_until], ['channel', 'lobby', '', 'member', 'all', null]);
  assert.equal(room.my.unread, room.last_n - room.my.read_n);
});

test('a message', async () => {
  const answer = await ana.post('/api/rooms/1/messages', { text: 'hi' });
  const { message } = assertStatus(answer, 201);
  assertLike(message, { id: 991, n: 57, room_id: 1, user: { id: 7, name: 'ana' }, text: 'hi', at: '…', edited_at: null, deleted: null,
    client_id: '…', reply_to: null, images: [], reactions: [], mentions: [9] });
  assert.match(message.at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  await bo.put(`/api/messages/${message.id}/reactions/👍`.replace('👍', encodeURIComponent('👍')));
  assert.deepEqual((await ana.get(`/api/messages/${message.id}`)).body.message.reactions, [{ emoji: '👍', users: [bo.user.id] }]);
});

test('a problem', async () => {
  const { room } = (await ana.post('/api/rooms', { kind: 'channel', name: 'hers' })).body;
  const answer = await bo.get(`/api/rooms/${room.id}/messages`);
  assertRefused(answer, 403, 'not_a_member');
  assertLike(answer.body, { status: 403, code: 'not_a_member', title: '…', detail: '…' });
});

test('each answer has the name of its thing or the plural noun of its path', async () => {
  const { room } = (await ana.post('/api/rooms', { kind: 'group', name: 'wraps' })).body;
  const lists = { '/api/users?q=a': 'users', '/api/rooms': 'rooms', '/api/me/sessions': 'sessions', '/api/me/tokens': 'tokens', '/api/mentions': 'mentions',
    '/api/invites': 'invites', '/api/blocks': 'blocks', [`/api/rooms/${room.id}/members`]: 'members', [`/api/rooms/${room.id}/messages`]: 'messages',
    [`/api/rooms/${room.id}/pins`]: 'pins', '/api/search?q=hi': 'messages' };
  for (const [path, name] of Object.entries(lists)) assert.ok(Array.isArray(assertStatus(await ana.get(path), 200)[name]), path);
  const things = { '/api/me': 'user', [`/api/users/${bo.user.id}`]: 'user', [`/api/rooms/${room.id}`]: 'room' };
  for (const [path, name] of Object.entries(things)) assert.equal(typeof assertStatus(await ana.get(path), 200)[name].id, 'number', path);
});

test('following from state by cursor, as curl does', async () => {
  const { cursor } = (await bo.get('/api/state')).body;
  const { message } = (await ana.post('/api/rooms/1/messages', 'hello from a script', { 'content-type': 'text/plain' })).body;
  const events = await bo.events({ since: cursor, once: true });
  await events.end();
  assert.equal(events.status, 200);
  assert.match(events.headers['content-type'], /^text\/event-stream/);
  assert.deepEqual(events.kinds, ['ready', 'message.posted']);
  assert.match(events.text, /^retry: \d+\n\n?id: \d+\.\w+\nevent: ready\ndata: \{"cursor":"\d+\.\w+","user":\{"id":\d+,"name":"bo"\}\}\n\n/);
  assert.deepEqual(events.seen[1].data, message);
  assert.equal(Number.parseInt(events.seen[1].id, 10), message.id);
  assertRefused(await stack.client().get('/api/events'), 401, 'no_session');
});

test('read_up_to, read_n and last_n agree with the messages themselves', async () => {
  const { room: { my, last_n: lastN, last_message_id: last } } = (await ana.get('/api/rooms/1')).body;
  const { message } = (await ana.get(`/api/messages/${last}`)).body;
  assert.equal(message.n, lastN);
  assert.equal((await ana.get(`/api/messages/${my.read_up_to}`)).body.message.n, my.read_n);
});
