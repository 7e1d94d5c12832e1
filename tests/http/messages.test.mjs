// Messages: posting, sending again, editing, removing, replies, reactions, pins, mentions.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import test from 'node:test';
import { assertInvalid, assertRefused, assertStatus, stackForTests } from './described.mjs';

const stack = await stackForTests();
const owner = await stack.owner();
const [ana, bo, cy] = [await stack.guest('ana'), await stack.guest('bo'), await stack.guest('cy')];
const LOBBY = '/api/rooms/1/messages';

const send = (who, body, path = LOBBY) => who.post(path, body);
const post = async (who, text, more = {}, path = LOBBY) => assertStatus(await send(who, { text, ...more }, path), 201).message;
const read = async (who, { id }) => assertStatus(await who.get(`/api/messages/${id}`), 200).message;
const rows = () => stack.sql('select count(*) from data.message');
const emoji = (symbol) => encodeURIComponent(symbol);

// --- posting

test('a message is answered with what is stored, and is there for the others', async () => {
  const clientId = randomUUID();
  const message = await post(ana, 'hi', { client_id: clientId });
  assert.deepEqual(message.user, { id: ana.user.id, name: 'ana' });
  assert.deepEqual([message.text, message.room_id, message.client_id, message.edited_at, message.deleted, message.reply_to], ['hi', 1, clientId, null, null, null]);
  assert.deepEqual([message.images, message.reactions, message.mentions], [[], [], []]);
  assert.deepEqual(await read(bo, message), message);
});

test('plain text is the message, with whatever it looks like', async () => {
  const text = '{"text":"not JSON"}\n\ttab & <b>ümlaut</b> 😀';
  for (const type of ['text/plain', 'text/plain; charset=utf-8', 'Text/Plain']) {
    const { message } = assertStatus(await ana.request('POST', LOBBY, text, { 'content-type': type }), 201);
    assert.equal(message.text, text);
  }
});

test('ids and n grow together, without a gap, also when many post at once', async () => {
  const answers = await Promise.all(Array.from({ length: 60 }, (_, i) => send([ana, bo, cy][i % 3], { text: `m${i}` })));
  const messages = answers.map((answer) => assertStatus(answer, 201).message).sort((a, b) => a.id - b.id);
  messages.forEach((message, i) => assert.equal(message.n, messages[0].n + i));
});

test('the same client_id again is 200 and the first message, whatever else is sent', async () => {
  const clientId = randomUUID();
  const first = await post(ana, 'once', { client_id: clientId });
  const before = await rows();
  const again = await send(ana, { text: 'twice', client_id: clientId.toUpperCase() });
  assert.deepEqual(assertStatus(again, 200).message, first);
  assert.equal(await rows(), before);
});

test('the same client_id from many at once is one message of each author', async () => {
  const clientId = randomUUID();
  const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => send(i % 2 ? ana : bo, { text: 'race', client_id: clientId })));
  assert.equal(new Set(answers.map(({ body }) => body.message.id)).size, 2);
  assert.equal(answers.filter(({ status }) => status === 201).length, 2);
});

test('the same client_id after the message was removed is 200 and its tombstone', async () => {
  const clientId = randomUUID();
  const { id } = await post(ana, 'gone', { client_id: clientId });
  assertStatus(await ana.del(`/api/messages/${id}`), 204);
  const { message } = assertStatus(await send(ana, { text: 'gone', client_id: clientId }), 200);
  assert.deepEqual([message.id, message.text, message.deleted.by], [id, null, 'author']);
});

test('a text is 1 to 8000 code points, and not only white space', async () => {
  const before = await rows();
  for (const text of ['', ' \n\t ', 'x'.repeat(8001), '😀'.repeat(8001)]) assertInvalid(await send(ana, { text }), 'text');
  assert.equal(await rows(), before);
  for (const text of ['x'.repeat(8000), '😀'.repeat(8000)]) assert.equal((await post(ana, text)).text, text);
});

test('CRLF and CR become LF, also in what is counted', async () => {
  assert.equal((await post(ana, 'a\r\nb\rc\nd')).text, 'a\nb\nc\nd');
  assert.equal((await post(ana, `${'x'.repeat(7999)}\r\n`)).text.length, 8000);
  const { message } = assertStatus(await ana.request('POST', LOBBY, 'a\r\nb', { 'content-type': 'text/plain' }), 201);
  assert.equal(message.text, 'a\nb');
});

test('text comes back as it was sent: emoji, marks, direction, other planes', async () => {
  for (const text of ['👩‍👩‍👧‍👦 👍🏽 🇩🇪', 'e\u0301 \u202eabc\u202c', '\u{10ffff}\ufeff\ufffe', 'שלום 你好', '\\u0000 \\ " / %00', 'not C0: \u007f\u0080']) {
    assert.equal((await read(bo, await post(ana, text))).text, text);
  }
});

test('a client_id is a UUID, a reply_to an id', async () => {
  const before = await rows();
  for (const client_id of ['', 'x', `${randomUUID()}x`, 7]) assertInvalid(await send(ana, { text: 'x', client_id }), 'client_id');
  for (const reply_to of ['1', 1.5, -1, 0, 2 ** 53, [], {}]) assertInvalid(await send(ana, { text: 'x', reply_to }), 'reply_to');
  for (const images of [7, [0], ['x'], [4_000_000], Array(11).fill(1)]) assertInvalid(await send(ana, { text: 'x', images }), 'images');
  assert.equal(await rows(), before);
});

test('null is the same as not given, and unknown keys are ignored', async () => {
  await post(ana, 'nulls', { client_id: null, reply_to: null, images: null, colour: 'red' });
});

// --- editing and removing

test('its author edits a message, and nobody else', async () => {
  const message = await post(ana, 'befor');
  assertStatus(await ana.patch(`/api/messages/${message.id}`, { text: 'before' }), 204);
  const edited = await read(bo, message);
  assert.equal(edited.text, 'before');
  assert.ok(edited.edited_at >= message.at);
  for (const other of [bo, owner]) assertRefused(await other.patch(`/api/messages/${message.id}`, { text: 'x' }), 403, 'not_the_author');
  for (const text of ['', 'x'.repeat(8001)]) assertInvalid(await ana.patch(`/api/messages/${message.id}`, { text }), 'text');
  assert.equal((await read(bo, message)).text, 'before');
});

test('a removed message is a tombstone: id, user and time stay', async () => {
  const message = await post(ana, 'oops');
  await bo.put(`/api/messages/${message.id}/reactions/${emoji('👍')}`);
  await bo.put(`/api/messages/${message.id}/pin`);
  assertStatus(await ana.del(`/api/messages/${message.id}`), 204);
  const left = await read(bo, message);
  assert.deepEqual([left.id, left.n, left.user, left.at, left.text, left.deleted.by], [message.id, message.n, message.user, message.at, null, 'author']);
  assert.deepEqual([left.reactions, left.images, left.mentions], [[], [], []]);
  assertStatus(await ana.del(`/api/messages/${message.id}`), 204);
  assertRefused(await ana.patch(`/api/messages/${message.id}`, { text: 'x' }), 409, 'removed');
  assertRefused(await ana.put(`/api/messages/${message.id}/reactions/${emoji('👍')}`), 409, 'removed');
  assertRefused(await ana.put(`/api/messages/${message.id}/pin`), 409, 'removed');
});

test('somebody of an equal rank removes nothing of others; somebody above does, as a moderator', async () => {
  const message = await post(ana, 'mine');
  assertRefused(await bo.del(`/api/messages/${message.id}`), 403, 'not_a_moderator');
  assertStatus(await owner.del(`/api/messages/${message.id}`), 204);
  assert.equal((await read(ana, message)).deleted.by, 'moderator');
  const theirs = await post(owner, 'by the owner');
  assertRefused(await ana.del(`/api/messages/${theirs.id}`), 403, 'not_a_moderator');
});

test('a message that is not there is 404', async () => {
  const calls = [['GET', ''], ['PATCH', '', { text: 'x' }], ['DELETE', ''], ['PUT', `/reactions/${emoji('👍')}`], ['DELETE', `/reactions/${emoji('👍')}`],
    ['PUT', '/pin'], ['DELETE', '/pin'], ['POST', '/report', { reason: 'x' }]];
  for (const [method, rest, body] of calls) assertRefused(await ana.request(method, `/api/messages/4000000${rest}`, body), 404, 'not_found');
});

// --- replies

test('a reply shows what it answers, up to 140 characters, and what becomes of that', async () => {
  const question = await post(ana, '😀'.repeat(200));
  const reply = await post(bo, 'answer', { reply_to: question.id });
  assert.deepEqual(reply.reply_to, { id: question.id, user: question.user, text: '😀'.repeat(140), deleted: null });
  await ana.patch(`/api/messages/${question.id}`, { text: 'shorter' });
  assert.equal((await read(bo, reply)).reply_to.text, 'shorter');
  await ana.del(`/api/messages/${question.id}`);
  const { reply_to: quoted } = await read(bo, reply);
  assert.deepEqual([quoted.text, quoted.deleted.by], [null, 'author']);
});

test('a reply is to a message of the same room', async () => {
  const { room } = (await ana.post('/api/rooms', { kind: 'group', name: 'elsewhere' })).body;
  const elsewhere = await post(ana, 'x', {}, `/api/rooms/${room.id}/messages`);
  for (const reply_to of [elsewhere.id, 4_000_000]) assertInvalid(await send(ana, { text: 'x', reply_to }), 'reply_to');
});

// --- reactions

test('reactions are gathered by emoji, in the order of their first; twice is once', async () => {
  const message = await post(ana, 'react');
  const react = (who, symbol, method = 'put') => who[method](`/api/messages/${message.id}/reactions/${emoji(symbol)}`);
  for (const [who, symbol] of [[bo, '👍'], [ana, '👍'], [bo, '👍'], [bo, '❤️'], [cy, '👩‍👩‍👧‍👦']]) assertStatus(await react(who, symbol), 204);
  assert.deepEqual((await read(cy, message)).reactions, [
    { emoji: '👍', users: [bo.user.id, ana.user.id] }, { emoji: '❤️', users: [bo.user.id] }, { emoji: '👩‍👩‍👧‍👦', users: [cy.user.id] }]);
  assertStatus(await react(bo, '👍', 'del'), 204);
  assertStatus(await react(bo, '👍', 'del'), 204);
  assert.deepEqual((await read(cy, message)).reactions[0], { emoji: '👍', users: [ana.user.id] });
});

test('emoji of every kind are reactions; words, spaces and controls are not', async () => {
  const message = await post(ana, 'symbols');
  const react = (symbol) => bo.put(`/api/messages/${message.id}/reactions/${symbol}`);
  for (const symbol of ['😀', '👍🏽', '🇩🇪', '1️⃣', '#️⃣', '☺️', '🏴󠁧󠁢󠁥󠁮󠁧󠁿', '✔️', '©️']) assertStatus(await react(emoji(symbol)), 204);
  for (const symbol of ['a', 'ok', '1', '%20', emoji('👍 '), emoji('<b>'), emoji('ñ'), emoji('你'), emoji('👍'.repeat(17)), '%E2%80%AE']) {
    assert.ok([404, 422].includes((await react(symbol)).status), symbol);
  }
  for (const symbol of ['%00', '%0A', '%FF', '%C0%80', '%ED%A0%80', '%zz']) assert.ok([400, 404, 422].includes((await react(symbol)).status), symbol);
  assert.equal((await read(ana, message)).reactions.length, 9);
});

test('one emoji a reaction, and the same one however it is written', async () => {
  const message = await post(ana, 'one heart');
  const at = (symbol) => `/api/messages/${message.id}/reactions/${emoji(symbol)}`;
  for (const symbol of ['👍👍', '😀🎉🔥', '🇩🇪🇨🇭', '🇩']) assertInvalid(await bo.put(at(symbol)), 'emoji');
  for (const symbol of ['%ff', '%c3%28', '%01']) assertInvalid(await bo.put(`/api/messages/${message.id}/reactions/${symbol}`), 'emoji');
  for (const symbol of ['❤', '❤️', '❤︎']) assertStatus(await bo.put(at(symbol)), 204);
  assert.deepEqual((await read(ana, message)).reactions, [{ emoji: '❤️', users: [bo.user.id] }]);
  assertStatus(await bo.del(at('❤')), 204);
  assert.deepEqual((await read(ana, message)).reactions, []);
});

test('a message takes 20 different reactions', async () => {
  const message = await post(ana, 'many');
  const react = (who, i) => who.put(`/api/messages/${message.id}/reactions/${emoji(String.fromCodePoint(0x1f600 + i))}`);
  for (let i = 0; i < 20; i++) assertStatus(await react(bo, i), 204);
  assertRefused(await react(bo, 20), 409, 'too_many_reactions');
  assertStatus(await react(ana, 3), 204);
});

// --- pins

test('pins are listed with who pinned them, and taken away', async () => {
  const { room } = (await ana.post('/api/rooms', { kind: 'group', name: 'pins', members: [bo.user.id] })).body;
  const path = `/api/rooms/${room.id}/messages`;
  const [first, second] = [await post(ana, 'one', {}, path), await post(bo, 'two', {}, path)];
  for (const message of [second, first, first]) assertStatus(await bo.put(`/api/messages/${message.id}/pin`), 204);
  const { pins } = assertStatus(await ana.get(`/api/rooms/${room.id}/pins`), 200);
  assert.deepEqual(pins.map(({ id, pinned_by: by }) => [id, by.name]), [[first.id, 'bo'], [second.id, 'bo']]);
  assertStatus(await ana.del(`/api/messages/${first.id}/pin`), 204);
  assertStatus(await ana.del(`/api/messages/${first.id}/pin`), 204);
  assert.deepEqual((await ana.get(`/api/rooms/${room.id}/pins`)).body.pins.map(({ id }) => id), [second.id]);
});

// --- mentions

test('a mention is @ and the longest name of a member that fits', async () => {
  const long = await stack.guest('ana lena');
  assert.deepEqual((await post(bo, '@ana hello')).mentions, [ana.user.id]);
  assert.deepEqual((await post(bo, 'hi @Ana Lena!')).mentions, [long.user.id]);
  assert.deepEqual((await post(bo, '@anabel and mail@ana.org')).mentions, []);
  assert.deepEqual((await post(bo, '@cy @ana @cy')).mentions, [ana.user.id, cy.user.id]);
  const edited = await post(bo, '@ana');
  await bo.patch(`/api/messages/${edited.id}`, { text: '@cy' });
  assert.deepEqual((await read(ana, edited)).mentions, [cy.user.id]);
});

test('@all is for those who moderate', async () => {
  assert.equal((await post(ana, '@all look')).mention_all, false);
  assert.equal((await post(owner, '@all look')).mention_all, true);
});

test('mentions of me and answers to me are listed, until they are removed', async () => {
  const [me, other] = [await stack.guest('mentioned'), await stack.guest('mentioner')];
  const mine = await post(me, 'question');
  const answer = await post(other, 'answer', { reply_to: mine.id });
  const named = await post(other, 'hey @mentioned');
  await post(other, 'nothing to do with it');
  const list = async () => assertStatus(await me.get('/api/mentions'), 200).mentions.map(({ id }) => id);
  assert.deepEqual(await list(), [answer.id, named.id]);
  const page = (await me.get('/api/mentions?limit=1')).body;
  assert.deepEqual([page.mentions[0].id, page.more_before, page.more_after], [named.id, true, false]);
  await other.del(`/api/messages/${named.id}`);
  assert.deepEqual(await list(), [answer.id]);
});

// --- reports, as far as whoever reports sees them

test('a report is answered 201, and 200 while it is open', async () => {
  const message = await post(ana, 'bad');
  const first = assertStatus(await bo.post(`/api/messages/${message.id}/report`, { reason: 'rude' }), 201).report;
  const again = assertStatus(await bo.post(`/api/messages/${message.id}/report`, { reason: 'very rude' }), 200).report;
  assert.deepEqual(again, first);
  assertRefused(await bo.get('/api/reports'), 403, 'not_a_moderator');
  const { reports } = assertStatus(await owner.get('/api/reports?state=open'), 200);
  assert.ok(reports.some(({ id, message: copy }) => id === first.id && copy.text === 'bad'));
});
