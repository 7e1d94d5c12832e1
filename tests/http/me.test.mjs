// One's own account: name, status, settings, tokens, bots, activity, looking others up, and the end of it.
import assert from 'node:assert/strict';
import test from 'node:test';
import { assertInvalid, assertRefused, assertStatus, stackForTests } from './described.mjs';

const stack = await stackForTests();
const owner = await stack.owner();
const member = (name) => stack.client().signIn('/api/users', { name, password: 'correct horse' });

test('a rename is answered with the new name, and everybody in a shared room sees it', async () => {
  const [ana, bo] = [await stack.guest('ana'), await stack.guest('bo')];
  const events = await bo.events();
  await events.next('ready');
  const { user } = assertStatus(await ana.patch('/api/me', { name: 'Ana Maria' }), 200);
  assert.deepEqual([user.id, user.name], [ana.user.id, 'Ana Maria']);
  const { data } = await events.next('user.changed', ({ id }) => id === ana.user.id);
  assert.equal(data.name, 'Ana Maria');
  events.close();
  assert.equal((await bo.get(`/api/users/${ana.user.id}`)).body.user.name, 'Ana Maria');
});

test('a name that is taken or none is refused, and the old one stays', async () => {
  const cy = await stack.guest('cy');
  assertRefused(await cy.patch('/api/me', { name: 'BO' }), 409, 'name_taken');
  for (const name of ['', ' ', 'x'.repeat(41), 'a\u202eb']) assertInvalid(await cy.patch('/api/me', { name }), 'name');
  assert.equal((await cy.get('/api/me')).body.user.name, 'cy');
  assert.equal((await cy.patch('/api/me', { name: 'CY' })).body.user.name, 'CY');
});

test('a status is one line of at most 100 characters', async () => {
  const di = await stack.guest('di');
  assert.equal((await di.patch('/api/me', { status: '😀'.repeat(100) })).body.user.status, '😀'.repeat(100));
  assertInvalid(await di.patch('/api/me', { status: 'x'.repeat(101) }), 'status');
  assertInvalid(await di.patch('/api/me', { status: 'two\nlines' }), 'status');
});

test('settings are kept by key, null takes one away, and nobody else sees them', async () => {
  const [eve, gus] = [await stack.guest('eve'), await stack.guest('gus')];
  await eve.patch('/api/me', { settings: { theme: 'dark', size: 3 } });
  const { user } = assertStatus(await eve.patch('/api/me', { settings: { size: null, sound: [true] } }), 200);
  assert.deepEqual(user.settings, { theme: 'dark', sound: [true] });
  assert.ok(!('settings' in (await gus.get(`/api/users/${eve.user.id}`)).body.user));
});

test('settings hold no control characters, however deep', async () => {
  const iko = await stack.guest('iko');
  for (const settings of [{ z: 'x\u0001y' }, { z: [{ 'x\u0001y': 1 }] }, { z: 'x\u0000' }]) assertInvalid(await iko.patch('/api/me', { settings }), 'settings');
});

test('settings are bounded in all, not only in one call', async () => {
  const hal = await stack.guest('hal');
  assertStatus(await hal.patch('/api/me', { settings: { a: 'x'.repeat(10_000) } }), 200);
  assertInvalid(await hal.patch('/api/me', { settings: { b: 'x'.repeat(10_000) } }), 'settings');
  assertInvalid(await hal.patch('/api/me', { settings: { c: 'x'.repeat(20_000) } }), 'settings');
});

test('a bearer token works until it is deleted, and is never shown again', async () => {
  const ida = await member('ida');
  const { id, token } = assertStatus(await ida.post('/api/me/tokens', { label: 'backup script' }), 201);
  const script = stack.client({ token });
  assert.equal((await script.get('/api/me')).body.user.id, ida.user.id);
  const listed = await ida.get('/api/me/tokens');
  assert.deepEqual(listed.body.tokens.map((row) => [row.id, row.label]), [[id, 'backup script']]);
  assert.ok(!listed.text.includes(token));
  assert.ok(!(await ida.get('/api/me/sessions')).body.sessions.some((session) => session.id === id));
  assertStatus(await ida.del(`/api/me/tokens/${id}`), 204);
  assertRefused(await script.get('/api/me'), 401, 'no_session');
  assertRefused(await ida.del(`/api/me/tokens/${id}`), 404, 'not_found');
});

test("nobody deletes a stranger's token, and a session is no token", async () => {
  const [jo, kim] = [await member('jo'), await member('kim')];
  const { id } = (await jo.post('/api/me/tokens', { label: 'x' })).body;
  const [session] = (await jo.get('/api/me/sessions')).body.sessions;
  assertRefused(await kim.del(`/api/me/tokens/${id}`), 404, 'not_found');
  assertRefused(await jo.del(`/api/me/tokens/${session.id}`), 404, 'not_found');
  assertRefused(await jo.del(`/api/me/sessions/${id}`), 404, 'not_found');
});

test('a bot speaks with its own token, as a bot below its keeper', async () => {
  const lea = await member('lea');
  const { user, token } = assertStatus(await lea.post('/api/bots', { name: 'lea-bot' }), 201);
  assert.deepEqual([user.kind, user.role], ['bot', 'guest']);
  const posted = await stack.client({ token }).post('/api/rooms/1/messages', 'beep', { 'content-type': 'text/plain' });
  assert.equal(assertStatus(posted, 201).message.user.id, user.id);
});

test('a guest has nothing below and makes no bot; nor does a bot', async () => {
  assertRefused(await (await stack.guest('max')).post('/api/bots', { name: 'max-bot' }), 403, 'rank_too_low');
  const { token } = (await (await member('nia')).post('/api/bots', { name: 'nia-bot' })).body;
  assertRefused(await stack.client({ token }).post('/api/bots', { name: 'bot-bot' }), 403, 'rank_too_low');
});

test('activity is active or idle', async () => {
  const oz = await stack.guest('oz');
  assertStatus(await oz.post('/api/me/activity', { state: 'idle' }), 204);
  assertStatus(await oz.post('/api/me/activity', { state: 'active' }), 204);
  assertInvalid(await oz.post('/api/me/activity', { state: 'asleep' }), 'state');
});

test('people are found by a part of the name, those that begin with it first', async () => {
  const pia = await stack.guest('xx pia');
  await stack.guest('a xx');
  const { users } = assertStatus(await pia.get('/api/users?q=XX'), 200);
  assert.deepEqual(users.map(({ name }) => name), ['xx pia', 'a xx']);
  assert.equal((await pia.get('/api/users?q=xx&limit=1')).body.users.length, 1);
  assert.deepEqual((await pia.get('/api/users?q=%25')).body.users, []);
});

test('a person who is not there is 404', async () => {
  const ron = await stack.guest('ron');
  assertRefused(await ron.get('/api/users/4000000'), 404, 'not_found');
});

test('whoever is erased is signed out, the name is free, and the messages stay by "removed person"', async () => {
  const [sue, tom] = [await member('sue'), await stack.guest('tom')];
  const { message } = (await sue.post('/api/rooms/1/messages', { text: 'stays' })).body;
  assertStatus(await sue.del('/api/me'), 204);
  assertRefused(await sue.get('/api/me'), 401, 'no_session');
  const left = (await tom.get(`/api/messages/${message.id}`)).body.message;
  assert.deepEqual([left.text, left.user.name], ['stays', 'removed person']);
  await stack.guest('sue');
});

test('with messages=remove they go as tombstones, at once', async () => {
  const [una, vic] = [await member('una'), await stack.guest('vic')];
  const { message } = (await una.post('/api/rooms/1/messages', { text: 'goes' })).body;
  assertStatus(await una.del('/api/me?messages=remove'), 204);
  const left = (await vic.get(`/api/messages/${message.id}`)).body.message;
  assert.deepEqual([left.text, left.deleted.by], [null, 'author']);
  assertInvalid(await vic.del('/api/me?messages=some'), 'messages');
  assertStatus(await vic.get('/api/me'), 200);
});

test('a guest has no password to change', async () => {
  assertRefused(await (await stack.guest('wes')).post('/api/me/password', { old: 'anything', password: 'another horse' }), 409, 'no_password');
});

test('what erasing would take is told before, and nothing is touched', async () => {
  const wim = await member('wim');
  await wim.post('/api/rooms/1/messages', { text: 'one' });
  await wim.post('/api/bots', { name: 'wims bot' });
  const { erasure } = assertStatus(await wim.get('/api/me/erasure'), 200);
  assert.deepEqual(erasure, { messages: 1, images: 0, reactions: 0, sessions: 2, bots: 1 });
  assertStatus(await wim.get('/api/me'), 200);
});

test('a bot of mine is listed, and ends with its tokens; nobody else ends it', async () => {
  const [xia, yan] = [await member('xia'), await member('yan')];
  const { user, token } = (await xia.post('/api/bots', { name: 'beeper' })).body;
  const bot = stack.client({ token });
  const { message } = (await bot.post('/api/rooms/1/messages', { text: 'beep' })).body;
  const { bots } = assertStatus(await xia.get('/api/bots'), 200);
  assert.deepEqual(bots.map((each) => [each.user.name, typeof each.used_at]), [['beeper', 'string']]);
  assert.deepEqual((await yan.get('/api/bots')).body.bots, []);
  assertRefused(await yan.del(`/api/bots/${user.id}`), 404, 'not_found');
  assertStatus(await xia.del(`/api/bots/${user.id}`), 204);
  assertRefused(await bot.get('/api/me'), 401, 'no_session');
  assert.deepEqual((await xia.get('/api/bots')).body.bots, []);
  assert.equal((await xia.get(`/api/messages/${message.id}`)).body.message.user.name, 'removed person');
  assertStatus(await xia.post('/api/bots', { name: 'beeper' }), 201);
});

test('the first owner has no password, and sets one while nobody else may make an account', async () => {
  assert.equal((await owner.get('/api/me')).body.user.has_password, false);
  assertStatus(await owner.patch('/api/settings', { registration: 'closed' }), 204);
  assertStatus(await owner.post('/api/me/password', { password: 'correct horse' }), 204);
  assertStatus(await owner.patch('/api/settings', { registration: null }), 204);
  const { user } = (await owner.get('/api/me')).body;
  assert.deepEqual([user.role, user.has_password], ['owner', true]);
});

test('the last owner cannot be erased', async () => {
  assertRefused(await owner.del('/api/me'), 409, 'last_owner');
  assertRefused(await owner.get('/api/me/erasure'), 409, 'last_owner');
  assertStatus(await owner.get('/api/me'), 200);
});

test('a status goes by null, a name does not; what is blank is no label', async () => {
  const zoe = await stack.guest('zoe');
  assert.equal(assertStatus(await zoe.patch('/api/me', { status: 'away' }), 200).user.status, 'away');
  assert.equal(assertStatus(await zoe.patch('/api/me', {}), 200).user.status, 'away');
  assert.equal(assertStatus(await zoe.patch('/api/me', { status: null }), 200).user.status, '');
  assertInvalid(await zoe.patch('/api/me', { name: null }), 'name');
  for (const label of ['', '   ', '\u2060']) assertInvalid(await zoe.post('/api/me/tokens', { label }), 'label');
  assertStatus(await zoe.post('/api/me/tokens', { label: ' script ' }), 201);
  assert.deepEqual((await zoe.get('/api/me/tokens')).body.tokens.map(({ label }) => label), ['script']);
});
