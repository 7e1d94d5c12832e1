// Search: what is found, by whom, how it is marked, and what is refused.
import assert from 'node:assert/strict';
import test from 'node:test';
import { until } from '../harness/owned.mjs';
import { assertInvalid, assertRefused, assertStatus, stackForTests } from './described.mjs';

const stack = await stackForTests();
const [ana, bo] = [await stack.guest('ana'), await stack.guest('bo')];

const post = async (who, text, room = 1) => assertStatus(await who.post(`/api/rooms/${room}/messages`, { text }), 201).message;
const search = async (who, query) => assertStatus(await who.get(`/api/search?${new URLSearchParams(query)}`), 200);
const found = async (who, query) => (await search(who, query)).messages.map(({ text }) => text);

test('a message is found as soon as it is posted, newest first, by words and parts of words in any letters', async () => {
  for (const text of ['Apple pie', 'pineapple', 'a pear']) await post(ana, text);
  assert.deepEqual(await found(bo, { q: 'aPPle' }), ['pineapple', 'Apple pie']);
  assert.deepEqual(await found(bo, { q: 'pie apple' }), ['Apple pie']);
  assert.deepEqual(await found(bo, { q: '"pie apple"' }), []);
  assert.deepEqual(await found(bo, { q: '"apple pie"' }), ['Apple pie']);
});

test('identifiers, marks of SQL and of patterns, and CJK of two characters are found as they are', async () => {
  for (const text of ['PLT-3699 fixed', 'see db.json', '100% sure', 'under_score', "o'brien", 'back\\slash', '今日は天気がいい']) await post(ana, text);
  for (const [q, text] of [['plt-3699', 'PLT-3699 fixed'], ['b.json', 'see db.json'], ['0%', '100% sure'], ['r_s', 'under_score'],
    ["o'b", "o'brien"], ['k\\s', 'back\\slash'], ['天気', '今日は天気がいい'], ['気', '今日は天気がいい']]) {
    assert.deepEqual(await found(bo, { q }), [text], q);
  }
  assert.deepEqual(await found(bo, { q: 'n_e' }), []);
});

test('a single letter or digit counts beside a longer word, and is a word itself', async () => {
  for (let n = 1; n <= 13; n++) await post(ana, `chapter ${n}`);
  assert.deepEqual(await found(bo, { q: 'chapter 3' }), ['chapter 3']);
  assert.deepEqual((await search(bo, { q: '1 chapter' })).messages.map(({ text, highlight }) => [text, highlight]), [['chapter 1', [[0, 7], [8, 1]]]]);
});

test('highlight says where, in code points', async () => {
  await post(ana, '😀 needle and 😀 NEEDLE');
  const { messages } = await search(bo, { q: 'needle' });
  assert.deepEqual(messages[0].highlight, [[2, 6], [15, 6]]);
});

test('of a room that one is not in, nothing is found', async () => {
  const { room } = (await ana.post('/api/rooms', { kind: 'group', name: 'g' })).body;
  const { room: channel } = (await ana.post('/api/rooms', { kind: 'channel', name: 'c' })).body;
  await post(ana, 'treasure in the group', room.id);
  await post(ana, 'treasure in the channel', channel.id);
  assert.equal((await found(ana, { q: 'treasure' })).length, 2);
  assert.deepEqual(await found(bo, { q: 'treasure' }), []);
  assertRefused(await bo.get(`/api/search?q=treasure&room=${room.id}`), 404, 'not_found');
  assertRefused(await bo.get(`/api/search?q=treasure&room=${channel.id}`), 403, 'not_a_member');
  await ana.put(`/api/rooms/${room.id}/members/${bo.user.id}`);
  assert.deepEqual(await found(bo, { q: 'treasure' }), ['treasure in the group']);
  await ana.del(`/api/rooms/${room.id}/members/${bo.user.id}`);
  assert.deepEqual(await found(bo, { q: 'treasure' }), []);
});

test('what was removed or edited away is found no longer', async () => {
  const [removed, edited] = [await post(ana, 'zebra removed'), await post(ana, 'zebra edited')];
  await ana.del(`/api/messages/${removed.id}`);
  await ana.patch(`/api/messages/${edited.id}`, { text: 'now a giraffe' });
  assert.deepEqual(await found(bo, { q: 'zebra' }), []);
  assert.deepEqual(await found(bo, { q: 'giraffe' }), ['now a giraffe']);
});

test('room, author and time narrow it down', async () => {
  const { room } = (await ana.post('/api/rooms', { kind: 'group', name: 'here', members: [bo.user.id] })).body;
  await post(ana, 'marble one');
  const second = await post(bo, 'marble two', room.id);
  assert.deepEqual(await found(ana, { q: 'marble', room: room.id }), ['marble two']);
  assert.deepEqual(await found(ana, { q: 'marble', from: ana.user.id }), ['marble one']);
  assert.deepEqual(await found(ana, { q: 'marble', since: second.at }), ['marble two']);
  assert.deepEqual(await found(ana, { q: 'marble', until: second.at }), ['marble one']);
  assert.deepEqual(await found(ana, { q: 'marble', before: second.id }), ['marble one']);
});

test('nobody by that id, and no time', async () => {
  assert.deepEqual(await found(bo, { q: 'marble', from: 987654 }), []);
  for (const [name, value] of [['from', 'ana'], ['room', '0'], ['since', 'yesterday'], ['until', '2026-13-01T00:00:00Z'], ['before', '-1'], ['after', 'x'], ['limit', '0']]) {
    assertInvalid(await bo.get(`/api/search?q=marble&${name}=${value}`), name);
  }
});

test('a page tells whether there is more', async () => {
  for (let i = 0; i < 3; i++) await post(ana, `pebble ${i}`);
  const first = await search(bo, { q: 'pebble', limit: 2 });
  assert.deepEqual([first.messages.map(({ text }) => text), first.more_before, first.more_after], [['pebble 2', 'pebble 1'], true, false]);
  const second = await search(bo, { q: 'pebble', limit: 2, before: first.messages.at(-1).id });
  assert.deepEqual([second.messages.map(({ text }) => text), second.more_before, second.more_after], [['pebble 0'], false, true]);
  const back = await search(bo, { q: 'pebble', limit: 1, after: second.messages[0].id });
  assert.deepEqual([back.messages.map(({ text }) => text), back.more_before, back.more_after], [['pebble 1'], true, true]);
});

test('paging meets every hit once, in the index and not yet in it', async () => {
  const texts = Array.from({ length: 12 }, (_, i) => `gravel ${i}`);
  for (const text of texts) await post(ana, text);
  const walk = async (first, next) => {
    const seen = [];
    for (let query = first; query;) {
      const page = await search(bo, { q: 'gravel', limit: 5, ...query });
      seen.push(...page.messages.map(({ text }) => text));
      query = next(page);
    }
    return seen.sort();
  };
  const back = ({ messages, more_before: more }) => more && { before: messages.at(-1).id };
  const forth = ({ messages, more_after: more }) => more && { after: messages[0].id };
  for (let times = 0; times < 2; times++) {
    assert.deepEqual(await walk({}, back), [...texts].sort());
    assert.deepEqual(await walk({ after: 0 }, forth), [...texts].sort());
    await until('the index knows them', async () => await stack.sql("select count(*) from data.search where folded like 'gravel%'") === '12');
  }
});

test('operators, quotes and patterns in a query are just text', async () => {
  for (const q of ['""', '"unclosed', 'a & b | !c', "'; drop table data.message; --", '(((', '\\\\', '%%', '__', '*:*', '<->', '.*+?[']) {
    const { status } = await bo.get(`/api/search?${new URLSearchParams({ q })}`);
    assert.ok([200, 422].includes(status), q);
  }
  assert.notEqual(await stack.sql('select count(*) from data.message'), '0');
});

test('a query that is missing, too short or too long is refused, at once', async () => {
  for (const q of ['', ' ', 'a', 'é', '😀', '"', 'x'.repeat(201), 'aa bb cc dd ee ff gg hh ii', 'x'.repeat(8_000), 'x'.repeat(10_000)]) {
    const began = performance.now();
    const answer = await bo.get(`/api/search?${new URLSearchParams({ q })}`);
    assert.ok(performance.now() - began < 2_000);
    if (answer.status !== 414) assertInvalid(answer, 'q');
  }
  assertInvalid(await bo.get('/api/search'), 'q');
});
