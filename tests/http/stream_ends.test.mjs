// Every way in which a session ends: its streams hear so within a second, as their last event, and no other stream ends.
import assert from 'node:assert/strict';
import test from 'node:test';
import { until } from '../harness/owned.mjs';
import { assertRefused, assertStatus, stackForTests } from './described.mjs';

const WITHIN_MS = 1_000;
const stack = await stackForTests({ env: { PARLEY_PING_MS: 300 } });
const owner = await stack.owner();
let names = 0;

async function follow(who) {
  const events = await who.events();
  await events.next('ready');
  return events;
}

/** A member with two sessions and a token; `streams` has two of the first session, one of each other, and one of a bystander. */
async function scene() {
  const name = `p${++names}`;
  const first = await stack.client().signIn('/api/users', { name, password: 'correct horse' });
  const second = await stack.client().signIn('/api/session', { name, password: 'correct horse' });
  const made = assertStatus(await first.post('/api/me/tokens', { label: 'script' }), 201);
  const script = stack.client({ token: made.token });
  const bystander = await stack.guest(`by${names}`);
  const streams = {};
  for (const [key, who] of Object.entries({ first, again: first, second, script, bystander })) streams[key] = await follow(who);
  return { user: first.user, first, second, tokenId: made.id, bystander, streams };
}

/** These and only these streams end in time, with this reason; the others go on. */
async function assertEnds({ streams, bystander }, expected, reason, since) {
  for (const name of expected) {
    const events = streams[name];
    await events.end(WITHIN_MS);
    assert.ok(performance.now() - since < WITHIN_MS, `${name} took ${performance.now() - since} ms`);
    const { kind, data } = events.seen.at(-1);
    assert.deepEqual([kind, data], ['session.ended', { reason }], name);
  }
  const { message } = assertStatus(await bystander.post('/api/rooms/1/messages', { text: 'still here' }), 201);
  for (const [name, events] of Object.entries(streams)) {
    if (!expected.includes(name)) await events.next('message.posted', ({ id }) => id === message.id);
    events.close();
  }
}

async function sessionIdOf(who) {
  return assertStatus(await who.get('/api/me/sessions'), 200).sessions.find(({ current }) => current).id;
}

const ways = {
  'signing out': [['first', 'again'], 'signed_out', ({ first }) => first.del('/api/session')],
  'being signed out from elsewhere': [['second'], 'revoked', async ({ first, second }) => first.del(`/api/me/sessions/${await sessionIdOf(second)}`)],
  'the removal of a token': [['script'], 'revoked', ({ first, tokenId }) => first.del(`/api/me/tokens/${tokenId}`)],
  'a new password': [['second', 'script'], 'password_changed', ({ first }) => first.post('/api/me/password', { old: 'correct horse', password: 'battery staple' })],
  'a ban': [['first', 'again', 'second', 'script'], 'banned', ({ user }) => owner.put(`/api/bans/${user.id}`, { reason: 'spam', messages: 'keep' })],
  'erasing oneself': [['first', 'again', 'second', 'script'], 'erased', ({ first }) => first.del('/api/me')],
};

for (const [name, [expected, reason, act]] of Object.entries(ways)) {
  test(`${name} ends its streams within a second, and no others`, async () => {
    const s = await scene();
    const answer = await act(s);
    assert.ok(answer.status < 300, answer.text);
    await assertEnds(s, expected, reason, performance.now());
    if (expected.includes('first')) assertRefused(await s.first.get('/api/events'), 401, 'no_session');
  });
}

test('a session whose time is over ends its streams within a second, and no others', async () => {
  const s = await scene();
  const [began, ms] = [performance.now(), 600];
  await stack.sql(`update data.session set expires_at = clock_timestamp() + interval '${ms} ms' where id = ${await sessionIdOf(s.second)}`);
  s.streams.second.close();
  s.streams.second = await follow(s.second);   // loaded with the time that it has left
  await assertEnds(s, ['second'], 'expired', Math.max(performance.now(), began + ms));
});

/** How the last session of a guest ends; whether others hear of it as a change of the person. */
const lasts = {
  'signed out': [(who) => who.del('/api/session'), false],
  'banned': [({ user }) => owner.put(`/api/bans/${user.id}`, { reason: 'spam' }), true],
  'erased': [(who) => who.del('/api/me'), true],
};

for (const [name, [act, isTold]] of Object.entries(lasts)) {
  test(`whoever is ${name} is offline with that: the grace is for lost connections`, async () => {
    const [who, watcher] = [await stack.guest(`last ${name}`), await follow(owner)];
    const isWho = ({ id }) => id === who.user.id;
    const events = await follow(who);
    await watcher.next('presence', ({ online }) => online.includes(who.user.id));
    assert.ok((await act(who)).status < 300);
    assert.equal(assertStatus(await owner.get(`/api/users/${who.user.id}`), 200).user.online, false);
    if (isTold) assert.equal((await watcher.next('user.changed', isWho)).data.online, false);
    else await watcher.next('presence', ({ offline }) => offline.includes(who.user.id));
    for (const stream of [events, watcher]) stream.close();
  });
}

test('whoever has another session with a stream stays online, and so does one whose connection was lost', async () => {
  const { user, first, streams } = await scene();
  await until('all of them are reported', async () => await stack.sql(`select count(*) from data.presence where hub <> 0 and person_id = ${user.id}`) === '3');
  for (const one of [streams.second, streams.script]) one.close();
  assertStatus(await first.del('/api/session'), 204);
  assert.equal(assertStatus(await owner.get(`/api/users/${user.id}`), 200).user.online, true);
  for (const stream of Object.values(streams)) stream.close();
});
