// Every kind of event, and for each who gets it and who does not: live, and the same again when one comes back by a cursor.
import assert from 'node:assert/strict';
import test from 'node:test';
import { assertStatus, stackForTests } from './described.mjs';

const stack = await stackForTests({ env: { PARLEY_PRESENCE_MS: 100 } });
const owner = await stack.owner();
const [ana, bo, mo, cy] = await Promise.all(['ana', 'bo', 'mo', 'cy'].map((name) => stack.guest(name)));
assertStatus(await owner.put(`/api/users/${mo.user.id}/role`, { role: 'moderator' }), 204);
for (const who of [mo, cy]) assertStatus(await who.post('/api/rooms/1/leave'), 204);   // cy shares no room with anybody

const start = assertStatus(await ana.get('/api/state'), 200).cursor;
const streams = {};
for (const [name, who] of Object.entries({ ana, bo, mo, cy })) {
  streams[name] = await who.events();
  await streams[name].next('ready');
}
const isLogged = ({ id, kind }) => id && !['ready', 'ping'].includes(kind);
const seen = { ana: [], bo: [], mo: [], cy: [] };
let marks = 0;

/** What each of them was told because of `act`: kinds of the log by name of the reader. A mark that everybody gets ends it. */
async function told(act) {
  await act();
  const name = `mark ${++marks}`;
  assertStatus(await owner.patch('/api/settings', { name }), 204);
  const result = {};
  for (const [reader, stream] of Object.entries(streams)) {
    const mark = await stream.next('settings.changed');
    const logged = stream.seen.slice(0, stream.seen.indexOf(mark)).filter(isLogged);
    result[reader] = logged.slice(seen[reader].length);
    seen[reader] = [...logged, mark];
  }
  return result;
}

const kinds = (events) => events.map(({ kind }) => kind);

/** Runs `act`, and compares who was told what; gives the events of ana, or of whoever is the first that was told. */
async function assertTold(act, expected) {
  const result = await told(act);
  const empty = { ana: [], bo: [], mo: [], cy: [] };
  assert.deepEqual(Object.fromEntries(Object.entries(result).map(([reader, events]) => [reader, kinds(events)])), { ...empty, ...expected });
  return result;
}

const same = (list, ...readers) => Object.fromEntries(readers.map((reader) => [reader, list]));
const done = (status, ask) => async () => assertStatus(await ask(), status);
let group, message;

test('a new group: each first member joins, gets the room with what is theirs, and the room is told without', async () => {
  const all = ['member.joined', 'member.joined', 'room.created'];
  const result = await assertTold(async () => {
    ({ room: group } = assertStatus(await ana.post('/api/rooms', { kind: 'group', name: 'plans', topic: 'soon', members: [bo.user.id] }), 201));
  }, { ana: all, bo: ['member.joined', 'room.created'] });
  const [mine, his, created] = result.ana.map(({ data }) => data);
  assert.deepEqual([mine.room_id, mine.user, mine.by, mine.room.my.role], [group.id, { id: ana.user.id, name: 'ana' }, { id: ana.user.id, name: 'ana' }, 'owner']);
  assert.deepEqual([his.user.id, his.by.id, 'room' in his], [bo.user.id, ana.user.id, false]);
  assert.deepEqual([created.id, created.name, created.topic, created.members, 'my' in created], [group.id, 'plans', 'soon', 2, false]);
  const [own] = result.bo;
  assert.deepEqual([own.data.room.my.role, own.data.room.name, own.data.user.id], ['member', 'plans', bo.user.id]);
});

test('messages: posted, edited and removed are told to the room', async () => {
  const posted = await assertTold(async () => {
    ({ message } = assertStatus(await ana.post(`/api/rooms/${group.id}/messages`, { text: 'hi' }), 201));
  }, same(['message.posted'], 'ana', 'bo'));
  assert.deepEqual(posted.bo[0].data, message);
  assert.equal(posted.bo[0].id, posted.ana[0].id);
  assert.equal(Number.parseInt(posted.bo[0].id, 10), message.id);
  const edited = await assertTold(done(204, () => ana.patch(`/api/messages/${message.id}`, { text: 'hello' })), same(['message.edited'], 'ana', 'bo'));
  assert.deepEqual(edited.bo[0].data, assertStatus(await bo.get(`/api/messages/${message.id}`), 200).message);
  const other = assertStatus(await bo.post(`/api/rooms/${group.id}/messages`, { text: 'gone soon' }), 201).message;
  const removed = await assertTold(done(204, () => bo.del(`/api/messages/${other.id}`)),
    same(['message.posted', 'message.deleted'], 'ana', 'bo'));
  const { id, room_id: room, by } = removed.ana[1].data;
  assert.deepEqual([id, room, by], [other.id, group.id, 'author']);
});

test('reactions and pins are told to the room, once each', async () => {
  const path = `/api/messages/${message.id}`;
  const emoji = encodeURIComponent('👍');
  const list = ['reaction.added', 'reaction.removed', 'pin.added', 'pin.removed'];
  const result = await assertTold(async () => {
    for (const [method, end] of [['PUT', `reactions/${emoji}`], ['DELETE', `reactions/${emoji}`], ['PUT', 'pin'], ['DELETE', 'pin']]) {
      for (let twice = 0; twice < 2; twice++) assertStatus(await bo.request(method, `${path}/${end}`), 204);
    }
  }, same(list, 'ana', 'bo'));
  const [added] = result.ana;
  assert.deepEqual(added.data, { message_id: message.id, room_id: group.id, user: { id: bo.user.id, name: 'bo' }, emoji: '👍' });
});

test('a changed room and a changed member are told to the room', async () => {
  const renamed = await assertTold(done(204, () => ana.patch(`/api/rooms/${group.id}`, { name: 'new plans' })),
    same(['room.changed'], 'ana', 'bo'));
  assert.deepEqual([renamed.bo[0].data.name, 'my' in renamed.bo[0].data], ['new plans', false]);
  const raised = await assertTold(done(204, () => ana.put(`/api/rooms/${group.id}/members/${bo.user.id}`, { role: 'moderator' })),
    same(['member.changed'], 'ana', 'bo'));
  assert.deepEqual(raised.ana[0].data, { room_id: group.id, user: { id: bo.user.id, name: 'bo' }, role: 'moderator', muted_until: null });
  await assertTold(done(204, () => ana.put(`/api/rooms/${group.id}/members/${bo.user.id}`, { role: 'member' })), same(['member.changed'], 'ana', 'bo'));
});

test('a rename is told to everyone who shares a room, once however many they share, and to oneself', async () => {
  const result = await assertTold(done(200, () => bo.patch('/api/me', { name: 'bob' })), same(['user.changed'], 'ana', 'bo'));
  assert.deepEqual([result.ana[0].data.id, result.ana[0].data.name], [bo.user.id, 'bob']);
});

test('a new rank is told to who shares a room, and to the person', async () => {
  const result = await assertTold(done(204, () => owner.put(`/api/users/${cy.user.id}/role`, { role: 'member' })), { cy: ['user.changed'] });
  assert.equal(result.cy[0].data.role, 'member');
});

test('a block is told to who blocks, and to nobody else', async () => {
  const result = await assertTold(async () => {
    assertStatus(await ana.put(`/api/blocks/${cy.user.id}`), 204);
    assertStatus(await ana.del(`/api/blocks/${cy.user.id}`), 204);
  }, { ana: ['block.changed', 'block.changed'] });
  assert.deepEqual(result.ana.map(({ data }) => [data.user.id, data.blocked]), [[cy.user.id, true], [cy.user.id, false]]);
});

test('a report is told to those who moderate the room, also when they are not in it', async () => {
  let id;
  const opened = await assertTold(async () => {
    ({ id } = assertStatus(await bo.post(`/api/messages/${message.id}/report`, { reason: 'rude' }), 201).report);
  }, same(['report.opened'], 'ana', 'mo'));
  assert.deepEqual(opened.mo[0].data, { id, message_id: message.id, room_id: group.id });
  const resolved = await assertTold(done(204, () => mo.post(`/api/reports/${id}/resolve`, { action: 'dismiss' })),
    same(['report.resolved'], 'ana', 'mo'));
  assert.equal(resolved.mo[0].data.action, 'dismiss');
});

test('hidden and shown again is told to everybody, because messages outlive memberships', async () => {
  const result = await assertTold(done(204, () => owner.put(`/api/bans/${cy.user.id}`, { reason: 'spam', messages: 'hide', until: '2999-01-01T00:00:00Z' })),
    same(['user.hidden'], 'ana', 'bo', 'mo')).catch((error) => error);
  assert.match(result.message, /the stream has ended; .*session.ended null$/);   // that of the banned one
  assert.deepEqual(streams.cy.seen.at(-1).data, { reason: 'banned' });
  delete streams.cy;
  assertStatus(await owner.del(`/api/bans/${cy.user.id}`), 204);
  for (const reader of ['ana', 'bo', 'mo']) {
    const { data } = await streams[reader].next('user.shown');
    assert.deepEqual(data, { user: { id: cy.user.id, name: 'cy' } });
    assert.ok(kinds(streams[reader].seen).includes('user.hidden'));
  }
});

test('in a room of more than 500 joining and leaving is told to the one concerned and to those who moderate it', async () => {
  const { room } = assertStatus(await ana.post('/api/rooms', { kind: 'channel', name: 'large' }), 201);
  for (const who of [bo, mo]) assertStatus(await who.post(`/api/rooms/${room.id}/join`), 200);
  const di = await stack.guest('di');
  const hers = await di.events();
  await hers.next('ready');
  await stack.sql(`update data.room set members = 501 where id = ${room.id}`);
  const from = Object.fromEntries(Object.entries(streams).map(([name, stream]) => [name, stream.seen.length]));
  assertStatus(await di.post(`/api/rooms/${room.id}/join`), 200);
  assertStatus(await di.post(`/api/rooms/${room.id}/messages`, { text: 'hi, all of you' }), 201);
  assertStatus(await di.post(`/api/rooms/${room.id}/leave`), 204);
  assertStatus(await ana.post(`/api/rooms/${room.id}/messages`, { text: 'gone' }), 201);
  const both = ['member.joined', 'message.posted', 'member.left', 'message.posted'];
  for (const [reader, expected] of Object.entries({ ana: both, mo: both, bo: ['message.posted', 'message.posted'] })) {
    await streams[reader].next('message.posted', ({ text }) => text === 'gone');
    const since = streams[reader].seen.slice(from[reader]).filter(({ id, data }) => id && data.room_id === room.id);
    assert.deepEqual(kinds(since), expected, reader);
  }
  const joined = await hers.next('member.joined');
  assert.equal(joined.data.room.my.role, 'member');
  assert.deepEqual((await hers.next('member.left')).data, { room_id: room.id, user: { id: di.user.id, name: 'di' }, reason: 'left' });
  assert.ok(!hers.text.includes('"gone"'));
  hers.close();
});

test('presence in a room of more than 500 is a count', async () => {
  const { room: { id } } = assertStatus(await ana.post('/api/rooms', { kind: 'channel', name: 'huge' }), 201);
  await stack.sql(`update data.room set members = 600 where id = ${id}`);
  assertStatus(await ana.post('/api/rooms/1/leave'), 204);
  assertStatus(await bo.post(`/api/rooms/${id}/join`), 200);
  await streams.ana.next('presence', ({ counts }) => counts?.[id] === 2);
  const ed = await stack.guest('ed');
  assertStatus(await ed.post(`/api/rooms/${id}/join`), 200);
  const from = streams.ana.seen.length;
  const first = await ed.events();
  const { data } = await streams.ana.next('presence', ({ counts }) => counts?.[id] === 3);
  assert.deepEqual(data, { counts: { [id]: 3 } });
  assert.ok(!streams.ana.seen.slice(from).some(({ kind, data: who }) => kind === 'presence' && who.online?.includes(ed.user.id)));
  const second = await ed.events();
  assert.deepEqual((await second.next('presence')).data, { counts: { [id]: 3 } });   // nobody comes or goes, but a new page has to know
  assertStatus(await ed.post(`/api/rooms/${id}/leave`), 204);
  await streams.ana.next('presence', ({ counts }) => counts?.[id] === 2);
  for (const stream of [first, second]) stream.close();
});

test('erasing oneself takes the name from all pages, live and in a replay, and with `remove` every word', async () => {
  const fay = await stack.guest('fay');
  const { cursor } = assertStatus(await bo.get('/api/state'), 200);
  const { message: hers } = assertStatus(await fay.post('/api/rooms/1/messages', { text: 'words of fay' }), 201);
  assertStatus(await fay.put(`/api/messages/${hers.id}/reactions/${encodeURIComponent('👍')}`), 204);
  await streams.bo.next('reaction.added', ({ message_id: id }) => id === hers.id);
  assertStatus(await fay.del('/api/me?messages=remove'), 204);
  const { data } = await streams.bo.next('user.changed', ({ id }) => id === fay.user.id);
  assert.equal(data.name, 'removed person');
  await streams.bo.next('user.hidden', ({ user }) => user.id === fay.user.id);
  await streams.bo.next('member.left', ({ user }) => user.id === fay.user.id);
  const replay = await bo.events({ since: cursor, once: true });
  await replay.end();
  assert.ok(kinds(replay.seen).includes('reaction.added'));
  assert.ok(!replay.text.includes('"fay"') && !replay.text.includes('words of fay'), replay.text);
});

test('who comes back gets the same events again, in the same order', async () => {
  const again = await bo.events({ since: start, once: true });
  await again.end();
  const logged = (stream) => stream.seen.filter(isLogged).map(({ id, kind }) => `${id} ${kind}`);
  assert.deepEqual(logged(again), logged(streams.bo));
});

test('what retention took, and a topic of before, are not in a replay from memory either', async () => {
  const { cursor } = assertStatus(await bo.get('/api/state'), 200);
  const { room } = assertStatus(await bo.post('/api/rooms', { kind: 'group', name: 'short-lived', topic: 'the old topic' }), 201);
  assertStatus(await bo.post(`/api/rooms/${room.id}/messages`, { text: 'kept for a day' }), 201);
  assertStatus(await bo.patch(`/api/rooms/${room.id}`, { topic: 'the new topic' }), 204);
  await streams.bo.next('room.changed', ({ id }) => id === room.id);
  await stack.sql(`update data.message set at = at - interval '3 days' where room_id = ${room.id}; update data.room set message_days = 1 where id = ${room.id}`);
  await stack.sql("select api.maintain('retire')");   // what the hub asks for now and then
  await streams.bo.next('room.changed', ({ id, first_n: first }) => id === room.id && first === 2);
  const replay = await bo.events({ since: cursor, once: true });
  await replay.end();
  assert.equal(kinds(replay.seen).filter((kind) => kind === 'message.posted').length, 0, 'of what is gone, nothing is told');
  assert.ok(!replay.text.includes('kept for a day') && !replay.text.includes('the old topic'), replay.text);
});
