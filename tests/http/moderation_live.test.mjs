// What moderators do, seen from three pages at once: that of the one it is done to, a bystander's, and a moderator's.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import test from 'node:test';
import { ROOT, until } from '../harness/owned.mjs';
import { assertInvalid, assertRefused, assertStatus, stackForTests } from './described.mjs';

const stack = await stackForTests();
const owner = await stack.owner();
const later = '2999-01-01T00:00:00.000Z';
let people = 0;

/** Somebody new, of this rank. */
async function come(role = 'guest') {
  const person = await stack.guest(`p${++people}`);
  if (role !== 'guest') assertStatus(await owner.put(`/api/users/${person.user.id}/role`, { role }), 204);
  return person;
}

/** A channel with a moderator of the server as its owner, a target and a bystander. */
async function cast() {
  const [mod, target, by] = [await come('moderator'), await come('member'), await come()];
  const { room } = assertStatus(await mod.post('/api/rooms', { kind: 'channel', name: 'scene' }), 201);
  for (const person of [target, by]) assertStatus(await person.post(`/api/rooms/${room.id}/join`), 200);
  return { mod, target, by, room: room.id };
}

/** These people (and their room), all of them with an open stream. */
async function watched({ room, ...people }) {
  const streams = {};
  for (const [name, person] of Object.entries(people)) {
    streams[name] = await person.events();
    await streams[name].next('ready');
  }
  return { ...people, room, streams, close: () => Object.values(streams).forEach((stream) => stream.close()) };
}

const scene = async () => watched(await cast());

const say = async (who, room, text, more = {}) => assertStatus(await who.post(`/api/rooms/${room}/messages`, { text, ...more }), 201).message;
const read = async (who, { id }) => assertStatus(await who.get(`/api/messages/${id}`), 200).message;
const auditOf = async (user, action) => assertStatus(await owner.get(`/api/audit?user=${user.id}&action=${action}`), 200).audit;

/** What a stream has shown by the time that a message of now is there. */
async function shownUntilNow({ mod, room, streams }) {
  const marker = await say(mod, room, 'now');
  const shown = {};
  for (const [name, stream] of Object.entries(streams)) {
    await stream.next('message.posted', ({ id }) => id === marker.id);
    shown[name] = stream.seen.slice();
  }
  return shown;
}

/** Nobody but moderators by the audit learns who it was: no frame holds this name but as its own author's or member's. */
function assertUnnamed(events, { user }) {
  for (const { kind, data } of events) {
    if (/deleted|left|changed|hidden|shown/.test(kind)) assert.ok(!JSON.stringify(data).includes(`"${user.name}"`), `${kind} names the moderator: ${JSON.stringify(data)}`);
  }
}

// --- All of it

/** What each act is, and what the streams of the four show of it: in order, and nothing else. */
const acts = {
  'a mute': [({ mod, room, target }) => mod.put(`/api/rooms/${room}/mutes/${target}`, { until: later, reason: 'because' }),
    { target: 'member.changed', by: 'member.changed', mod: 'member.changed', far: '' }],
  'its end': [({ mod, room, target }) => mod.del(`/api/rooms/${room}/mutes/${target}`),
    { target: 'member.changed', by: 'member.changed', mod: 'member.changed', far: '' }],
  'a new role in the room': [({ mod, room, target }) => mod.put(`/api/rooms/${room}/members/${target}`, { role: 'moderator', reason: 'because' }),
    { target: 'member.changed', by: 'member.changed', mod: 'member.changed', far: '' }],
  'a message removed': [({ mod, message }) => mod.del(`/api/messages/${message}?reason=because`),
    { target: 'message.deleted', by: 'message.deleted', mod: 'message.deleted', far: '' }],
  'a member removed': [({ mod, room, target }) => mod.del(`/api/rooms/${room}/members/${target}?reason=because`),
    { target: 'member.left', by: 'member.left', mod: 'member.left', far: '' }],
  'a room ban': [({ mod, room, target }) => mod.put(`/api/rooms/${room}/bans/${target}`, { reason: 'because' }),
    { target: 'member.left', by: 'member.left', mod: 'member.left', far: '' }],
  'the end of a room ban': [({ mod, room, target }) => mod.del(`/api/rooms/${room}/bans/${target}`),
    { target: '', by: '', mod: '', far: '' }],
  'a report': [({ by, message }) => by.post(`/api/messages/${message}/report`, { reason: 'because' }),
    { target: '', by: '', mod: 'report.opened', far: '' }],
  'its dismissal': [({ mod, report }) => mod.post(`/api/reports/${report}/resolve`, { action: 'dismiss', reason: 'because' }),
    { target: '', by: '', mod: 'report.resolved', far: '' }],
  'a report that is acted upon': [({ mod, report }) => mod.post(`/api/reports/${report}/resolve`, { action: 'room_ban', reason: 'because' }),
    { target: 'message.deleted member.left', by: 'message.deleted member.left', mod: 'message.deleted member.left report.resolved', far: '' }],
  'a block': [({ by, target }) => by.put(`/api/blocks/${target}`),
    { target: '', by: 'block.changed', mod: '', far: '' }],
  'a new rank': [({ mod, target }) => mod.put(`/api/users/${target}/role`, { role: 'guest', reason: 'because' }),
    { target: 'user.changed', by: 'user.changed', mod: 'user.changed', far: 'user.changed' }],
  'a server ban': [({ mod, target }) => mod.put(`/api/bans/${target}`, { reason: 'because' }),
    { target: 'session.ended', by: 'user.changed', mod: 'user.changed', far: 'user.changed' }],
  'a server ban that hides': [({ mod, target }) => mod.put(`/api/bans/${target}`, { reason: 'because', messages: 'hide' }),
    { target: 'session.ended', by: 'user.hidden user.changed', mod: 'user.hidden user.changed', far: 'user.hidden user.changed' }],
};
/** What has to be so before. */
const before = {
  'its end': acts['a mute'][0],
  'the end of a room ban': acts['a room ban'][0],
  'its dismissal': acts['a report'][0],
  'a report that is acted upon': acts['a report'][0],
};

for (const [name, [act, wanted]] of Object.entries(acts)) {
  test(`${name} is seen by whom it concerns, and no more of it than that`, async () => {
    const [people, far] = [await cast(), await come()];
    const message = await say(people.target, people.room, 'a text');
    const now = { mod: people.mod, by: people.by, room: people.room, target: people.target.user.id, message: message.id };
    now.report = (await before[name]?.(now))?.body?.report?.id;
    const s = await watched({ ...people, far });
    const { status, text } = await act(now);
    assert.ok(status < 300, text);
    const marker = await say(people.mod, 1, 'now');
    for (const [who, kinds] of Object.entries(wanted)) {
      if (kinds === 'session.ended') await s.streams[who].end();
      else await s.streams[who].next('message.posted', ({ id }) => id === marker.id);
      const seen = s.streams[who].seen.filter(({ kind, data }) => !['ready', 'presence', 'ping'].includes(kind) && data.id !== marker.id);
      assert.equal(seen.map(({ kind }) => kind).join(' '), kinds, who);
      if (who !== 'mod') assert.doesNotMatch(JSON.stringify(seen), new RegExp(`because|a text|"${people.mod.user.name}"`), who);
    }
    s.close();
  });
}

// --- In a room

test('a mute is shown to the room, stops writing of every kind, and ends by itself or by hand', async () => {
  const s = await scene();
  const { mod, target, by, room, streams } = s;
  const mine = await say(target, room, 'before');
  assertStatus(await mod.put(`/api/rooms/${room}/mutes/${target.user.id}`, { until: later, reason: 'loud' }), 204);
  for (const stream of Object.values(streams)) {
    const { data } = await stream.next('member.changed', ({ muted_until: until }) => until !== null);
    assert.deepEqual([data.user.id, data.muted_until], [target.user.id, later]);
  }
  const tries = [['POST', `/api/rooms/${room}/messages`, { text: 'x' }], ['PATCH', `/api/messages/${mine.id}`, { text: 'x' }],
    ['PUT', `/api/messages/${mine.id}/reactions/${encodeURIComponent('👍')}`], ['PUT', `/api/messages/${mine.id}/pin`]];
  for (const [method, path, body] of tries) {
    const problem = assertRefused(await target.request(method, path, body), 403, 'muted');
    assert.equal(problem.muted_until, later);
    assert.match(problem.title, /2999/);
  }
  assertStatus(await target.get(`/api/rooms/${room}/messages`), 200);
  assertStatus(await target.post('/api/rooms/1/messages', { text: 'elsewhere' }), 201);
  assert.equal((await target.get(`/api/rooms/${room}`)).body.room.my.muted_until, later);

  assertRefused(await by.del(`/api/rooms/${room}/mutes/${target.user.id}`), 403, 'not_a_moderator');
  assertStatus(await mod.del(`/api/rooms/${room}/mutes/${target.user.id}`), 204);
  for (const stream of Object.values(streams)) await stream.next('member.changed', ({ muted_until: until }) => until === null);
  await say(target, room, 'again');
  const [muted] = await auditOf(target.user, 'mute_member');
  assert.deepEqual([muted.actor.id, muted.room_id, muted.until, muted.reason, muted.via], [mod.user.id, room, later, 'loud', 'web']);
  assert.equal((await auditOf(target.user, 'unmute_member')).length, 1);
  assertUnnamed((await shownUntilNow(s)).by, mod);
  s.close();
});

test('a mute that is over needs nobody to end it', async () => {
  const s = await scene();
  assertStatus(await s.mod.put(`/api/rooms/${s.room}/mutes/${s.target.user.id}`, { until: new Date(Date.now() + 3_000).toISOString(), reason: '' }), 204);
  assertRefused(await s.target.post(`/api/rooms/${s.room}/messages`, { text: 'x' }), 403, 'muted');
  await until('the mute is over', async () => (await s.target.post(`/api/rooms/${s.room}/messages`, { text: 'over' })).status === 201);
  assertInvalid(await s.mod.put(`/api/rooms/${s.room}/mutes/${s.target.user.id}`, { until: '2001-01-01T00:00:00Z', reason: '' }), 'until');
  s.close();
});

test('a room ban puts out of the room and keeps out; nothing of the room follows', async () => {
  const s = await scene();
  const { mod, target, by, room, streams } = s;
  assertStatus(await mod.put(`/api/rooms/${room}/bans/${target.user.id}`, { reason: 'spam' }), 204);
  for (const stream of Object.values(streams)) {
    const { data } = await stream.next('member.left');
    assert.deepEqual([data.user.id, data.reason, data.room_id], [target.user.id, 'banned', room]);
  }
  await say(by, room, 'without you');
  await streams.by.next('message.posted', ({ text }) => text === 'without you');
  const marker = await say(target, 1, 'somewhere else');
  await streams.target.next('message.posted', ({ id }) => id === marker.id);
  assert.ok(!streams.target.text.includes('without you'));

  assertRefused(await target.post(`/api/rooms/${room}/join`), 403, 'banned');
  assertRefused(await target.get(`/api/rooms/${room}/messages`), 403, 'not_a_member');
  assertRefused(await by.put(`/api/rooms/${room}/members/${target.user.id}`, {}), 403, 'banned');
  const { token } = assertStatus(await mod.post('/api/invites', { rooms: [room] }), 201);
  await target.post(`/api/invites/${token}/accept`);
  assertRefused(await target.get(`/api/rooms/${room}/messages`), 403, 'not_a_member');
  const { sanctions } = assertStatus(await mod.get(`/api/rooms/${room}/sanctions`), 200);
  assert.deepEqual(sanctions.map(({ user, kind, reason }) => [user.id, kind, reason]), [[target.user.id, 'ban', 'spam']]);

  assertStatus(await mod.del(`/api/rooms/${room}/bans/${target.user.id}`), 204);
  assertStatus(await target.post(`/api/rooms/${room}/join`), 200);
  assert.deepEqual([(await auditOf(target.user, 'ban_member')).length, (await auditOf(target.user, 'unban_member')).length], [1, 1]);
  s.close();
});

test('a new role in a room is shown to the room', async () => {
  const s = await scene();
  assertStatus(await s.mod.put(`/api/rooms/${s.room}/members/${s.target.user.id}`, { role: 'moderator' }), 204);
  for (const stream of Object.values(s.streams)) {
    assert.equal((await stream.next('member.changed', ({ user }) => user.id === s.target.user.id)).data.role, 'moderator');
  }
  assertStatus(await s.target.put(`/api/rooms/${s.room}/mutes/${s.by.user.id}`, { until: '2999-01-01T00:00:00Z', reason: 'now I may' }), 204);
  assertRefused(await s.target.put(`/api/rooms/${s.room}/mutes/${s.mod.user.id}`, { until: '2999-01-01T00:00:00Z', reason: 'not that' }), 403, 'rank_too_low');
  s.close();
});

// --- Removing

test('a message goes by its author or by a moderator, and who that was stands in the audit only', async () => {
  const s = await scene();
  const { mod, target, by, room, streams } = s;
  for (const [remover, kind] of [[target, 'author'], [mod, 'moderator']]) {
    const secret = `secret of ${kind}`;
    const message = await say(target, room, secret);
    const answer = await say(by, room, 'what?', { reply_to: message.id });
    assertRefused(await by.del(`/api/messages/${message.id}`), 403, 'not_a_moderator');
    assertStatus(await remover.del(`/api/messages/${message.id}?reason=because`), 204);
    for (const stream of Object.values(streams)) {
      const { data } = await stream.next('message.deleted');
      assert.deepEqual([data.id, data.room_id, data.by], [message.id, room, kind]);
    }
    for (const reader of [target, by, mod]) {
      const tombstone = await read(reader, message);
      assert.deepEqual([tombstone.text, tombstone.deleted.by, tombstone.n, tombstone.user.id], [null, kind, message.n, target.user.id]);
      const { reply_to: quoted } = await read(reader, answer);
      assert.deepEqual([quoted.text, quoted.deleted.by], [null, kind]);
      assert.ok(!JSON.stringify(tombstone).includes(`"${mod.user.name}"`));
    }
    assert.equal((await by.get(`/api/search?q=${encodeURIComponent(secret)}`)).body.messages.length, 0);
    const row = (await auditOf(target.user, 'remove_message')).at(-1);
    assert.deepEqual([row.actor.id, row.message_id, row.reason, row.detail.by], [remover.user.id, message.id, 'because', kind]);
  }
  assertUnnamed((await shownUntilNow(s)).by, mod);
  s.close();
});

test('nobody edits another\'s text, whatever the rank', async () => {
  const s = await scene();
  const message = await say(s.target, s.room, 'mine');
  for (const who of [s.by, s.mod]) assertRefused(await who.patch(`/api/messages/${message.id}`, { text: 'yours' }), 403, 'not_the_author');
  s.close();
});

// --- On the server

test('a server ban ends the streams of the banned within a second, and no others', async () => {
  const s = await scene();
  const { mod, target, by, room, streams } = s;
  const second = await target.events();
  await second.next('ready');
  const { token: script } = assertStatus(await target.post('/api/me/tokens', { label: 'script' }), 201);
  const started = Date.now();
  assertStatus(await mod.put(`/api/bans/${target.user.id}`, { reason: 'spam', until: later }), 204);
  for (const stream of [streams.target, second]) {
    assert.equal((await stream.next('session.ended')).data.reason, 'banned');
    await stream.end();
    assert.equal(stream.seen.at(-1).kind, 'session.ended');
  }
  assert.ok(Date.now() - started < 1000, `it took ${Date.now() - started} ms`);
  for (const name of ['by', 'mod']) {
    const { data } = await streams[name].next('user.changed', ({ id }) => id === target.user.id);
    assert.equal(data.banned, true);
  }
  for (const token of [target.token, script]) assertRefused(await stack.client({ token }).get('/api/me'), 401, 'no_session');
  assert.equal((await stack.client({ token: target.token }).events()).status, 401);
  assertRefused(await stack.client().post('/api/session/guest', { name: target.user.name }), 409, 'name_taken');
  const shown = await shownUntilNow({ mod, room, streams: { by: streams.by, mod: streams.mod } });
  for (const name of ['by', 'mod']) assert.ok(!shown[name].some(({ kind }) => kind === 'session.ended'));
  assertUnnamed(shown.by, mod);
  assert.deepEqual([streams.by.ended, streams.mod.ended], [false, false]);

  const { bans } = assertStatus(await mod.get('/api/bans'), 200);
  assert.ok(bans.some(({ user, until, by: who }) => user.id === target.user.id && until === later && who.id === mod.user.id));
  assertRefused(await by.get('/api/bans'), 403, 'not_a_moderator');
  const [row] = await auditOf(target.user, 'ban_user');
  assert.deepEqual([row.actor.id, row.until, row.reason, row.detail.sessions, row.detail.tokens], [mod.user.id, later, 'spam', 1, 1]);
  s.close();
});

test('a dry run gives the numbers and touches nothing', async () => {
  const s = await scene();
  const { mod, target, room, streams } = s;
  await say(target, room, 'one');
  await say(target, 1, 'two');
  const answer = assertStatus(await mod.put(`/api/bans/${target.user.id}`, { reason: 'spam', messages: 'hide', dry_run: true }), 200);
  assert.deepEqual([answer.sessions, answer.messages, answer.rooms], [1, 2, 2]);
  const shown = await shownUntilNow(s);
  assert.ok(!shown.by.some(({ kind }) => /user\.|session/.test(kind)));
  assertStatus(await target.get('/api/me'), 200);
  assert.equal((await auditOf(target.user, 'ban_user')).length, 0);
  assert.equal(streams.target.ended, false);
  s.close();
});

test('what a ban hides looks removed to everybody, is told once, and comes back with the end of the ban', async () => {
  const s = await scene();
  const { mod, target, by, room, streams } = s;
  const messages = [];
  for (const text of ['buy one', 'buy two', 'buy three']) messages.push(await say(target, room, text));
  const answer = await say(by, room, 'no thanks', { reply_to: messages[0].id });
  const before = (await by.get(`/api/rooms/${room}`)).body.room;
  const cursor = streams.by.seen[0].id;

  assertStatus(await mod.put(`/api/bans/${target.user.id}`, { reason: 'spam', messages: 'hide' }), 204);
  for (const name of ['by', 'mod']) assert.equal((await streams[name].next('user.hidden')).data.user.id, target.user.id);
  for (const reader of [by, mod]) {
    for (const { id, n } of messages) {
      const hidden = await read(reader, { id });
      assert.deepEqual([hidden.text, hidden.deleted.by, hidden.n], [null, 'moderator', n]);
    }
    assert.equal((await read(reader, answer)).reply_to.text, null);
    assert.equal((await reader.get('/api/search?q=buy')).body.messages.length, 0);
  }
  assert.equal((await by.get(`/api/rooms/${room}`)).body.room.last_n, before.last_n);
  const back = await by.events({ since: cursor });
  await back.next('user.hidden');
  assert.ok(!back.text.includes('buy one'), 'a replay shows what is hidden');
  assert.equal(back.seen.filter(({ kind }) => kind === 'user.hidden').length, 1);
  back.close();

  assertStatus(await mod.del(`/api/bans/${target.user.id}`), 204);
  for (const name of ['by', 'mod']) assert.equal((await streams[name].next('user.shown')).data.user.id, target.user.id);
  for (const { id, text } of messages) assert.equal((await read(by, { id })).text, text);
  assert.equal((await read(by, answer)).reply_to.text, 'buy one');
  assertRefused(await target.get('/api/me'), 401, 'no_session');
  assert.deepEqual((await auditOf(target.user, 'unban_user')).map(({ detail }) => detail.shown), [true]);
  assertUnnamed((await shownUntilNow({ mod, room, streams: { by: streams.by } })).by, mod);
  s.close();
});

test('without hiding, a ban leaves what was written', async () => {
  const s = await scene();
  const message = await say(s.target, s.room, 'stays');
  assertStatus(await s.mod.put(`/api/bans/${s.target.user.id}`, { reason: 'x', messages: 'keep' }), 204);
  assert.equal((await read(s.by, message)).text, 'stays');
  s.close();
});

test('a new rank is shown to those who share a room, and acts at once', async () => {
  const s = await scene();
  assertRefused(await s.target.get('/api/reports'), 403, 'not_a_moderator');
  assertStatus(await owner.put(`/api/users/${s.target.user.id}/role`, { role: 'moderator', reason: 'trusted' }), 204);
  for (const stream of Object.values(s.streams)) {
    assert.equal((await stream.next('user.changed', ({ id }) => id === s.target.user.id)).data.role, 'moderator');
  }
  assertStatus(await s.target.get('/api/reports'), 200);
  assertRefused(await s.target.put(`/api/bans/${s.mod.user.id}`, { reason: 'equal' }), 403, 'rank_too_low');
  assertRefused(await s.mod.put(`/api/users/${s.by.user.id}/role`, { role: 'admin' }), 403, 'rank_too_low');
  const row = (await auditOf(s.target.user, 'set_role')).at(-1);
  assert.deepEqual([row.reason, row.detail.from, row.detail.to], ['trusted', 'member', 'moderator']);
  s.close();
});

// --- From psql

const script = (name, variables, role = 'parley_moderator') => stack.psql(
  [...Object.entries({ yes: 1, ...variables }).flatMap(([key, value]) => ['-v', `${key}=${value}`]), '-f', join(ROOT, `sql/admin/${name}.sql`)], role);

test('the scripts do the same: pages see it at once, and the audit says psql and the role', async () => {
  const s = await scene();
  const { target, by, room, streams } = s;
  const message = await say(target, room, 'from a script\'s view');
  await script('mute', { user: target.user.name, room: `#${room}`, for: '1 hour', reason: 'loud' });
  await streams.by.next('member.changed', ({ muted_until: until }) => until !== null);
  await script('unmute', { user: target.user.name, room: `#${room}` });
  await script('remove-message', { message: message.id, reason: 'rude' });
  assert.equal((await streams.by.next('message.deleted')).data.by, 'moderator');
  await script('ban', { user: target.user.name, reason: 'spam', messages: 'hide' });
  assert.equal((await streams.target.next('session.ended')).data.reason, 'banned');
  await streams.target.end();
  await streams.by.next('user.hidden');
  assert.match(await script('bans', {}), new RegExp(target.user.name));
  await script('unban', { user: target.user.name });
  await streams.by.next('user.shown');
  for (const action of ['mute_member', 'unmute_member', 'remove_message', 'ban_user', 'unban_user']) {
    const [row] = await auditOf(target.user, action);
    assert.deepEqual([row.via, row.actor], ['psql:parley_moderator', null], action);
  }
  assertUnnamed(streams.by.seen, { user: { name: 'parley_moderator' } });
  await assert.rejects(script('set-role', { user: by.user.name, role: 'admin' }), /permission denied/);
  await script('set-role', { user: by.user.name, role: 'moderator' }, 'parley_admin');
  await streams.by.next('user.changed', ({ id, role }) => id === by.user.id && role === 'moderator');
  await until('presence, which is gathered, shows them', async () => (await script('list-online', {})).includes(by.user.name));
  assert.match(await script('find-user', { user: by.user.name }), /moderator/);
  assert.match(await script('room-members', { room: `#${room}` }), new RegExp(by.user.name));
  assert.match(await script('stats', {}), /streams/);
  assert.match(await script('audit', { user: target.user.name }), /psql:parley_moderator/);
  s.close();
});

test('closing registration by script shuts the door for new ones at once', async () => {
  await script('close-registration', { guests: 'off' });
  assertRefused(await stack.client().post('/api/session/guest', { name: 'late' }), 403, 'guests_off');
  assertRefused(await stack.client().post('/api/users', { name: 'late', password: 'correct horse' }), 403, 'registration_closed');
  await script('settings', { key: 'registration', value: 'open' }, 'parley_admin');
  await script('settings', { key: 'guests', value: 'true' }, 'parley_admin');
  await stack.guest('in time');
});
