// Rooms and membership: channels, groups, direct rooms, roles, read marks, archives.
import assert from 'node:assert/strict';
import test from 'node:test';
import { assertInvalid, assertRefused, assertStatus, stackForTests } from './described.mjs';

const stack = await stackForTests();
const owner = await stack.owner();
const [ana, bo, cy] = [await stack.guest('ana'), await stack.guest('bo'), await stack.guest('cy')];

async function makeRoom(maker, settings) {
  const { room } = assertStatus(await maker.post('/api/rooms', { kind: 'channel', name: 'a room', ...settings }), 201);
  return room;
}

const post = (who, room, text = 'hi') => who.post(`/api/rooms/${room.id}/messages`, { text }).then((answer) => assertStatus(answer, 201).message);
const roomOf = async (who, { id }) => assertStatus(await who.get(`/api/rooms/${id}`), 200).room;
const rolesIn = async (who, { id }) => Object.fromEntries((await who.get(`/api/rooms/${id}/members`)).body.members.map(({ user, role }) => [user.name, role]));

// --- channels and groups

test('the maker of a channel is its owner, alone, and has nothing unread', async () => {
  const room = await makeRoom(ana, { name: ' Garden ', topic: 'what grows' });
  assert.deepEqual([room.name, room.topic, room.kind, room.members, room.archived, room.slow_mode], ['Garden', 'what grows', 'channel', 1, false, 0]);
  assert.deepEqual([room.my.role, room.my.unread, room.last_n, room.last_message_id], ['owner', 0, 0, null]);
});

test('a channel is found and joined by anybody; its messages are for those who are in it', async () => {
  const room = await makeRoom(ana, { name: 'findable' });
  const { id } = await post(ana, room);
  const { rooms } = assertStatus(await bo.get('/api/rooms?all=1&q=FINDA'), 200);
  assert.deepEqual(rooms.map((found) => [found.id, found.my]), [[room.id, null]]);
  assert.equal((await roomOf(bo, room)).my, null);
  for (const path of [`/api/rooms/${room.id}/messages`, `/api/messages/${id}`, `/api/rooms/${room.id}/members`, `/api/rooms/${room.id}/pins`]) {
    assertRefused(await bo.get(path), 403, 'not_a_member');
  }
  assertRefused(await bo.post(`/api/rooms/${room.id}/messages`, { text: 'hi' }), 403, 'not_a_member');

  const joined = assertStatus(await bo.post(`/api/rooms/${room.id}/join`), 200).room;
  assert.deepEqual([joined.members, joined.my.role, joined.my.unread, joined.my.read_up_to], [2, 'member', 0, id]);
  assertStatus(await bo.get(`/api/messages/${id}`), 200);
  assertStatus(await bo.post(`/api/rooms/${room.id}/join`), 200);
});

test('a group of others is 404, whatever is asked of it', async () => {
  const room = await makeRoom(ana, { kind: 'group', name: 'hidden' });
  const { id } = await post(ana, room);
  const asked = [
    ['GET', `/api/rooms/${room.id}`], ['GET', `/api/rooms/${room.id}/messages`], ['GET', `/api/rooms/${room.id}/members`], ['GET', `/api/rooms/${room.id}/pins`],
    ['POST', `/api/rooms/${room.id}/join`], ['POST', `/api/rooms/${room.id}/leave`], ['POST', `/api/rooms/${room.id}/typing`],
    ['POST', `/api/rooms/${room.id}/messages`, { text: 'hi' }], ['PATCH', `/api/rooms/${room.id}`, { name: 'mine' }],
    ['PUT', `/api/rooms/${room.id}/members/${bo.user.id}`, {}], ['DELETE', `/api/rooms/${room.id}/members/${ana.user.id}`],
    ['PUT', `/api/rooms/${room.id}/read`, { up_to: id }], ['PUT', `/api/rooms/${room.id}/level`, { level: 'all' }],
    ['PUT', `/api/rooms/${room.id}/mutes/${ana.user.id}`, { until: '2999-01-01T00:00:00Z', reason: 'x' }], ['PUT', `/api/rooms/${room.id}/bans/${ana.user.id}`, { reason: 'x' }],
    ['GET', `/api/messages/${id}`], ['PATCH', `/api/messages/${id}`, { text: 'x' }], ['DELETE', `/api/messages/${id}`],
    ['PUT', `/api/messages/${id}/reactions/👍`.replace('👍', encodeURIComponent('👍'))], ['PUT', `/api/messages/${id}/pin`], ['DELETE', `/api/messages/${id}/pin`],
    ['POST', `/api/messages/${id}/report`, { reason: 'x' }], ['GET', `/api/search?q=hi&room=${room.id}`],
  ];
  for (const [method, path, body] of asked) assertRefused(await bo.request(method, path, body), 404, 'not_found');
  assert.ok(!(await bo.get('/api/rooms?all=1')).body.rooms.some((found) => found.id === room.id));
  assert.equal((await roomOf(ana, room)).members, 1);
});

test('a room is made with its first members, each of them once', async () => {
  const room = await makeRoom(ana, { kind: 'group', name: 'three', members: [bo.user.id, cy.user.id, bo.user.id, ana.user.id] });
  assert.equal(room.members, 3);
  assert.deepEqual(await rolesIn(bo, room), { ana: 'owner', bo: 'member', cy: 'member' });
});

test('somebody who is not there is 404 as a member, and no room is made', async () => {
  const before = await stack.sql('select count(*) from data.room');
  assertRefused(await ana.post('/api/rooms', { kind: 'group', name: 'x', members: [4_000_000] }), 404, 'not_found');
  assert.equal(await stack.sql('select count(*) from data.room'), before);
});

test('a room is a channel or a group with a name of 1 to 80 characters and a topic of at most 250', async () => {
  assertInvalid(await ana.post('/api/rooms', { kind: 'direct', name: 'x' }), 'kind');
  for (const name of ['', ' ', 'x'.repeat(81), 'a\nb']) assertInvalid(await ana.post('/api/rooms', { kind: 'group', name }), 'name');
  assertInvalid(await ana.post('/api/rooms', { kind: 'group', name: 'x', topic: 'x'.repeat(251) }), 'topic');
  assert.equal((await makeRoom(ana, { name: '😀'.repeat(80) })).name, '😀'.repeat(80));
});

test('of a channel those who moderate it change name, topic and slow mode', async () => {
  const room = await makeRoom(ana, { name: 'old' });
  await bo.post(`/api/rooms/${room.id}/join`);
  for (const change of [{ name: 'mine' }, { topic: 'mine' }, { slow_mode: 5 }]) {
    assertRefused(await bo.patch(`/api/rooms/${room.id}`, change), 403, 'not_a_moderator');
  }
  assertStatus(await ana.patch(`/api/rooms/${room.id}`, { name: 'new', topic: 'fresh', slow_mode: 3 }), 204);
  const { name, topic, slow_mode: slowMode } = await roomOf(bo, room);
  assert.deepEqual([name, topic, slowMode], ['new', 'fresh', 3]);
  for (const slow_mode of [-1, 86_401]) assertInvalid(await ana.patch(`/api/rooms/${room.id}`, { slow_mode }), 'slow_mode');
});

test('of a group every member changes name and topic', async () => {
  const room = await makeRoom(ana, { kind: 'group', members: [bo.user.id] });
  assertStatus(await bo.patch(`/api/rooms/${room.id}`, { name: 'ours', topic: 'us' }), 204);
  assert.equal((await roomOf(ana, room)).name, 'ours');
  assertRefused(await bo.patch(`/api/rooms/${room.id}`, { slow_mode: 1 }), 403, 'not_a_moderator');
  assertRefused(await bo.patch(`/api/rooms/${room.id}`, { archived: true }), 403, 'not_an_owner');
});

test('slow mode says when one may write again, and not to those who moderate', async () => {
  const room = await makeRoom(ana, { slow_mode: 60 });
  await ana.patch(`/api/rooms/${room.id}`, { slow_mode: 60 });
  await bo.post(`/api/rooms/${room.id}/join`);
  await post(bo, room);
  const refused = await bo.post(`/api/rooms/${room.id}/messages`, { text: 'again' });
  assertRefused(refused, 429, 'slow_down');
  assert.ok(refused.headers['retry-after'] > 50 && refused.headers['retry-after'] <= 60);
  await post(ana, room);
  await post(ana, room);
});

test('an archived room is read but not written, by its owner brought back', async () => {
  const room = await makeRoom(ana, {});
  await bo.post(`/api/rooms/${room.id}/join`);
  const { id } = await post(bo, room);
  assertStatus(await ana.patch(`/api/rooms/${room.id}`, { archived: true }), 204);
  assert.equal((await roomOf(bo, room)).archived, true);
  assertStatus(await bo.get(`/api/rooms/${room.id}/messages`), 200);
  const refused = [
    await bo.post(`/api/rooms/${room.id}/messages`, { text: 'hi' }), await bo.patch(`/api/messages/${id}`, { text: 'x' }),
    await bo.put(`/api/messages/${id}/reactions/${encodeURIComponent('👍')}`), await bo.put(`/api/messages/${id}/pin`),
    await ana.patch(`/api/rooms/${room.id}`, { name: 'x' }), await ana.put(`/api/rooms/${room.id}/members/${cy.user.id}`), await cy.post(`/api/rooms/${room.id}/join`),
  ];
  for (const answer of refused) assertRefused(answer, 403, 'archived');
  assertStatus(await ana.patch(`/api/rooms/${room.id}`, { archived: false }), 204);
  await post(bo, room);
});

// --- membership

test('any member adds people to a group, who then see it with its history', async () => {
  const room = await makeRoom(ana, { kind: 'group', members: [bo.user.id] });
  const { id } = await post(ana, room, 'before');
  assertStatus(await bo.put(`/api/rooms/${room.id}/members/${cy.user.id}`), 204);
  assertStatus(await bo.put(`/api/rooms/${room.id}/members/${cy.user.id}`, {}), 204);
  assert.equal((await cy.get(`/api/messages/${id}`)).body.message.text, 'before');
  assert.equal((await roomOf(cy, room)).members, 3);
});

test('only those who moderate a room remove people from it, and nobody of an equal rank', async () => {
  const room = await makeRoom(ana, { kind: 'group', members: [bo.user.id, cy.user.id] });
  assertRefused(await bo.del(`/api/rooms/${room.id}/members/${cy.user.id}`), 403, 'not_a_moderator');
  assertStatus(await ana.put(`/api/rooms/${room.id}/members/${bo.user.id}`, { role: 'moderator' }), 204);
  assertStatus(await ana.put(`/api/rooms/${room.id}/members/${cy.user.id}`, { role: 'moderator' }), 204);
  assertRefused(await bo.del(`/api/rooms/${room.id}/members/${cy.user.id}`), 403, 'rank_too_low');
  assertRefused(await bo.del(`/api/rooms/${room.id}/members/${ana.user.id}`), 403, 'rank_too_low');
  assertStatus(await ana.del(`/api/rooms/${room.id}/members/${cy.user.id}`), 204);
  assertRefused(await ana.del(`/api/rooms/${room.id}/members/${cy.user.id}`), 404, 'not_found');
  assertRefused(await cy.get(`/api/rooms/${room.id}`), 404, 'not_found');
});

test('roles are given from above, below one\'s own; an owner also makes owners', async () => {
  const room = await makeRoom(ana, { kind: 'group', members: [bo.user.id, cy.user.id] });
  const give = (who, to, role) => who.put(`/api/rooms/${room.id}/members/${to.user.id}`, { role });
  assertRefused(await give(bo, cy, 'moderator'), 403, 'rank_too_low');
  assertRefused(await give(bo, bo, 'owner'), 403, 'rank_too_low');
  assertStatus(await give(ana, bo, 'moderator'), 204);
  assertRefused(await give(bo, cy, 'moderator'), 403, 'rank_too_low');
  assertStatus(await give(ana, cy, 'owner'), 204);
  assert.deepEqual(await rolesIn(bo, room), { ana: 'owner', bo: 'moderator', cy: 'owner' });
  assertRefused(await give(ana, cy, 'member'), 403, 'rank_too_low');
  assertInvalid(await give(ana, bo, 'king'), 'role');
});

test('the last owner of a room cannot step down, but leave: the longest-serving moderator becomes owner', async () => {
  const room = await makeRoom(ana, { kind: 'group', members: [bo.user.id, cy.user.id] });
  assertRefused(await ana.put(`/api/rooms/${room.id}/members/${ana.user.id}`, { role: 'member' }), 409, 'last_owner');
  await ana.put(`/api/rooms/${room.id}/members/${cy.user.id}`, { role: 'moderator' });
  assertStatus(await ana.post(`/api/rooms/${room.id}/leave`), 204);
  assert.deepEqual(await rolesIn(bo, room), { bo: 'member', cy: 'owner' });
  assertRefused(await ana.get(`/api/rooms/${room.id}`), 404, 'not_found');
});

test('a group that the last one leaves is archived; removing oneself is to leave', async () => {
  const room = await makeRoom(ana, { kind: 'group', name: 'empty soon' });
  assertStatus(await ana.del(`/api/rooms/${room.id}/members/${ana.user.id}`), 204);
  assert.equal(await stack.sql(`select archived_at is not null from data.room where id = ${room.id}`), 't');
});

test('a server owner acts in channels, but sees no group of others', async () => {
  const channel = await makeRoom(ana, { name: 'public' });
  const group = await makeRoom(ana, { kind: 'group', name: 'private' });
  assertStatus(await owner.patch(`/api/rooms/${channel.id}`, { topic: 'by the owner' }), 204);
  assertRefused(await owner.patch(`/api/rooms/${group.id}`, { topic: 'by the owner' }), 404, 'not_found');
});

test('members page by the ids of the people', async () => {
  const { members, more_before: before, more_after: after } = assertStatus(await ana.get(`/api/rooms/1/members?after=${ana.user.id}&limit=1`), 200);
  assert.deepEqual([members.map(({ user }) => user.name), before, after], [['bo'], true, true]);
});

// --- direct rooms

test('a direct room is one a pair, whoever opens it, and is shown with the other as peer', async () => {
  const mine = assertStatus(await ana.put(`/api/directs/${bo.user.id}`), 200).room;
  const theirs = assertStatus(await bo.put(`/api/directs/${ana.user.id}`), 200).room;
  assert.equal(mine.id, theirs.id);
  assert.deepEqual([mine.kind, mine.peer.id, theirs.peer.id, mine.members], ['direct', bo.user.id, ana.user.id, 2]);
  assertRefused(await cy.get(`/api/rooms/${mine.id}`), 404, 'not_found');
  assertRefused(await owner.get(`/api/rooms/${mine.id}`), 404, 'not_found');
});

test('a direct room that both open at the same instant is one', async () => {
  const [one, other] = [await stack.guest('one'), await stack.guest('other')];
  const answers = await Promise.all(Array.from({ length: 10 }, (_, i) => (i % 2 ? one.put(`/api/directs/${other.user.id}`) : other.put(`/api/directs/${one.user.id}`))));
  assert.equal(new Set(answers.map((answer) => assertStatus(answer, 200).room.id)).size, 1);
});

test('a direct room is for its two: nobody leaves, is added or removed, and nothing of it is changed', async () => {
  const { id } = (await ana.put(`/api/directs/${cy.user.id}`)).body.room;
  assertRefused(await ana.post(`/api/rooms/${id}/leave`), 403, 'direct_room');
  assertRefused(await ana.put(`/api/rooms/${id}/members/${bo.user.id}`), 403, 'direct_room');
  assertRefused(await ana.patch(`/api/rooms/${id}`, { name: 'us' }), 403, 'direct_room');
  assertRefused(await ana.del(`/api/rooms/${id}/members/${cy.user.id}`), 403, 'not_a_moderator');
});

test('a direct room with oneself or with nobody is refused', async () => {
  assertRefused(await ana.put(`/api/directs/${ana.user.id}`), 422, 'invalid');
  assertRefused(await ana.put('/api/directs/4000000'), 404, 'not_found');
});

test('a block stops direct messages both ways, without saying whose it is', async () => {
  const [one, other] = [await stack.guest('blocker'), await stack.guest('blocked')];
  const { id } = (await one.put(`/api/directs/${other.user.id}`)).body.room;
  assertStatus(await one.put(`/api/blocks/${other.user.id}`), 204);
  assertRefused(await one.post(`/api/rooms/${id}/messages`, { text: 'hi' }), 403, 'not_reachable');
  assertRefused(await other.post(`/api/rooms/${id}/messages`, { text: 'hi' }), 403, 'not_reachable');
  assertStatus(await one.del(`/api/blocks/${other.user.id}`), 204);
  await post(other, { id });
});

// --- reading

test('unread is a subtraction, posting moves one\'s own mark, and the mark never goes back', async () => {
  const room = await makeRoom(ana, { kind: 'group', members: [bo.user.id] });
  const messages = [];
  for (let i = 0; i < 5; i++) messages.push(await post(ana, room, `m${i}`));
  const { my, last_n: lastN, last_message_id: last } = await roomOf(bo, room);
  assert.deepEqual([my.unread, my.read_n, lastN, last], [5, 0, 5, messages[4].id]);
  assert.equal((await roomOf(ana, room)).my.unread, 0);

  const nowhere = () => bo.put(`/api/rooms/${room.id}/read`, { up_to: 0 });
  assert.deepEqual(assertStatus(await nowhere(), 200), { up_to: my.read_up_to, unread: 5, mentions: 0 });
  const moved = assertStatus(await bo.put(`/api/rooms/${room.id}/read`, { up_to: messages[2].id }), 200);
  assert.deepEqual(moved, { up_to: messages[2].id, unread: 2, mentions: 0 });
  const back = assertStatus(await bo.put(`/api/rooms/${room.id}/read`, { up_to: messages[0].id }), 200);
  assert.deepEqual(back, moved);
  assert.deepEqual(assertStatus(await nowhere(), 200), moved);
  for (const upTo of [-1, 9_007_199_254_740_992, '1', null]) assertInvalid(await bo.put(`/api/rooms/${room.id}/read`, { up_to: upTo }), 'up_to');
  const beyond = assertStatus(await bo.put(`/api/rooms/${room.id}/read`, { up_to: 9_007_199_254_740_991 }), 200);
  assert.deepEqual(beyond, { up_to: messages[4].id, unread: 0, mentions: 0 });
});

test('mentions are counted until they are read', async () => {
  const room = await makeRoom(ana, { kind: 'group', members: [bo.user.id] });
  const { id } = await post(ana, room, 'hello @bo');
  assert.equal((await roomOf(bo, room)).my.mentions, 1);
  assert.equal((await bo.put(`/api/rooms/${room.id}/read`, { up_to: id })).body.mentions, 0);
});

test('a level is all, mentions or none, and mine alone', async () => {
  const room = await makeRoom(ana, { kind: 'group', members: [bo.user.id] });
  assert.equal((await roomOf(bo, room)).my.level, 'all');
  assertStatus(await bo.put(`/api/rooms/${room.id}/level`, { level: 'none' }), 204);
  assert.equal((await roomOf(bo, room)).my.level, 'none');
  assert.equal((await roomOf(ana, room)).my.level, 'all');
  assertInvalid(await bo.put(`/api/rooms/${room.id}/level`, { level: 'loud' }), 'level');
});

test('typing is for those who may write', async () => {
  const room = await makeRoom(ana, {});
  assertStatus(await ana.post(`/api/rooms/${room.id}/typing`), 204);
  assertRefused(await bo.post(`/api/rooms/${room.id}/typing`), 403, 'not_a_member');
});

test('why somebody was given a role or removed stands in the audit', async () => {
  const channel = await makeRoom(ana, { name: 'reasons' });
  await bo.post(`/api/rooms/${channel.id}/join`);
  assertStatus(await ana.put(`/api/rooms/${channel.id}/members/${bo.user.id}`, { role: 'moderator', reason: 'helps a lot' }), 204);
  assertStatus(await ana.del(`/api/rooms/${channel.id}/members/${bo.user.id}?reason=left%20the%20team`), 204);
  const { audit } = assertStatus(await ana.get(`/api/audit?room=${channel.id}&user=${bo.user.id}`), 200);
  assert.deepEqual(audit.map(({ action, reason }) => [action, reason]), [['put_member', 'helps a lot'], ['remove_member', 'left the team']]);
});
