// Coming in and going out: guests, member accounts, passwords, links, cookies, and the list of where one is signed in.
import assert from 'node:assert/strict';
import test from 'node:test';
import { assertInvalid, assertRefused, assertStatus, stackForTests } from './described.mjs';

const stack = await stackForTests();
const nobody = stack.client();
const PASSWORD = 'correct horse';

/** A member account, signed in. */
function member(name, password = PASSWORD) {
  return nobody.signIn('/api/users', { name, password });
}

function cookieOf(answer) {
  const [pair, ...attributes] = answer.headers['set-cookie'][0].split('; ');
  const [name, value] = pair.split('=');
  return { name, value, attributes };
}

test('who signs in may ask for the state in the same answer, by every door', async () => {
  const name = 'stateful';
  const asked = async (path, body) => {
    const answer = assertStatus(await stack.client().post(path, { ...body, state: true }), 201);
    const { state } = answer;
    assert.deepEqual([state.me.id, state.page.room_id, state.page.more_after], [answer.user.id, 1, false], path);
    assert.ok(state.rooms.some(({ id }) => id === 1) && state.users.some(({ id }) => id === answer.user.id));
    return state;
  };
  const { cursor } = await asked('/api/session/guest', { name: 'stateful guest' });
  assert.match(cursor, /^\d+\.\w+$/);
  await asked('/api/users', { name, password: 'correct horse battery' });
  await asked('/api/session', { name, password: 'correct horse battery' });
  assert.equal('state' in (await stack.client().post('/api/session', { name, password: 'correct horse battery' })).body, false);
});

test('a guest comes in with a name alone, and is in the lobby', async () => {
  const answer = await nobody.post('/api/session/guest', { name: '  ana  ' });
  const { user, token } = assertStatus(answer, 201);
  assert.deepEqual([user.name, user.role, user.kind], ['ana', 'guest', 'person']);
  const { rooms } = assertStatus(await stack.client({ token }).get('/api/rooms'), 200);
  assert.deepEqual(rooms.map(({ name }) => name), ['lobby']);
});

test('the cookie is HttpOnly, SameSite=Lax, for every path, not Secure over http, and holds the token of the answer', async () => {
  const answer = await nobody.post('/api/session/guest', { name: 'cookie' });
  const { name, value, attributes } = cookieOf(answer);
  assert.equal(name, 'parley');
  assert.equal(value, answer.body.token);
  for (const attribute of ['HttpOnly', 'SameSite=Lax', 'Path=/']) assert.ok(attributes.includes(attribute), attribute);
  assert.ok(!attributes.includes('Secure'));
  assert.ok(!attributes.some((attribute) => attribute.startsWith('Domain')));
  assert.equal((await stack.client({ cookie: value }).get('/api/me')).body.user.name, 'cookie');
});

test('a name that somebody has is taken, in whatever letters it is written', async () => {
  await stack.guest('Straße');
  for (const name of ['Straße', 'strAße', ' straße ', 'Ｓtraße']) {
    assertRefused(await nobody.post('/api/session/guest', { name }), 409, 'name_taken');
    assertRefused(await nobody.post('/api/users', { name, password: PASSWORD }), 409, 'name_taken');
  }
});

test('a name is 1 to 40 code points without control, direction or line characters', async () => {
  for (const name of ['', '   ', 'x'.repeat(41), 'a\nb', 'a\tb', 'a\u202eb', 'a\u2028b', 'a\u0085b', '\u3000']) {
    assertInvalid(await nobody.post('/api/session/guest', { name }), 'name');
  }
  const emoji = '😀'.repeat(40);
  assert.equal((await stack.guest(emoji)).user.name, emoji);
});

test('a member account: made, signed in, signed in once more', async () => {
  const { user } = await member('bo');
  assert.equal(user.role, 'member');
  const again = await nobody.signIn('/api/session', { name: 'BO', password: PASSWORD });
  assert.equal(again.user.id, user.id);
  assertStatus(await again.get('/api/me'), 200);
});

test('blanks around a name are nothing, however many, when it is taken and when it is given again', async () => {
  const { user } = await member(`${' '.repeat(300)}bob the 3rd\u3000`);
  assert.equal(user.name, 'bob the 3rd');
  for (const name of ['bob the 3rd ', `\u00a0Bob the 3rd${' '.repeat(3000)}`]) assert.equal((await nobody.signIn('/api/session', { name, password: PASSWORD })).user.id, user.id);
  assertInvalid(await nobody.post('/api/session/guest', { name: ` ${'x'.repeat(41)} ` }), 'name');
});

test('what those are called who have left for good is nobody else\'s name', async () => {
  for (const name of ['removed person', ' Removed Person ']) assertRefused(await nobody.post('/api/session/guest', { name }), 409, 'name_taken');
});

test('a wrong password and an unknown name are refused alike, and take about the same time', async () => {
  await member('timed');
  const timed = async (name) => {
    const began = performance.now();
    const { title, detail } = assertRefused(await nobody.post('/api/session', { name, password: 'wrong password' }), 401, 'bad_credentials');
    assert.match(detail, /name and password/i);
    return { title, took: performance.now() - began };
  };
  const known = [], unknown = [];
  for (let i = 0; i < 5; i++) {
    known.push(await timed('timed'));
    unknown.push(await timed('nobody at all'));
  }
  assert.equal(known[0].title, unknown[0].title);
  const median = (list) => list.map(({ took }) => took).sort((a, b) => a - b)[2];
  const [a, b] = [median(known), median(unknown)];
  assert.ok(Math.max(a, b) < 3 * Math.min(a, b), `known ${a} ms, unknown ${b} ms`);
});

test('a guest, who has no password, cannot sign in with one', async () => {
  await stack.guest('no password');
  for (const password of ['', 'anything']) {
    assertRefused(await nobody.post('/api/session', { name: 'no password', password }), 401, 'bad_credentials');
  }
});

test('a password is 8 to 200 characters, kept to the last one', async () => {
  for (const password of ['1234567', 'x'.repeat(201)]) {
    assertInvalid(await nobody.post('/api/users', { name: 'short', password }), 'password');
  }
  const long = `${'pässwörd '.repeat(22)}ab`;
  await member('long', long);
  assertRefused(await nobody.post('/api/session', { name: 'long', password: `${long.slice(0, -1)}c` }), 401, 'bad_credentials');
  await nobody.signIn('/api/session', { name: 'long', password: long });
});

test('a sign-in link works once', async () => {
  const token = await stack.psql(['-A', '-t', '-f', 'sql/admin/first-owner.sql'], 'parley_admin');
  const owner = await nobody.signIn('/api/session/link', { token });
  assert.equal(owner.user.role, 'owner');
  assertRefused(await nobody.post('/api/session/link', { token }), 410, 'gone');
  assertRefused(await nobody.post('/api/session/link', { token: 'x'.repeat(43) }), 404, 'not_found');
});

test('a link for who lost the password lets them set a new one, once, without the old one', async () => {
  const lost = await member('forgetful');
  const token = (await stack.psql(['-A', '-t', '-v', 'user=forgetful', '-f', 'sql/admin/reset-password.sql'], 'parley_admin')).split('/').pop();
  const byLink = await nobody.signIn('/api/session/link', { token });
  assertInvalid(await lost.post('/api/me/password', { password: 'another horse' }), 'old');
  assert.equal((await byLink.get('/api/me')).body.user.may_set_password, true);
  assertInvalid(await byLink.post('/api/me/password', { password: 'short' }), 'password');
  assertStatus(await byLink.post('/api/me/password', { password: 'another horse' }), 204);
  assertInvalid(await byLink.post('/api/me/password', { password: 'a third horse' }), 'old');
  assertRefused(await lost.get('/api/me'), 401, 'no_session');
  await nobody.signIn('/api/session', { name: 'forgetful', password: 'another horse' });
});

test('signing out ends this session, takes the cookie away, and leaves the others', async () => {
  const here = await member('leaver');
  const there = await nobody.signIn('/api/session', { name: 'leaver', password: PASSWORD });
  const answer = await here.byCookie().del('/api/session');
  assertStatus(answer, 204);
  const { value, attributes } = cookieOf(answer);
  assert.equal(value, '');
  assert.ok(attributes.includes('Max-Age=0'));
  assertRefused(await here.get('/api/me'), 401, 'no_session');
  assertRefused(await here.del('/api/session'), 401, 'no_session');
  assertStatus(await there.get('/api/me'), 200);
});

test('sessions are listed, with the own one marked, and can be ended from elsewhere', async () => {
  const here = await member('lister');
  const there = await nobody.signIn('/api/session', { name: 'lister', password: PASSWORD });
  const { sessions } = assertStatus(await here.get('/api/me/sessions'), 200);
  assert.equal(sessions.length, 2);
  assert.deepEqual(sessions.map(({ current }) => current), [true, false]);
  assert.equal(sessions[0].address, '127.0.0.1');
  assertStatus(await here.del(`/api/me/sessions/${sessions[1].id}`), 204);
  assertRefused(await there.get('/api/me'), 401, 'no_session');
  assertRefused(await here.del(`/api/me/sessions/${sessions[1].id}`), 404, 'not_found');
});

test("nobody ends a stranger's session", async () => {
  const [one, other] = [await stack.guest('one'), await stack.guest('other')];
  const [{ id }] = (await one.get('/api/me/sessions')).body.sessions;
  assertRefused(await other.del(`/api/me/sessions/${id}`), 404, 'not_found');
  assertStatus(await one.get('/api/me'), 200);
});

test('a new password ends all other sessions; the old one is needed, and no longer works', async () => {
  const here = await member('changer');
  const there = await nobody.signIn('/api/session', { name: 'changer', password: PASSWORD });
  assertRefused(await here.post('/api/me/password', { old: 'wrong password', password: 'another horse' }), 403, 'bad_credentials');
  assertStatus(await there.get('/api/me'), 200);
  assertStatus(await here.post('/api/me/password', { old: PASSWORD, password: 'another horse' }), 204);
  assertStatus(await here.get('/api/me'), 200);
  assertRefused(await there.get('/api/me'), 401, 'no_session');
  assertRefused(await nobody.post('/api/session', { name: 'changer', password: PASSWORD }), 401, 'bad_credentials');
  await nobody.signIn('/api/session', { name: 'changer', password: 'another horse' });
});

test('a guest becomes a member and keeps id, session and messages', async () => {
  const guest = await stack.guest('upgrader');
  const { message } = assertStatus(await guest.post('/api/rooms/1/messages', { text: 'as a guest' }), 201);
  assertStatus(await guest.post('/api/me/upgrade', { password: PASSWORD }), 204);
  const { user } = assertStatus(await guest.get('/api/me'), 200);
  assert.deepEqual([user.id, user.role], [guest.user.id, 'member']);
  assert.equal((await guest.get(`/api/messages/${message.id}`)).body.message.user.id, user.id);
  const again = await nobody.signIn('/api/session', { name: 'upgrader', password: PASSWORD });
  assert.equal(again.user.id, guest.user.id);
  assertRefused(await again.post('/api/me/upgrade', { password: PASSWORD }), 409, 'not_a_guest');
});

test('an upgrade may bring a new name, which must be free', async () => {
  const guest = await stack.guest('renamer');
  assertRefused(await guest.post('/api/me/upgrade', { name: 'upgrader', password: PASSWORD }), 409, 'name_taken');
  assertStatus(await guest.post('/api/me/upgrade', { name: 'renamed', password: PASSWORD }), 204);
  assert.equal((await guest.get('/api/me')).body.user.name, 'renamed');
});

test('a session is over 30 days after its last use', async () => {
  const { token, user } = await stack.guest('sleeper');
  assert.equal(await stack.sql(`select date_trunc('day', expires_at) = date_trunc('day', now() + interval '30 days') from data.session where person_id = ${user.id}`), 't');
  await stack.sql(`update data.session set expires_at = now() - interval '1 s' where person_id = ${user.id}`);
  assertRefused(await stack.client({ token }).get('/api/me'), 401, 'no_session');
});

test('whatever is asked is use, also what is only read: the end moves on', async () => {
  const { user } = await stack.guest('reader');
  const token = 'of-29-days-ago'; // one that parley-api, which remembers sessions for an hour, has not met
  await stack.sql(`update data.session set token_hash = encode(sha256('${token}'), 'hex'), used_at = now() - interval '29 days',
                     expires_at = now() + interval '1 day' where person_id = ${user.id}`);
  assertStatus(await stack.client({ token }).get('/api/rooms'), 200);
  assert.equal(await stack.sql(`select expires_at > now() + interval '29 days' from data.session where person_id = ${user.id}`), 't');
});

test('who has just signed in is known: the database is not asked whose session that is', async () => {
  const { user, token } = await stack.guest('newcomer');
  await stack.sql(`update data.session set used_at = now() - interval '29 days' where person_id = ${user.id}`);
  assertStatus(await stack.client({ token }).get('/api/rooms'), 200);
  assert.equal(await stack.sql(`select used_at < now() - interval '28 days' from data.session where person_id = ${user.id}`), 't');
});

test('signing in while signed in gives a second session, and the first goes on', async () => {
  const first = await member('twice');
  const answer = await first.byCookie().post('/api/session', { name: 'twice', password: PASSWORD });
  assertStatus(answer, 201);
  assert.notEqual(answer.body.token, first.token);
  assertStatus(await first.get('/api/me'), 200);
});

test('the token is nowhere in the database', async () => {
  const { token } = await stack.guest('secret');
  assert.equal(await stack.sql(`select count(*) from data.session s where s::text like '%${token}%'`), '0');
});
