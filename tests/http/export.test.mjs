// Exports: all that is mine and nothing else, as lines of JSON that come as they are read; a room for its owner.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { until } from '../harness/owned.mjs';
import { png } from '../harness/pictures.mjs';
import { assertRefused, assertStatus, stackForTests } from './described.mjs';

const stack = await stackForTests();
const owner = await stack.owner();
const member = (name) => stack.client().signIn('/api/users', { name, password: 'correct horse' });
const [ana, bo] = [await member('ana'), await stack.guest('bo')];
const post = async (who, room, body) => assertStatus(await who.post(`/api/rooms/${room}/messages`, body), 201).message;
const linesOf = (answer) => answer.text.trimEnd().split('\n').map((line) => JSON.parse(line));

async function exported(who, path = '/api/me/export') {
  const answer = await who.get(path);
  assert.equal(answer.status, 200, answer.text);
  assert.match(answer.headers['content-type'], /^application\/x-ndjson/);
  assert.equal(answer.headers['cache-control'], 'no-store');
  return linesOf(answer);
}

test('everything of mine, a line each, and nothing that is only theirs', async () => {
  const { room: group } = (await ana.post('/api/rooms', { kind: 'group', name: 'us', members: [bo.user.id] })).body;
  const { room: direct } = (await ana.put(`/api/directs/${bo.user.id}`)).body;
  const image = assertStatus(await ana.request('POST', '/api/uploads?alt=sea', png(40, 30), { 'content-type': 'image/png' }), 201);
  const mine = [await post(ana, 1, { text: 'two\nlines' }), await post(ana, group.id, { text: '', images: [image.id] }), await post(ana, direct.id, { text: 'between us' })];
  const theirs = await post(bo, group.id, { text: 'his words' });
  const removed = await post(ana, 1, { text: 'taken back' });
  await ana.del(`/api/messages/${removed.id}`);
  await ana.patch('/api/me', { status: 'away', settings: { theme: 'dark' } });
  await ana.post('/api/me/tokens', { label: 'script' });
  await ana.post('/api/bots', { name: 'anabot' });
  await ana.post('/api/invites');
  await ana.put(`/api/blocks/${bo.user.id}`);
  await ana.put(`/api/messages/${theirs.id}/reactions/${encodeURIComponent('👍')}`);
  await ana.put(`/api/messages/${mine[1].id}/pin`);
  await ana.post(`/api/messages/${theirs.id}/report`, { reason: 'not nice' });
  await bo.post(`/api/messages/${mine[0].id}/report`, { reason: 'written by bo' });
  await owner.put(`/api/rooms/1/mutes/${ana.user.id}`, { until: '2999-01-01T00:00:00Z', reason: 'calm down' });

  const lines = await exported(ana);
  const of = (type) => lines.filter((line) => line.type === type);
  assert.deepEqual(new Set(lines.map(({ type }) => type)),
    new Set(['profile', 'session', 'token', 'bot', 'room', 'invite', 'block', 'message', 'reaction', 'pin', 'image', 'mute', 'report', 'audit']));
  const [{ user }] = of('profile');
  assert.deepEqual([user.name, user.status, user.settings], ['ana', 'away', { theme: 'dark' }]);
  assert.deepEqual(of('room').map(({ room }) => room.id), [1, group.id, direct.id]);
  const messages = new Map(of('message').map(({ message }) => [message.id, message]));
  assert.deepEqual([...messages.keys()].sort((a, b) => a - b), [...mine, removed].map(({ id }) => id).sort((a, b) => a - b));
  assert.equal(messages.get(mine[0].id).text, 'two\nlines');
  assert.deepEqual([messages.get(removed.id).text, messages.get(removed.id).deleted.by], [null, 'author']);
  assert.deepEqual(of('image').map((line) => [line.image.url, line.image.alt, line.message_id]), [[image.url, 'sea', mine[1].id]]);
  assert.deepEqual(of('mute').map(({ room_id, reason }) => [room_id, reason]), [[1, 'calm down']]);
  assert.deepEqual(of('report').map(({ by_me, reason, message }) => [by_me, reason, message?.text]), [[true, 'not nice', undefined], [false, null, 'two\nlines']]);
  assert.deepEqual(of('audit').map(({ action, by_me }) => [action, by_me]), [['remove_message', true], ['mute_member', false]]);
  const text = JSON.stringify(lines);
  for (const word of ['his words', 'written by bo', ana.token]) assert.ok(!text.includes(word), word);
});

test('of somebody who is not signed in there is none', async () => {
  assertRefused(await stack.client().get('/api/me/export'), 401, 'no_session');
  assertRefused(await stack.client({ token: 'x'.repeat(43) }).get('/api/me/export'), 401, 'no_session');
});

test('a room is exported by its owner, also a moderator of the server, and by admins where they act', async () => {
  const cy = await member('cy');
  const { room } = (await cy.post('/api/rooms', { kind: 'channel', name: 'c' })).body;
  const { room: group } = (await cy.post('/api/rooms', { kind: 'group', name: 'g', members: [bo.user.id] })).body;
  const { room: direct } = (await cy.put(`/api/directs/${bo.user.id}`)).body;
  await bo.post(`/api/rooms/${room.id}/join`);
  await post(cy, room.id, { text: 'first' });
  await post(bo, room.id, { text: 'second' });
  for (const who of [cy, owner]) {
    const lines = await exported(who, `/api/rooms/${room.id}/export`);
    assert.deepEqual(lines.map(({ type, message }) => message?.text ?? type), ['room', 'member', 'member', 'first', 'second']);
  }
  await owner.put(`/api/users/${cy.user.id}/role`, { role: 'moderator' });
  assert.equal((await exported(cy, `/api/rooms/${room.id}/export`)).length, 5);
  assert.equal((await exported(cy, `/api/rooms/${group.id}/export`)).length, 3);
  assertRefused(await bo.get(`/api/rooms/${room.id}/export`), 403, 'not_an_owner');
  assertRefused(await cy.get('/api/rooms/1/export'), 403, 'not_an_owner');
  assertRefused(await cy.get(`/api/rooms/${direct.id}/export`), 403, 'not_an_owner');
  for (const path of [`/api/rooms/${group.id}/export`, '/api/rooms/987654/export', '/api/rooms/x/export']) assertRefused(await owner.get(path), 404, 'not_found');
});

test('two at a time, and the third is told when to come back', async () => {
  const lock = assert.rejects(stack.sql('begin; lock table data.pin; select pg_sleep(60); commit'), /canceling statement/);
  await until('exports have to wait', async () => await stack.sql("select count(*) from pg_locks where relation = 'data.pin'::regclass and granted") === '1');
  const running = [ana.get('/api/me/export'), bo.get('/api/me/export')];
  await until('two are running', async () => await stack.sql("select count(*) from pg_stat_activity where application_name = 'parley-api export' and wait_event_type = 'Lock'") === '2');
  const refused = await owner.get('/api/me/export');
  assertRefused(refused, 429, 'slow_down');
  assert.ok(Number(refused.headers['retry-after']) > 0);
  await stack.sql("select pg_cancel_backend(pid) from pg_stat_activity where query like '%lock table data.pin%' and pid <> pg_backend_pid()");
  await lock;
  for (const answer of await Promise.all(running)) assert.equal(answer.status, 200);
  await exported(owner);
});

test('a long one needs no memory in the program', async () => {
  const COUNT = 40_000;
  const memory = () => Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${stack.processes.api.pid}/status`, 'utf8'))[1]);
  await stack.sql(`insert into data.message (id, room_id, n, person_id, client_id, text)
    select nextval('data.log_id'), 999, i, ${bo.user.id}, gen_random_uuid(), repeat('words ', 100) from generate_series(1, ${COUNT}) i`);
  const before = memory();
  const answer = await bo.get('/api/me/export');
  assert.ok(answer.text.length > COUNT * 600);
  assert.equal(linesOf(answer).filter(({ message }) => message?.room_id === 999).length, COUNT);
  assert.ok(memory() - before < 8 << 10, `${memory() - before} kB more`);
});
