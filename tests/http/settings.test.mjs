// Settings: for admins, typed, in effect at once; and what they switch off.
import assert from 'node:assert/strict';
import test from 'node:test';
import { assertInvalid, assertRefused, assertStatus, stackForTests } from './described.mjs';

const stack = await stackForTests();
const nobody = stack.client();
const owner = await stack.owner();
const ana = await stack.guest('ana');

const get = async () => assertStatus(await owner.get('/api/settings'), 200).settings;
const set = async (changes) => assertStatus(await owner.patch('/api/settings', changes), 204);
const register = (name, invite) => nobody.post('/api/users', { name, password: 'correct horse', invite });

test('settings are for admins', async () => {
  assertRefused(await ana.get('/api/settings'), 403, 'not_an_admin');
  assertRefused(await ana.patch('/api/settings', { guests: false }), 403, 'not_an_admin');
  assertRefused(await ana.get('/api/settings/retention'), 403, 'not_an_admin');
  assert.equal((await get()).guests, true);
});

test('a change is in effect at once and in the audit; null goes back to the default', async () => {
  await set({ name: 'Our place', unknown_key: 1 });
  assert.equal((await nobody.get('/api/hello')).body.name, 'Our place');
  const { audit } = assertStatus(await owner.get('/api/audit?action=change_settings'), 200);
  assert.deepEqual(audit.map(({ actor, detail }) => [actor.id, detail]), [[owner.user.id, { name: 'Our place', was: { name: null } }]]);
  await set({ name: null });
  assert.equal((await nobody.get('/api/hello')).body.name, 'Parley');
});

test('a text is stored trimmed, and a time as all times are', async () => {
  await set({ name: ` \u3000Our place${' '.repeat(3000)}`, raid_until: '2026-11-25 10:00+02' });
  const { name, raid_until: raidUntil } = await get();
  assert.deepEqual([name, raidUntil], ['Our place', '2026-11-25T08:00:00.000Z']);
  await set({ name: null, raid_until: null });
});

test('a value of the wrong type or out of bounds is refused, and nothing of that call is set', async () => {
  const before = await get();
  const wrong = { name: ['', ' ', '\u00a0', 'x'.repeat(61), 'a\u0001b', 'two\nlines', 'a\u202eb', 5, {}], guests: ['yes', 1], registration: ['shut', true], log_days: [0, 366, 1.5, '7', 1e300], message_days: [-1], audit_days: [1] };
  for (const [key, values] of Object.entries(wrong)) {
    for (const value of values) assertInvalid(await owner.patch('/api/settings', { images: !before.images, [key]: value }), key);
  }
  assert.deepEqual(await get(), before);
});

test('with guests off nobody comes in by a name alone, and those who are in stay', async () => {
  await set({ guests: false });
  assert.equal((await nobody.get('/api/hello')).body.guests, false);
  assertRefused(await nobody.post('/api/session/guest', { name: 'x' }), 403, 'guests_off');
  assertStatus(await ana.get('/api/me'), 200);
  await set({ guests: true });
  await stack.guest('in again');
});

test('registration open, by invitation, closed', async () => {
  const { token } = (await ana.post('/api/invites')).body;
  await set({ registration: 'invite' });
  assertRefused(await register('uninvited'), 403, 'invite_needed');
  assertRefused(await ana.post('/api/me/upgrade', { password: 'correct horse' }), 403, 'invite_needed');
  assertStatus(await register('invited', token), 201);
  const guest = await stack.guest('invited, too');
  assertStatus(await guest.post('/api/me/upgrade', { password: 'correct horse', invite: token }), 204);
  await set({ registration: 'closed' });
  assertRefused(await register('closed out', token), 403, 'registration_closed');
  assert.equal((await nobody.get('/api/hello')).body.registration, 'closed');
  assertStatus(await nobody.post('/api/session', { name: 'invited', password: 'correct horse' }), 201);
  await set({ registration: 'open' });
  assertStatus(await register('opened'), 201);
});

test('a change is told to whoever is connected', async () => {
  const events = await ana.events();
  await events.next('ready');
  await set({ message_days: 100 });
  const { data } = await events.next('settings.changed');
  assert.deepEqual(data.keys, ['message_days']);
  events.close();
  await set({ message_days: null });
});

test('retention counts what it would take', async () => {
  await ana.post('/api/rooms/1/messages', { text: 'old' });
  const counts = async () => assertStatus(await owner.get('/api/settings/retention'), 200);
  const before = await counts();
  await stack.sql("update data.message set at = now() - interval '40 days'");
  await set({ message_days: 30 });
  assert.equal((await counts()).messages, before.messages + 1);
});

test('what each setting may be is told with them, as JSON Schema', async () => {
  const { settings, schema } = assertStatus(await owner.get('/api/settings'), 200);
  assert.deepEqual(Object.keys(schema).sort(), Object.keys(settings).sort());
  assert.deepEqual(schema.registration, { type: 'string', enum: ['open', 'invite', 'closed'], default: 'open', description: 'who may make a member account' });
  assert.deepEqual([schema.log_days.type, schema.log_days.minimum, schema.log_days.maximum, schema.log_days.default], ['integer', 1, 365, 7]);
  assert.deepEqual([schema.name.maxLength, schema.raid_until.format, schema.guests.type], [60, 'date-time', 'boolean']);
});

test('a raid shuts the door for those who moderate, says until when, and is over when they say so', async () => {
  const until = new Date(Date.now() + 3_600_000).toISOString();
  assertRefused(await ana.put('/api/raid', { until }), 403, 'not_a_moderator');
  assertRefused(await ana.get('/api/raid'), 403, 'not_a_moderator');
  assertStatus(await owner.put('/api/raid', { until }), 204);
  assert.equal(assertStatus(await owner.get('/api/raid'), 200).raid.until, until);
  assertRefused(await nobody.post('/api/session/guest', { name: 'raider' }), 403, 'raid');
  assertInvalid(await owner.put('/api/raid', { until: '2001-01-01T00:00:00Z' }), 'until');
  assertStatus(await owner.put('/api/raid', { until: null }), 204);
  assert.equal(assertStatus(await owner.get('/api/raid'), 200).raid.until, null);
  await stack.guest('no raider');
});
