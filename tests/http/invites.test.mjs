// Invitation links: what they open, how often, how long, and who takes them back.
import assert from 'node:assert/strict';
import test from 'node:test';
import { assertInvalid, assertRefused, assertStatus, stackForTests } from './described.mjs';

const stack = await stackForTests();
const nobody = stack.client();
const [ana, bo] = [await stack.guest('ana'), await stack.guest('bo')];
const { room } = (await ana.post('/api/rooms', { kind: 'group', name: 'secret garden' })).body;

const invite = async (body = { rooms: [room.id] }, who = ana) => assertStatus(await who.post('/api/invites', body), 201);
const register = (name, token) => nobody.post('/api/users', { name, password: 'correct horse', invite: token });
const isIn = async (who) => (await who.get('/api/rooms')).body.rooms.some(({ id }) => id === room.id);

test('an invitation shows what it opens to whoever has the token, and is listed without it', async () => {
  const { invite: made, token } = await invite();
  assert.equal(made.token, token);
  const { invite: seen } = assertStatus(await nobody.get(`/api/invites/${token}`), 200);
  assert.deepEqual([seen.id, seen.user.name, seen.rooms], [made.id, 'ana', [{ id: room.id, name: 'secret garden' }]]);
  const listed = await ana.get('/api/invites');
  assert.ok(listed.body.invites.some(({ id }) => id === made.id));
  assert.ok(!listed.text.includes(token));
  assert.deepEqual((await bo.get('/api/invites')).body.invites, []);
});

test('accepting it joins its rooms, and is used once by the same person', async () => {
  const { token } = await invite({ rooms: [room.id], uses: 5 });
  assertStatus(await bo.post(`/api/invites/${token}/accept`), 204);
  assertStatus(await bo.post(`/api/invites/${token}/accept`), 204);
  assert.ok(await isIn(bo));
  assert.equal((await nobody.get(`/api/invites/${token}`)).body.invite.uses_left, 4);
});

test('a new account with an invitation is in its rooms', async () => {
  const { token } = await invite({ rooms: [room.id], uses: 1 });
  const { token: session } = assertStatus(await register('invited', token), 201);
  assert.ok(await isIn(stack.client({ token: session })));
  assertRefused(await register('too late', token), 410, 'gone');
  assertRefused(await nobody.get(`/api/invites/${token}`), 410, 'gone');
  assertRefused(await (await stack.guest('late')).post(`/api/invites/${token}/accept`), 410, 'gone');
});

test('the last use is used once, however many want it', async () => {
  const { token } = await invite({ rooms: [room.id], uses: 1 });
  const guests = await Promise.all(Array.from({ length: 6 }, (_, i) => stack.guest(`racer ${i}`)));
  const statuses = await Promise.all(guests.map(async (guest) => (await guest.post(`/api/invites/${token}/accept`)).status));
  assert.deepEqual(statuses.sort(), [204, 410, 410, 410, 410, 410]);
});

test('an invitation that ran out is gone, one that never was is 404', async () => {
  const { token, invite: { id } } = await invite();
  await stack.sql(`update data.invite set until = now() where id = ${id}`);
  assertRefused(await nobody.get(`/api/invites/${token}`), 410, 'gone');
  for (const none of ['x', 'x'.repeat(43), 'x'.repeat(300), '1', encodeURIComponent('😀'), '%20']) {
    assertRefused(await nobody.get(`/api/invites/${none}`), 404, 'not_found');
    assertRefused(await bo.post(`/api/invites/${none}/accept`), 404, 'not_found');
  }
  assertRefused(await register('nope', 'x'.repeat(43)), 404, 'not_found');
});

test('who made it takes it back, and those who moderate the server; nobody else', async () => {
  const [first, second] = [await invite(), await invite()];
  assertRefused(await bo.del(`/api/invites/${first.invite.id}`), 404, 'not_found');
  assertStatus(await ana.del(`/api/invites/${first.invite.id}`), 204);
  assertRefused(await nobody.get(`/api/invites/${first.token}`), 404, 'not_found');
  assertStatus(await (await stack.owner()).del(`/api/invites/${second.invite.id}`), 204);
});

test('one invites to rooms that one is in, until a time to come, for one use at least', async () => {
  const cy = await stack.guest('cy');
  assertRefused(await cy.post('/api/invites', { rooms: [room.id] }), 404, 'not_found');
  for (const until of ['2020-01-01T00:00:00Z', '2999-01-01T00:00:00Z', 'tomorrow', 5]) assertInvalid(await ana.post('/api/invites', { until }), 'until');
  for (const uses of [0, -1, 1.5, 'x', 1_000_001]) assertInvalid(await ana.post('/api/invites', { uses }), 'uses');
  for (const rooms of ['x', [0], ['x'], Array(101).fill(1)]) assertInvalid(await ana.post('/api/invites', { rooms }), 'rooms');
  const { invite: made } = assertStatus(await ana.post('/api/invites'), 201);
  assert.deepEqual([made.rooms, made.uses_left], [[], null]);
});
