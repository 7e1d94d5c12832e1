// Members come and go while the others talk: whoever is added sees the room with its history, whoever is removed hears nothing more of it.
import assert from 'node:assert/strict';
import test from 'node:test';
import { until } from '../harness/owned.mjs';
import { assertRefused, assertStatus, stackForTests } from './described.mjs';

const stack = await stackForTests();
const [ana, bo, cy, eve] = await Promise.all(['ana', 'bo', 'cy', 'eve'].map((name) => stack.guest(name)));
const { room } = (await ana.post('/api/rooms', { kind: 'group', name: 'busy', members: [bo.user.id, cy.user.id] })).body;
const AT_LEAST = 10;   // messages between one change and the next

let posted = 0;
let isOver = false;
async function talk(who) {
  while (!isOver) {
    assertStatus(await who.post(`/api/rooms/${room.id}/messages`, { text: `m ${posted}` }), 201);
    posted++;
  }
}

/** The talk goes on for some messages. */
async function more() {
  const goal = posted + AT_LEAST;
  await until('they talk', () => posted >= goal);
}

const member = `/api/rooms/${room.id}/members/${eve.user.id}`;
const ofRoom = (events) => events.filter(({ data }) => data?.room_id === room.id || data?.room?.id === room.id);
const numbers = (events) => events.filter(({ kind }) => kind === 'message.posted').map(({ data }) => data.n);

/** Eve is added, listens for a while, is removed, and the talk goes on without her. */
async function comeAndGo(stream) {
  await more();
  stream.seen.length = 0;
  const reading = stream.seen;
  assertStatus(await bo.put(member), 204);
  await more();
  const { messages } = assertStatus(await eve.get(`/api/rooms/${room.id}/messages?after=0&limit=200`), 200);
  assert.deepEqual(messages.map(({ n }) => n), messages.map((_, i) => i + 1), 'the history is whole');
  assertStatus(await ana.del(member), 204);
  await until('it is told', () => reading.some(({ kind }) => kind === 'member.left'));
  await more();
  assertRefused(await eve.get(`/api/rooms/${room.id}/messages`), 404, 'not_found');
  const seen = ofRoom(reading);
  assert.deepEqual([seen[0].kind, seen[0].data.user.id, seen[0].data.by.id], ['member.joined', eve.user.id, bo.user.id]);
  assert.deepEqual([seen[0].data.room.id, seen[0].data.room.my.role], [room.id, 'member']);
  assert.deepEqual([seen.at(-1).kind, seen.at(-1).data.reason], ['member.left', 'removed']);
  const all = numbers(seen);
  assert.ok(all.length >= AT_LEAST - 3, `${all.length} messages`);
  assert.deepEqual(all, all.map((_, i) => all[0] + i), 'none is missed and none comes twice');
}

test('added and removed again and again, one gets every message of one\'s time there, and none of another', async () => {
  const stream = await eve.events();
  await stream.next('ready');
  const talking = [ana, bo, cy].map(talk);
  try {
    for (let round = 0; round < 3; round++) await comeAndGo(stream);
  } finally {
    isOver = true;
  }
  await Promise.all(talking);
  stream.close();
});
