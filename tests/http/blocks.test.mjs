// Blocks are personal: the one who blocks sees that there is something and no word of it, and the blocked one sees nothing of it.
import assert from 'node:assert/strict';
import test from 'node:test';
import { assertInvalid, assertRefused, assertStatus, stackForTests } from './described.mjs';

const stack = await stackForTests();
const owner = await stack.owner();
let people = 0;

/** Ana, who blocks bo, and cy; all in one group, with open streams. */
async function scene({ blocked = true } = {}) {
  const [ana, bo, cy] = [await stack.guest(`ana${++people}`), await stack.guest(`bo${people}`), await stack.guest(`cy${people}`)];
  const { room } = assertStatus(await cy.post('/api/rooms', { kind: 'group', name: 'group', members: [ana.user.id, bo.user.id] }), 201);
  const streams = {};
  for (const [name, person] of Object.entries({ ana, bo, cy })) {
    streams[name] = await person.events();
    await streams[name].next('ready');
  }
  if (blocked) assertStatus(await ana.put(`/api/blocks/${bo.user.id}`), 204);
  return { ana, bo, cy, room: room.id, streams, close: () => Object.values(streams).forEach((stream) => stream.close()) };
}

const say = async (who, room, text, more = {}) => assertStatus(await who.post(`/api/rooms/${room}/messages`, { text, ...more }), 201).message;

test('a block is told to one\'s own pages and to nobody else', async () => {
  const s = await scene();
  const { data } = await s.streams.ana.next('block.changed');
  assert.deepEqual([data.user.id, data.blocked], [s.bo.user.id, true]);
  const marker = await say(s.cy, s.room, 'marker');
  for (const name of ['bo', 'cy']) {
    await s.streams[name].next('message.posted', ({ id }) => id === marker.id);
    assert.ok(!/block/.test(s.streams[name].text));
  }
  const { blocks } = assertStatus(await s.ana.get('/api/blocks'), 200);
  assert.deepEqual(blocks.map(({ user }) => user.id), [s.bo.user.id]);
  assert.deepEqual(assertStatus(await s.bo.get('/api/blocks'), 200).blocks, []);
  assert.ok(!(await s.bo.get(`/api/users/${s.ana.user.id}`)).text.includes('block'));
  s.close();
});

test('their words are collapsed live, in history, alone, in answers, pins and searches, and only for me', async () => {
  const s = await scene();
  const { ana, bo, cy, room, streams } = s;
  const message = await say(bo, room, 'unbearable');
  const answer = await say(cy, room, 'well', { reply_to: message.id });
  assertStatus(await cy.put(`/api/messages/${message.id}/pin`), 204);
  await bo.patch(`/api/messages/${message.id}`, { text: 'unbearable still' });

  for (const kind of ['message.posted', 'message.edited']) {
    const collapsed = (await streams.ana.next(kind, ({ id }) => id === message.id)).data;
    assert.deepEqual([collapsed.blocked, collapsed.text, collapsed.n, collapsed.user.id], [true, null, message.n, bo.user.id], kind);
    const plain = (await streams.cy.next(kind, ({ id }) => id === message.id)).data;
    assert.match(plain.text, /^unbearable/);
    assert.ok(!('blocked' in plain));
    if (kind === 'message.edited') continue;
    const quoting = (await streams.ana.next('message.posted', ({ id }) => id === answer.id)).data;
    assert.deepEqual([quoting.text, quoting.reply_to.text, quoting.reply_to.blocked], ['well', null, true]);
    assert.equal((await streams.cy.next('message.posted', ({ id }) => id === answer.id)).data.reply_to.text, 'unbearable');
  }

  const asked = {
    history: (await ana.get(`/api/rooms/${room}/messages`)).body.messages.find(({ id }) => id === message.id),
    alone: (await ana.get(`/api/messages/${message.id}`)).body.message,
    pin: (await ana.get(`/api/rooms/${room}/pins`)).body.pins[0],
  };
  for (const [where, shown] of Object.entries(asked)) assert.deepEqual([shown.blocked, shown.text], [true, null], where);
  assert.equal((await ana.get(`/api/messages/${answer.id}`)).body.message.reply_to.text, null);
  assert.equal((await ana.get('/api/search?q=unbearable')).body.messages.filter(({ text }) => text !== null).length, 0);
  assert.equal((await cy.get(`/api/messages/${message.id}`)).body.message.text, 'unbearable still');
  assert.equal((await bo.get(`/api/messages/${message.id}`)).body.message.text, 'unbearable still');
  assert.ok(!streams.ana.text.includes('unbearable'));

  const back = await ana.events({ since: streams.ana.seen[0].id });
  await back.next('message.edited');
  assert.ok(!back.text.includes('unbearable'), 'a replay tells');
  back.close();
  s.close();
});

test('the stream and the history collapse a message alike, key by key, though it calls @all', async () => {
  const s = await scene();
  assertStatus(await s.cy.put(`/api/rooms/${s.room}/members/${s.bo.user.id}`, { role: 'moderator' }), 204);
  const quoted = await say(s.cy, s.room, 'quoted');
  const message = await say(s.bo, s.room, `@all and @${s.cy.user.name}`, { reply_to: quoted.id });
  assert.equal(message.mention_all, true);
  const { data } = await s.streams.ana.next('message.posted', ({ id }) => id === message.id);
  assert.deepEqual(data, assertStatus(await s.ana.get(`/api/messages/${message.id}`), 200).message);
  s.close();
});

test('they do not mention me, neither by name, nor by answering, nor by @all', async () => {
  const s = await scene();
  const { ana, bo, cy, room } = s;
  assertStatus(await cy.put(`/api/rooms/${room}/members/${bo.user.id}`, { role: 'moderator' }), 204);
  const mine = await say(ana, room, 'mine');
  const { message } = assertStatus(await bo.post(`/api/rooms/${room}/messages`, { text: `@${ana.user.name} hello` }), 201);
  assert.deepEqual(message.mentions, []);
  await say(bo, room, '@all of you');
  await say(bo, room, 'an answer', { reply_to: mine.id });
  assert.equal((await ana.get(`/api/rooms/${room}`)).body.room.my.mentions, 0);
  assert.deepEqual((await ana.get('/api/mentions')).body.mentions, []);
  assert.equal((await cy.get(`/api/rooms/${room}`)).body.room.my.mentions, 1);
  assert.equal((await cy.get('/api/mentions')).body.mentions.length, 1);
  assertStatus(await ana.del(`/api/blocks/${bo.user.id}`), 204);
  assert.equal((await ana.get(`/api/rooms/${room}`)).body.room.my.mentions, 1);
  s.close();
});

test('no direct messages either way, and the refusal does not say whose block it is', async () => {
  const s = await scene({ blocked: false });
  const { ana, bo } = s;
  const direct = assertStatus(await bo.put(`/api/directs/${ana.user.id}`), 200).room;
  const message = await say(bo, direct.id, 'hi');
  await say(ana, direct.id, 'hello');
  assertStatus(await ana.put(`/api/blocks/${bo.user.id}`), 204);
  const titles = new Set();
  for (const who of [ana, bo]) {
    titles.add(assertRefused(await who.post(`/api/rooms/${direct.id}/messages`, { text: 'x' }), 403, 'not_reachable').title);
    titles.add(assertRefused(await who.put(`/api/messages/${message.id}/reactions/${encodeURIComponent('👍')}`), 403, 'not_reachable').title);
  }
  assert.equal(titles.size, 1);
  assert.ok(!/block/i.test([...titles][0]));
  assertStatus(await ana.del(`/api/blocks/${bo.user.id}`), 204);
  await say(bo, direct.id, 'again');
  s.close();
});

test('a direct room that is not there yet cannot be opened', async () => {
  const s = await scene();
  for (const [who, other] of [[s.ana, s.bo], [s.bo, s.ana]]) assertRefused(await who.put(`/api/directs/${other.user.id}`), 403, 'not_reachable');
  s.close();
});

test('an end of the block shows the words again', async () => {
  const s = await scene();
  const message = await say(s.bo, s.room, 'bearable');
  assertStatus(await s.ana.del(`/api/blocks/${s.bo.user.id}`), 204);
  assert.equal((await s.streams.ana.next('block.changed', ({ blocked }) => !blocked)).data.user.id, s.bo.user.id);
  assert.equal((await s.ana.get(`/api/messages/${message.id}`)).body.message.text, 'bearable');
  const live = await say(s.bo, s.room, 'and live');
  assert.equal((await s.streams.ana.next('message.posted', ({ id }) => id === live.id)).data.text, 'and live');
  s.close();
});

test('anybody may be blocked, of any rank, but not oneself, and more than once is no error', async () => {
  const somebody = await stack.guest('somebody');
  assertStatus(await somebody.put(`/api/blocks/${owner.user.id}`), 204);
  assertStatus(await somebody.put(`/api/blocks/${owner.user.id}`), 204);
  assertInvalid(await somebody.put(`/api/blocks/${somebody.user.id}`), 'user');
  assertRefused(await somebody.put('/api/blocks/4000000'), 404, 'not_found');
});
