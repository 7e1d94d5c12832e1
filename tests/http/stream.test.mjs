// The stream of events as the contract has it: what comes, in which order, to whom, and from where one goes on.
import assert from 'node:assert/strict';
import test from 'node:test';
import { EventReader } from '../harness/events.mjs';
import { assertInvalid, assertRefused, assertStatus, stackForTests } from './described.mjs';

const PING_MS = 400;
const stack = await stackForTests({ env: { PARLEY_PING_MS: PING_MS, PARLEY_ONCE_MS: 1200, PARLEY_GRACE_MS: 600, PARLEY_PRESENCE_MS: 100 } });
let names = 0;

const guest = () => stack.guest(`guest${++names}`);
const post = async (who, text, room = 1, more = {}) => assertStatus(await who.post(`/api/rooms/${room}/messages`, { text, ...more }), 201).message;
const newGroup = async (owner, ...members) =>
  assertStatus(await owner.post('/api/rooms', { kind: 'group', name: 'g', members: members.map(({ user }) => user.id) }), 201).room;

/** A stream that is live, from here on or from a cursor. */
async function follow(who, options) {
  const events = await who.events(options);
  await events.next('ready');
  return events;
}

/** The texts of the messages that came, until one says `last`. */
async function textsUntil(events, last) {
  await events.next('message.posted', ({ text }) => text === last);
  return events.seen.filter(({ kind }) => kind === 'message.posted').map(({ data }) => data.text);
}

test('a stream begins with retry and ready, and is not to be stored or buffered', async () => {
  const ana = await guest();
  const events = await ana.events();
  const { id, data } = await events.next('ready');
  assert.equal(events.status, 200);
  assert.match(events.headers['content-type'], /^text\/event-stream/);
  assert.match(events.headers['cache-control'], /no-cache|no-store/);
  assert.ok(events.retry >= 1000);
  assert.equal(data.cursor, id);
  assert.deepEqual(data.user, { id: ana.user.id, name: ana.user.name });
  events.close();
});

test('without a session 401, with another method 405', async () => {
  assertRefused(await stack.client().get('/api/events'), 401, 'no_session');
  assertRefused(await stack.client({ token: 'nobody has this' }).get('/api/events'), 401, 'no_session');
  assert.equal((await (await guest()).post('/api/events')).status, 405);
});

test('by cookie as by token, and the token wins', async () => {
  const [ana, bo] = [await guest(), await guest()];
  const byCookie = await ana.byCookie().events();
  assert.equal((await byCookie.next('ready')).data.user.id, ana.user.id);
  const both = await stack.client({ token: bo.token, cookie: ana.token }).events();
  assert.equal((await both.next('ready')).data.user.id, bo.user.id);
  byCookie.close();
  both.close();
});

test('everybody gets the same messages in the same order, oneself too', async () => {
  const people = await Promise.all([guest(), guest(), guest()]);
  const streams = await Promise.all(people.map((who) => follow(who)));
  const room = await newGroup(...people);
  await Promise.all(Array.from({ length: 30 }, (_, i) => post(people[i % 3], `m${i}`, room.id)));
  await post(people[0], 'last', room.id);
  const [first, ...others] = await Promise.all(streams.map((events) => textsUntil(events, 'last')));
  assert.equal(first.length, 31);
  for (const other of others) assert.deepEqual(other, first);
  for (const events of streams) events.close();
});

test('from any cursor exactly what comes after it, by header or by query, and the header wins', async () => {
  const [ana, bo] = [await guest(), await guest()];
  const live = await follow(bo);
  for (let i = 0; i < 12; i++) await post(ana, `exact ${i}`);
  await textsUntil(live, 'exact 11');
  const ids = live.seen.filter(({ kind }) => kind === 'message.posted').map(({ id }) => id);
  for (let i = 0; i < 12; i += 4) {
    for (const options of [{ since: ids[i] }, { lastEventId: ids[i] }, { lastEventId: ids[i], since: ids[0] }]) {
      const events = await bo.events({ ...options, once: true });
      await events.end();
      assert.deepEqual(events.seen.filter(({ kind }) => kind === 'message.posted').map(({ id }) => id), ids.slice(i + 1));
      assert.deepEqual([events.seen[0].kind, events.seen[0].id], ['ready', ids[i]]);
      if (i < 11) assert.equal(events.cursor, ids[11]);
    }
  }
  live.close();
});

test('a reader who comes and goes while others write misses nothing and gets nothing twice', async () => {
  const [ana, bo] = [await guest(), await guest()];
  const room = await newGroup(ana, bo);
  let { cursor } = (await bo.get('/api/state')).body;
  const got = [];
  const writing = (async () => { for (let i = 0; i < 200; i++) await post(ana, String(i), room.id); })();
  while (!got.includes('199')) {
    const events = await bo.events({ since: cursor, once: true });
    await events.end();
    got.push(...events.seen.filter(({ kind }) => kind === 'message.posted').map(({ data }) => data.text));
    cursor = events.cursor;
  }
  await writing;
  assert.deepEqual(got, Array.from({ length: 200 }, (_, i) => String(i)));
});

test('a cursor that names no event is a reset, and the stream goes on from there', async () => {
  const [ana, bo] = [await guest(), await guest()];
  const { cursor } = (await bo.get('/api/state')).body;
  for (const since of ['nonsense', '1', '1.', '0.a', '-5.abc', '9007199254740993.abc', '99999999.abcde', `${cursor.split('.')[0]}.zzzzz`, '💥', '1.a b', 'x'.repeat(300)]) {
    const events = await bo.events({ since });
    const reset = await events.next('reset');
    assert.equal(reset.data.cursor, reset.id, since);
    assert.equal(typeof reset.data.reason, 'string');
    const { id } = await post(ana, 'after the reset');
    assert.equal((await events.next('message.posted')).data.id, id);
    events.close();
  }
});

test('once is a flag like others: 1 or true, 0 or false, and nothing else', async () => {
  const cy = await guest();
  const { cursor } = (await cy.get('/api/state')).body;
  await post(cy, 'missed');
  for (const once of ['true', '1']) {
    const answer = await cy.get(`/api/events?since=${cursor}&once=${once}`);
    assert.match(answer.text, /"missed"/);
  }
  for (const once of ['yes', '', '2', 'True']) assertInvalid(await cy.get(`/api/events?once=${once}`), 'once');
  const going = await EventReader.open(`${stack.url}/api/events?once=false`, { authorization: `Bearer ${cy.token}` });
  for (const text of ['one', 'two']) {
    await post(cy, text);
    await going.next('message.posted', (data) => data.text === text);
  }
  going.close();
});

test('once: what was missed, or the first event, or a ping at the end, and a clean close', async () => {
  const [ana, bo] = [await guest(), await guest()];
  const waiting = await follow(bo, { once: true });
  const { id } = await post(ana, 'the first');
  assert.equal((await waiting.next('message.posted')).data.id, id);
  await waiting.end();
  const cursor = waiting.cursor;
  const nothing = await bo.events({ since: cursor, once: true });
  await nothing.end();
  assert.deepEqual(nothing.kinds, ['ready']);
  assert.ok(nothing.cursor);
});

test('silence is filled with pings that carry the cursor', async () => {
  const ana = await guest();
  const events = await follow(ana);
  await post(await guest(), 'x');
  const { id } = await events.next('message.posted');
  const ping = await events.next('ping');
  assert.equal(ping.id, id);
  assert.deepEqual(ping.data, {});
  await events.next('ping');
  events.close();
});

test('signing out ends the streams of that session, and no others', async () => {
  const ana = await guest();
  const { token } = (await ana.post('/api/me/tokens', { label: 'script' })).body;
  const [first, second, other] = [await follow(ana), await follow(ana), await follow(stack.client({ token }))];
  await ana.del('/api/session');
  for (const events of [first, second]) {
    await events.end();
    assert.equal(events.seen.at(-1).kind, 'session.ended');
    assert.equal(events.seen.at(-1).data.reason, 'signed_out');
  }
  await other.next('ping');
  assert.ok(!other.ended);
  assertRefused(await ana.get('/api/events'), 401, 'no_session');
  other.close();
});

test('a token that is removed, and a session whose time is over, end their streams within a second or two', async () => {
  const ana = await guest();
  const { id, token } = (await ana.post('/api/me/tokens', { label: 'script' })).body;
  const byToken = await follow(stack.client({ token }));
  await ana.del(`/api/me/tokens/${id}`);
  await byToken.end(2000);
  assert.equal(byToken.seen.at(-1).kind, 'session.ended');
  await stack.sql(`update data.session set expires_at = clock_timestamp() + interval '700 ms' where person_id = ${ana.user.id}`);
  const events = await follow(ana);
  await events.end(4000);
  assert.deepEqual([events.seen.at(-1).kind, events.seen.at(-1).data.reason], ['session.ended', 'expired']);
});

test('a session that is prolonged in time stays', async () => {
  const ana = await guest();
  await stack.sql(`update data.session set expires_at = clock_timestamp() + interval '700 ms' where person_id = ${ana.user.id}`);
  const events = await follow(ana);
  await stack.sql(`update data.session set expires_at = now() + interval '1 day' where person_id = ${ana.user.id}`);
  for (const before = Date.now(); Date.now() < before + 1500;) await events.next('ping');
  await post(await guest(), 'still there');
  await events.next('message.posted', ({ text }) => text === 'still there');
  events.close();
});

test('after a leaving nothing of the room follows; what others do elsewhere is never seen', async () => {
  const [ana, bo, cy] = [await guest(), await guest(), await guest()];
  const { cursor } = (await bo.get('/api/state')).body;
  const [boStream, cyStream] = [await follow(bo), await follow(cy)];
  const room = await newGroup(ana, bo);
  const joined = await boStream.next('member.joined', ({ user }) => user.id === bo.user.id);
  assert.equal(joined.data.room.id, room.id);
  await post(ana, 'seen', room.id);
  await ana.del(`/api/rooms/${room.id}/members/${bo.user.id}`);
  await post(ana, 'not seen', room.id);
  await post(ana, 'in the lobby');
  assert.deepEqual(await textsUntil(boStream, 'in the lobby'), ['seen', 'in the lobby']);
  assert.ok(boStream.kinds.includes('member.left'));
  assert.deepEqual(await textsUntil(cyStream, 'in the lobby'), ['in the lobby']);
  assert.ok(!cyStream.text.includes(`"room_id":${room.id}`) && !cyStream.text.includes(`"room_id" : ${room.id}`));

  const later = await bo.events({ since: cursor, once: true });
  await later.end();
  assert.ok(!later.text.includes('seen'));
  assert.ok(later.kinds.includes('member.left'));
  boStream.close();
  cyStream.close();
});

test('of a room that one joined later, only what came after is replayed', async () => {
  const [ana, bo] = [await guest(), await guest()];
  const { cursor } = (await bo.get('/api/state')).body;
  const room = await newGroup(ana);
  await post(ana, 'before', room.id);
  await ana.put(`/api/rooms/${room.id}/members/${bo.user.id}`);
  await post(ana, 'after', room.id);
  const events = await bo.events({ since: cursor });
  assert.deepEqual(await textsUntil(events, 'after'), ['after']);
  events.close();
});

test('a replay shows things as they are now: no text that was edited away or removed, in answers neither', async () => {
  const [ana, bo] = [await guest(), await guest()];
  const { cursor } = (await bo.get('/api/state')).body;
  const [edited, removed] = [await post(ana, 'first words'), await post(ana, 'regretted words')];
  await post(bo, 'an answer', 1, { reply_to: removed.id });
  const live = await follow(bo, { since: cursor });
  await live.next('message.posted', ({ text }) => text === 'an answer');
  await ana.patch(`/api/messages/${edited.id}`, { text: 'better text' });
  await live.next('message.edited');
  await ana.del(`/api/messages/${removed.id}`);
  await live.next('message.deleted');
  const events = await bo.events({ since: cursor });
  await events.next('message.deleted');
  assert.ok(!events.text.includes('first words') && !events.text.includes('regretted words'));
  assert.ok(events.text.includes('better text') && events.text.includes('an answer'));
  events.close();
  live.close();
});

test('of somebody whom one blocks there is no word, live and replayed, until one does not', async () => {
  const [ana, bo, cy] = [await guest(), await guest(), await guest()];
  const { cursor } = (await cy.get('/api/state')).body;
  const [live, plain] = [await follow(cy), await follow(ana)];
  await cy.put(`/api/blocks/${bo.user.id}`);
  await live.next('block.changed');
  const spam = await post(bo, 'unwanted words');
  await post(ana, 'an answer', 1, { reply_to: spam.id });
  const replay = await cy.events({ since: cursor });
  for (const events of [live, replay]) {
    const { data } = await events.next('message.posted', ({ id }) => id === spam.id);
    assert.deepEqual([data.blocked, data.text, data.images], [true, null, []]);
    const answer = await events.next('message.posted', ({ text }) => text === 'an answer');
    assert.equal(answer.data.reply_to.text, null);
    assert.ok(!events.text.includes('unwanted words'));
  }
  assert.equal((await plain.next('message.posted', ({ id }) => id === spam.id)).data.text, 'unwanted words');
  await cy.del(`/api/blocks/${bo.user.id}`);
  await post(bo, 'welcome again');
  await live.next('message.posted', ({ text }) => text === 'welcome again');
  for (const events of [live, plain, replay]) events.close();
});

test('typing is told to the others of the room, without an id, and is not replayed', async () => {
  const [ana, bo, cy] = [await guest(), await guest(), await guest()];
  const room = await newGroup(ana, bo);
  const { cursor } = (await bo.get('/api/state')).body;
  const streams = [await follow(ana), await follow(bo), await follow(cy)];
  assert.equal((await ana.post(`/api/rooms/${room.id}/typing`)).status, 204);
  const { id, data } = await streams[1].next('typing');
  assert.equal(id, null);
  assert.deepEqual(data, { room_id: room.id, user: { id: ana.user.id, name: ana.user.name } });
  await post(ana, 'typed', room.id);
  await post(ana, 'a mark');
  for (const events of [streams[0], streams[2]]) {
    await events.next('message.posted', ({ text }) => text === 'a mark');
    assert.ok(!events.kinds.includes('typing'));
  }
  const replay = await bo.events({ since: cursor, once: true });
  await replay.end();
  assert.ok(!replay.kinds.includes('typing'));
  for (const events of streams) events.close();
});

test('a read mark is told to all streams of the person, also of the session that moved it, and to nobody else', async () => {
  const [ana, bo] = [await guest(), await guest()];
  const { token } = (await ana.post('/api/me/tokens', { label: 'phone' })).body;
  const [mine, phone, others] = [await follow(ana), await follow(stack.client({ token })), await follow(bo)];
  const { id } = await post(bo, 'read me');
  await ana.put('/api/rooms/1/read', { up_to: id });
  for (const events of [mine, phone]) {
    const { data } = await events.next('read.moved');
    assert.deepEqual([data.room_id, data.up_to], [1, id]);
  }
  await post(bo, 'a mark');
  await others.next('message.posted', ({ text }) => text === 'a mark');
  assert.ok(!others.kinds.includes('read.moved'));
  for (const events of [mine, phone, others]) events.close();
});

test('presence: online, idle, and offline only after a grace; several streams count as one', async () => {
  const [ana, bo] = [await guest(), await guest()];
  const watching = await follow(ana);
  const has = (key) => (data) => data[key].includes(bo.user.id);
  const [one, two] = [await follow(bo), await follow(bo)];
  await watching.next('presence', has('online'));
  await bo.post('/api/me/activity', { state: 'idle' });
  await watching.next('presence', has('idle'));
  await bo.post('/api/me/activity', { state: 'active' });
  await watching.next('presence', has('online'));
  const before = watching.seen.length;
  one.close();
  two.close();
  const again = await follow(bo);
  await watching.next('ping');
  await watching.next('ping');
  assert.ok(!watching.seen.slice(before).some(({ kind, data }) => kind === 'presence' && has('offline')(data)), 'a reload does not flicker');
  again.close();
  await watching.next('presence', has('offline'));
  watching.close();
});

test('presence is told only to those who share a room', async () => {
  const [ana, bo] = [await guest(), await guest()];
  await ana.post('/api/rooms/1/leave');
  const alone = await follow(ana);
  const seen = await follow(await guest());
  const events = await follow(bo);
  await seen.next('presence', ({ online }) => online.includes(bo.user.id));
  await alone.next('ping');
  assert.ok(!alone.kinds.includes('presence'));
  for (const stream of [alone, seen, events]) stream.close();
});
