// Reports: a queue with a copy of each message as it was, live for those who moderate, and decided in one step.
import assert from 'node:assert/strict';
import test from 'node:test';
import { assertInvalid, assertRefused, assertStatus, stackForTests } from './described.mjs';

const stack = await stackForTests();
const owner = await stack.owner();
const mod = await stack.guest('mod');
assertStatus(await owner.put(`/api/users/${mod.user.id}/role`, { role: 'moderator' }), 204);
let people = 0;

async function scene(kind = 'group') {
  const [author, reader, keeper] = [await stack.guest(`author${++people}`), await stack.guest(`reader${people}`), await stack.guest(`keeper${people}`)];
  const { room } = assertStatus(await keeper.post('/api/rooms', { kind, name: 'room', members: [author.user.id, reader.user.id] }), 201);
  const message = await say(author, room.id, 'as it was');
  const streams = {};
  for (const [name, person] of Object.entries({ author, reader, keeper, mod })) {
    streams[name] = await person.events();
    await streams[name].next('ready');
  }
  return { author, reader, keeper, room: room.id, message, streams, close: () => Object.values(streams).forEach((stream) => stream.close()) };
}

const say = async (who, room, text) => assertStatus(await who.post(`/api/rooms/${room}/messages`, { text }), 201).message;
const report = async (who, { id }, reason = 'rude') => assertStatus(await who.post(`/api/messages/${id}/report`, { reason }), 201).report;
const queue = async (who, state = 'open') => assertStatus(await who.get(`/api/reports?state=${state}&limit=200`), 200).reports;
const inQueue = async (who, { id }, state) => (await queue(who, state)).find((each) => each.id === id);

test('a report reaches those who moderate the room and the server, live and once, and nobody else', async () => {
  const s = await scene();
  const made = await report(s.reader, s.message);
  for (const name of ['keeper', 'mod']) {
    const { data } = await s.streams[name].next('report.opened');
    assert.deepEqual([data.id, data.message_id, data.room_id], [made.id, s.message.id, s.room], name);
  }
  const marker = await say(s.reader, s.room, 'marker');
  for (const name of ['author', 'reader', 'keeper']) await s.streams[name].next('message.posted', ({ id }) => id === marker.id);
  for (const name of ['author', 'reader']) assert.ok(!/report/.test(s.streams[name].text), name);
  assert.equal(s.streams.keeper.seen.filter(({ kind }) => kind === 'report.opened').length, 1);

  for (const who of [s.keeper, mod]) {
    const shown = await inQueue(who, made);
    assert.deepEqual([shown.message.text, shown.message.user.id, shown.user.id, shown.reason, shown.state], ['as it was', s.author.user.id, s.reader.user.id, 'rude', 'open']);
  }
  for (const who of [s.author, s.reader]) assertRefused(await who.get('/api/reports'), 403, 'not_a_moderator');
  s.close();
});

test('the copy stays as it was, whatever becomes of the message', async () => {
  const s = await scene();
  const made = await report(s.reader, s.message);
  assertStatus(await s.author.patch(`/api/messages/${s.message.id}`, { text: 'harmless' }), 204);
  assert.equal((await inQueue(mod, made)).message.text, 'as it was');
  assertStatus(await s.author.del(`/api/messages/${s.message.id}`), 204);
  assert.equal((await inQueue(mod, made)).message.text, 'as it was');
  s.close();
});

test('reported twice by one person it is one report, by two people two, and one decision closes both', async () => {
  const s = await scene();
  const first = await report(s.reader, s.message);
  assert.equal(assertStatus(await s.reader.post(`/api/messages/${s.message.id}/report`, { reason: 'again' }), 200).report.id, first.id);
  const second = await report(s.keeper, s.message);
  assertStatus(await mod.post(`/api/reports/${first.id}/resolve`, { action: 'dismiss', reason: 'fine' }), 204);
  for (const name of ['keeper', 'mod']) {
    const ids = [];
    for (let i = 0; i < 2; i++) ids.push((await s.streams[name].next('report.resolved')).data.id);
    assert.deepEqual(ids, [first.id, second.id]);
  }
  for (const made of [first, second]) {
    assert.equal(await inQueue(mod, made), undefined);
    const shown = await inQueue(mod, made, 'resolved');
    assert.deepEqual([shown.action, shown.resolved_by.id], ['dismiss', mod.user.id]);
  }
  assert.equal((await s.author.get(`/api/messages/${s.message.id}`)).body.message.text, 'as it was');
  s.close();
});

test('each decision acts and closes in one step, and stands in the audit', async () => {
  const acts = {
    remove: async () => {},
    mute: async ({ author, room }) => assertRefused(await author.post(`/api/rooms/${room}/messages`, { text: 'x' }), 403, 'muted'),
    room_ban: async ({ author, room }) => assertRefused(await author.post(`/api/rooms/${room}/join`), 403, 'banned'),
    ban: async ({ author }) => assertRefused(await author.get('/api/me'), 401, 'no_session'),
  };
  for (const [action, holds] of Object.entries(acts)) {
    const s = await scene('channel');
    const made = await report(s.reader, s.message);
    assertStatus(await mod.post(`/api/reports/${made.id}/resolve`, { action, reason: 'rude', until: '2999-01-01T00:00:00Z' }), 204);
    assert.equal((await s.streams.reader.next('message.deleted')).data.by, 'moderator');
    await holds(s);
    const { audit } = assertStatus(await owner.get(`/api/audit?user=${s.author.user.id}&action=resolve_report`), 200);
    assert.deepEqual(audit.map(({ actor, detail, reason }) => [actor.id, detail.action, reason]), [[mod.user.id, action, 'rude']]);
    assert.ok(!s.streams.reader.text.includes(`"${mod.user.name}"`));
    s.close();
  }
});

test('who comes second is told so, but repeating one\'s own decision is no error', async () => {
  const s = await scene('channel');
  const made = await report(s.reader, s.message);
  assertStatus(await mod.post(`/api/reports/${made.id}/resolve`, { action: 'remove' }), 204);
  assertStatus(await mod.post(`/api/reports/${made.id}/resolve`, { action: 'remove' }), 204);
  assert.equal(assertRefused(await s.keeper.post(`/api/reports/${made.id}/resolve`, { action: 'dismiss' }), 409, 'already_resolved').action, 'remove');
  assertInvalid(await mod.post(`/api/reports/${made.id}/resolve`, { action: 'hang' }), 'action');
  s.close();
});

test('a message in other people\'s direct room: moderators see the report, and may act on nothing else', async () => {
  const [a, b] = [await stack.guest('a direct'), await stack.guest('b direct')];
  const { room } = assertStatus(await a.put(`/api/directs/${b.user.id}`), 200);
  const [bad, other] = [await say(a, room.id, 'bad'), await say(a, room.id, 'private')];
  const live = await mod.events();
  await live.next('ready');
  assertRefused(await mod.del(`/api/messages/${bad.id}`), 404, 'not_found');
  const made = await report(b, bad);
  assert.equal((await live.next('report.opened')).data.id, made.id);
  assertRefused(await mod.get(`/api/messages/${bad.id}`), 404, 'not_found');
  assertRefused(await mod.del(`/api/messages/${other.id}`), 404, 'not_found');
  assertStatus(await mod.post(`/api/reports/${made.id}/resolve`, { action: 'remove' }), 204);
  assert.equal((await b.get(`/api/messages/${bad.id}`)).body.message.deleted.by, 'moderator');
  live.close();
});

test('nobody decides on a message of their own, and its author does not learn who reported', async () => {
  const s = await scene('channel');
  const mine = await say(s.keeper, s.room, 'mine');
  const made = await report(s.reader, mine);
  assert.equal((await inQueue(s.keeper, made)).user, null);
  assertRefused(await s.keeper.post(`/api/reports/${made.id}/resolve`, { action: 'dismiss' }), 403, 'own_message');
  s.close();
});
