// Limits of one person and of one address, in the settings: 429 that says when to come back, and only to those whom it is about.
import assert from 'node:assert/strict';
import test from 'node:test';
import { until } from '../harness/owned.mjs';
import { picture } from '../harness/pictures.mjs';
import { assertRefused, assertStatus, stackForTests } from './described.mjs';

const stack = await stackForTests({ limits: 'on', trustedProxy: '127.0.0.1' });
const owner = await stack.owner();
const set = async (changes) => assertStatus(await owner.patch('/api/settings', changes), 204);

/** What `ask` of ana is the third time is 429, and of bo is not. */
async function assertThirdRefused(ask, status) {
  const [ana, bo] = await Promise.all(['ana', 'bo'].map((name) => stack.client().signIn('/api/users', { name: `${name} ${ask.name}`, password: 'correct horse' })));
  for (let i = 0; i < 2; i++) assertStatus(await ask(ana, i), status);
  const refused = await ask(ana, 2);
  assertRefused(refused, 429, 'slow_down');
  assert.ok(Number(refused.headers['retry-after']) > 0);
  assertStatus(await ask(bo, 3), status);
}

test('rooms, tokens, invitations and bots a day', async () => {
  await set({ limit_rooms_per_day: 2, limit_tokens_per_day: 2, limit_invites_per_day: 2, limit_bots_per_day: 2 });
  await assertThirdRefused(function room(who) { return who.post('/api/rooms', { kind: 'group', name: 'x' }); }, 201);
  await assertThirdRefused(function token(who) { return who.post('/api/me/tokens', { label: 'x' }); }, 201);
  await assertThirdRefused(function invite(who) { return who.post('/api/invites', {}); }, 201);
  await set({ limit_tokens_per_day: null });
  await assertThirdRefused(function bot(who, i) { return who.post('/api/bots', { name: `bot ${who.user.id} ${i}` }); }, 201);
});

test('people added to rooms, channels joined, reactions and reports an hour', async () => {
  await set({ limit_rooms_per_day: null, limit_members_per_hour: 2, limit_joins_per_hour: 2, limit_reactions_per_hour: 2, limit_reports_per_hour: 2 });
  const four = (make) => Promise.all([0, 1, 2, 3].map(make));
  const added = await four((i) => stack.guest(`added ${i}`));
  const channels = await four(async (i) => (await owner.post('/api/rooms', { kind: 'channel', name: `c${i}` })).body.room);
  const messages = await four(async (i) => (await owner.post('/api/rooms/1/messages', { text: `m${i}` })).body.message);
  const groups = new Map();
  await assertThirdRefused(async function add(who, i) {
    if (!groups.has(who)) groups.set(who, (await who.post('/api/rooms', { kind: 'group', name: 'x' })).body.room.id);
    return who.put(`/api/rooms/${groups.get(who)}/members/${added[i].user.id}`);
  }, 204);
  await assertThirdRefused(function join(who, i) { return who.post(`/api/rooms/${channels[i].id}/join`); }, 200);
  await assertThirdRefused(function react(who, i) { return who.put(`/api/messages/${messages[i].id}/reactions/${encodeURIComponent('👍')}`); }, 204);
  await assertThirdRefused(function report(who, i) { return who.post(`/api/messages/${messages[i].id}/report`, { reason: 'x' }); }, 201);
});

test('reactions a message', async () => {
  await set({ limit_reactions_per_hour: null, limit_reactions_per_message: 2 });
  const { message } = (await owner.post('/api/rooms/1/messages', { text: 'less is more' })).body;
  const [dora, emil] = [await stack.guest('dora'), await stack.guest('emil')];
  const react = (who, symbol) => who.put(`/api/messages/${message.id}/reactions/${encodeURIComponent(symbol)}`);
  for (const symbol of ['👍', '❤️', '👍']) assertStatus(await react(dora, symbol), 204);
  assertRefused(await react(dora, '😀'), 409, 'too_many_reactions');
  assertStatus(await react(emil, '😀'), 204);
});

test('renames and direct rooms an hour', async () => {
  await set({ limit_renames_per_hour: 2, limit_directs_per_hour: 2 });
  await assertThirdRefused(function rename(who, i) { return who.patch('/api/me', { name: `name ${who.user.id} ${i}` }); }, 200);
  const others = await Promise.all([0, 1, 2, 3].map((i) => stack.guest(`other ${i}`)));
  await assertThirdRefused(function direct(who, i) { return who.put(`/api/directs/${others[i].user.id}`); }, 200);
});

/** Posts by one of them after the other until one is refused, at most `most` times; gives that answer and how many passed. */
async function postUntilRefused(clients, most) {
  for (let i = 0; i < most; i++) {
    const answer = await clients[i % clients.length].post('/api/rooms/1/messages', { text: `m${i}` });
    if (answer.status !== 201) return { refused: answer, passed: i };
  }
  throw new Error(`${most} posts passed`);
}

test('posts a minute, however many sessions and tokens somebody has', async () => {
  const cy = await stack.client().signIn('/api/users', { name: 'cy', password: 'correct horse' });
  const again = await stack.client().signIn('/api/session', { name: 'cy', password: 'correct horse' });
  const script = stack.client({ token: (await cy.post('/api/me/tokens', { label: 'script' })).body.token });
  const { posts_per_minute: most } = (await cy.get('/api/hello')).body.limits;
  const { refused, passed } = await postUntilRefused([cy, again, script], 2 * most);
  assert.ok(passed >= most && passed < 1.5 * most, `${passed} posts passed, then ${refused.text}`);
  assertRefused(refused, 429, 'slow_down');
  assert.ok(Number(refused.headers['retry-after']) > 0);
  assertStatus(await owner.post('/api/rooms/1/messages', { text: 'not me' }), 201);
});

test('a changed rate is in effect within a second', async () => {
  const di = await stack.guest('di');
  const status = async () => (await di.post('/api/rooms/1/messages', { text: 'how fast?' })).status;
  assert.equal(await status(), 201);
  assertStatus(await owner.patch('/api/settings', { limit_posts_per_minute: 1 }), 204);
  const began = performance.now();
  await until('the new rate holds', async () => await status() === 429);
  assert.ok(performance.now() - began < 1_000);
  await owner.patch('/api/settings', { limit_posts_per_minute: null });
});

let networks = 0;

/** Somebody new who comes from this address. */
async function comeFrom(address) {
  const who = await stack.client({ headers: { 'x-forwarded-for': address } }).signIn('/api/session/guest', { name: `from ${address}` });
  who.headers = { 'x-forwarded-for': address };
  return who;
}

const post = (who, text = 'hi') => who.post('/api/rooms/1/messages', { text });

/** A changed rate of posts is known by now: of so many by somebody new so many pass. */
const settled = (tries, passing) => until('the new rate is known', async () => {
  const who = await comeFrom(`203.0.113.${++networks}`);
  const answers = await Promise.all(Array.from({ length: tries }, () => post(who)));
  return answers.filter(({ status }) => status === 201).length === passing;
});

/** From one /64, two people may `ask` as often as each may alone, and then nobody there; elsewhere everybody may. */
async function assertNetworkRefused(ask, status, most = 2) {
  const network = (++networks).toString(16);
  const [ana, bo, cy] = await Promise.all([1, 2, 3].map((i) => comeFrom(`2001:db8:${network}:1::${i}`)));
  const far = await comeFrom(`2001:db8:${network}:2::1`);
  for (const who of [ana, bo]) {
    for (let i = 0; i < most; i++) assertStatus(await ask(who, i), status);
  }
  const refused = await ask(cy, 0);
  assertRefused(refused, 429, 'slow_down');
  assert.ok(Number(refused.headers['retry-after']) > 0);
  assertStatus(await ask(far, 0), status);
}

test('from one address comes as much as from so many people, of IPv6 from its /64', async () => {
  const make = async (name) => assertStatus(await owner.post('/api/rooms', { kind: 'channel', name }), 201).room.id;
  const [others, channels] = [await Promise.all(['x', 'y'].map((name) => stack.guest(`other ${name}`))), [await make('one'), await make('two')]];
  await set({ limit_people_per_address: 2, limit_rooms_per_day: 2, limit_joins_per_hour: 2, limit_invites_per_day: 2, limit_directs_per_hour: 2,
    limit_members_per_hour: 2, limit_mentions_per_hour: 2, limit_uploads_per_hour: 2 });
  await settled(9, 9);
  await assertNetworkRefused((who) => who.post('/api/rooms', { kind: 'group', name: 'x' }), 201);
  await assertNetworkRefused((who, i) => who.post(`/api/rooms/${channels[i]}/join`), 200);
  await assertNetworkRefused((who) => who.post('/api/invites', {}), 201);
  await assertNetworkRefused((who, i) => who.put(`/api/directs/${others[i].user.id}`), 200);
  await assertNetworkRefused((who) => post(who, '@owner hi'), 201);
  await assertNetworkRefused((who) => who.request('POST', '/api/uploads', picture('png'), { 'content-type': 'image/png' }), 201);
  await set({ limit_rooms_per_day: null });
  const groups = new Map();
  await assertNetworkRefused(async (who, i) => {
    if (!groups.has(who)) groups.set(who, assertStatus(await who.post('/api/rooms', { kind: 'group', name: 'x' }), 201).room.id);
    return who.put(`/api/rooms/${groups.get(who)}/members/${others[i].user.id}`);
  }, 204);
});

test('posts a minute of one address', async () => {
  await set({ limit_posts_per_minute: 3, limit_people_per_address: 2 });
  await settled(5, 3);
  await assertNetworkRefused((who) => post(who), 201, 3);
});

test('mentions an hour of one person, also by editing', async () => {
  await set({ limit_posts_per_minute: null, limit_mentions_per_hour: 2 });
  await settled(9, 9);
  const who = await stack.guest('who mentions');
  const { message } = assertStatus(await post(who, '@owner hi'), 201);
  assertStatus(await who.patch(`/api/messages/${message.id}`, { text: '@owner again' }), 204);
  assertStatus(await who.patch(`/api/messages/${message.id}`, { text: '@owner and @cy' }), 204);
  assertRefused(await who.patch(`/api/messages/${message.id}`, { text: '@owner, @cy and @who mentions' }), 429, 'slow_down');
  assertStatus(await post(who, 'nobody'), 201);
});
