// Limits of one person, in the settings: 429 that says when to come back, and only to that person.
import assert from 'node:assert/strict';
import test from 'node:test';
import { until } from '../harness/owned.mjs';
import { assertRefused, assertStatus, stackForTests } from './described.mjs';

const stack = await stackForTests({ limits: 'on' });
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
