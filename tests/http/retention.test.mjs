// Retention as a client meets it: the beginning of a room goes, the room says so, and what is gone comes from nowhere any more.
import assert from 'node:assert/strict';
import test from 'node:test';
import { png } from '../harness/pictures.mjs';
import { assertInvalid, assertRefused, assertStatus, stackForTests } from './described.mjs';

const stack = await stackForTests();
const owner = await stack.owner();
const [ana, bo] = [await stack.guest('ana'), await stack.guest('bo')];
const post = async (room, body) => assertStatus(await ana.post(`/api/rooms/${room.id}/messages`, body), 201).message;
const roomOf = async (who, { id }) => assertStatus(await who.get(`/api/rooms/${id}`), 200).room;
const age = (room, days) => stack.sql(`update data.message set at = now() - interval '${days} days' where room_id = ${room.id} and n <= 3`);

test('the beginning of a room goes: first_n moves, unread counts what is left, and its readers are told', async () => {
  const { room } = (await ana.post('/api/rooms', { kind: 'group', name: 'old', members: [bo.user.id] })).body;
  const image = assertStatus(await ana.request('POST', '/api/uploads', png(40, 30), { 'content-type': 'image/png' }), 201);
  const messages = [];
  for (const text of ['one', 'two', 'three', 'four', 'five']) messages.push(await post(room, { text, images: text === 'one' ? [image.id] : [] }));
  await age(room, 31);
  const { cursor } = (await bo.get('/api/state')).body;
  const events = await bo.events();
  await events.next('ready');
  assertStatus(await owner.patch('/api/settings', { message_days: 30 }), 204);
  assert.deepEqual((await owner.get('/api/settings/retention')).body.messages, 3);
  await stack.sql("select api.maintain('retire')");
  const { data } = await events.next('room.changed', ({ id }) => id === room.id);
  assert.equal(data.first_n, 4);
  const { first_n: first, last_n: last, my } = await roomOf(bo, room);
  assert.deepEqual([first, last, my.read_n, my.unread], [4, 5, 0, last - Math.max(my.read_n, first - 1)]);
  const page = (await bo.get(`/api/rooms/${room.id}/messages`)).body;
  assert.deepEqual([page.messages.map(({ n }) => n), page.more_before], [[4, 5], false]);
  assertRefused(await bo.get(`/api/messages/${messages[0].id}`), 404, 'not_found');
  assertRefused(await ana.get(image.url), 404, 'not_found');
  assert.deepEqual((await bo.get(`/api/search?q=three&room=${room.id}`)).body.messages, []);
  assert.equal((await bo.put(`/api/rooms/${room.id}/read`, { up_to: messages[3].id })).body.unread, 1);
  const replayed = await bo.events({ since: cursor, once: true });
  await replayed.end();
  assert.ok(!/"text":"(one|two|three)"/.test(replayed.text));
  events.close();
  await owner.patch('/api/settings', { message_days: null });
});

test('a room keeps as long as its owner says, within what the server keeps', async () => {
  const { room } = (await ana.post('/api/rooms', { kind: 'group', name: 'short', members: [bo.user.id] })).body;
  for (const text of ['one', 'two', 'three', 'four']) await post(room, { text });
  await age(room, 8);
  assertRefused(await bo.patch(`/api/rooms/${room.id}`, { message_days: 7 }), 403, 'not_an_owner');
  for (const days of [-1, 36_501, 1.5, 'x']) assertInvalid(await ana.patch(`/api/rooms/${room.id}`, { message_days: days }), 'message_days');
  assertStatus(await ana.patch(`/api/rooms/${room.id}`, { message_days: 7 }), 204);
  assert.equal((await roomOf(bo, room)).message_days, 7);
  await stack.sql("select api.maintain('retire')");
  assert.equal((await roomOf(bo, room)).first_n, 4);
  await owner.patch('/api/settings', { message_days: 30 });
  assertInvalid(await ana.patch(`/api/rooms/${room.id}`, { message_days: 31 }), 'message_days');
  assertStatus(await ana.patch(`/api/rooms/${room.id}`, { message_days: null }), 204);
  assert.ok(!('message_days' in await roomOf(bo, room)));
  await owner.patch('/api/settings', { message_days: null });
});

test('the dry run counts what other days would take', async () => {
  const { room } = (await ana.post('/api/rooms', { kind: 'group', name: 'dry' })).body;
  for (const text of ['one', 'two', 'three', 'four']) await post(room, { text });
  await age(room, 100);
  const counted = async (query) => assertStatus(await owner.get(`/api/settings/retention${query}`), 200);
  const before = await counted('');
  assert.deepEqual([before.messages, (await counted('?message_days=90')).messages, (await counted('?message_days=0')).messages], [0, 3, 0]);
  assert.deepEqual(await counted(''), before);
  assertInvalid(await owner.get('/api/settings/retention?message_days=x'), 'message_days');
  assertInvalid(await owner.get('/api/settings/retention?log_days=0'), 'log_days');
});
