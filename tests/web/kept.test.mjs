// What is kept for a time without a server: of one account only, as often as something happens, and nothing after it is over.
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { clearKept, Kept, readKept } from '../../web/model/kept.js';
import { World } from '../../web/model/world.js';
import { clock } from './clock.mjs';
import { FakeApi, FakeArea, FakeDatabase, FakeEventSource, message, messages, settled } from './doubles.mjs';

const me = { id: 7, name: 'ana', role: 'member', kind: 'person', settings: {} };
const room = { id: 1, kind: 'channel', name: 'lobby', topic: '', last_message_id: 80, last_n: 8, members: 2, my: { role: 'member', read_up_to: 80, read_n: 8, unread: 0, mentions: 0, level: 'all', muted_until: null } };
const page = { room_id: 1, messages: messages(1, 8), more_before: false, more_after: false };

let database;
let world;
let kept;
let api;
let seen;

const newWorld = () => new World({ api, area: new FakeArea(), EventSource: FakeEventSource, fetch: async () => { throw new Error('no'); } }, me, () => {});

/** Lets the time pass that it takes to keep something, and the database do its work. */
async function pass(ms = 2_000) {
  clock.tick(ms);
  await settled();
}

beforeEach(async () => {
  clock.stop();
  database = new FakeDatabase();
  api = new FakeApi();
  api.answers['GET /state'] = () => ({ cursor: '1.a', me, rooms: [room], users: [me], online: [], page });
  world = newWorld();
  await world.start();
  seen = true;
  kept = new Kept(database, world, () => seen);
  world.join(kept);
});
afterEach(() => { world.close(); clock.release(); });

test('rooms, people and the last messages; for their owner and for nobody else', async () => {
  await pass();
  const found = await readKept(database, 7);
  assert.deepEqual([found.me, found.rooms, found.users], [me, [room], [me]]);
  assert.deepEqual(found.pages.map(({ room_id: id, messages: all }) => [id, all.length]), [[1, 8]]);
  assert.equal(await readKept(database, 8), null);
  assert.equal(await readKept(database, null), null);
});

test('what has happened since is kept a little later; what passes by is not worth it', async () => {
  await pass();
  database.thing = null;
  kept.event({ type: 'typing', cursor: null });
  await pass();
  assert.equal(database.thing, null);
  world.timelines.of(1).append(message(9));
  kept.event({ type: 'message.posted', cursor: '2.b' });
  await pass();
  assert.equal(database.thing.pages[0].messages.length, 9);
});

test('a page that nobody sees leaves what is kept to those that are read, until it is seen again', async () => {
  seen = false;
  const behind = new Kept(database, world, () => seen);
  world.join(behind);
  await pass();
  database.thing = null; // by the one of before each test, which was seen when it began
  world.timelines.of(1).append(message(9));
  behind.event({ type: 'message.posted', cursor: '2.b' });
  await pass();
  assert.equal(database.thing, null);
  seen = true;
  behind.soon();
  await pass();
  assert.equal(database.thing.pages[0].messages.length, 9);
});

test('after its world is over nothing is written, also by who comes too late', async () => {
  world.close();
  const late = new Kept(database, world, () => true);
  world.join(late);
  await pass();
  await late.now();
  assert.equal(database.thing, null);
});

test('cleared, it is gone', async () => {
  await pass();
  await clearKept(database);
  assert.equal(await readKept(database, 7), null);
});

describe('a browser that forbids it', () => {
  test('keeps nothing, and nothing fails', async () => {
    database.forbidden = true;
    await kept.now();
    await clearKept(database);
    assert.equal(await readKept(database, 7), null);
    assert.equal(await readKept(undefined, 7), null);
  });
});

test('a world opens with what was kept, and says that it is offline, until the server has answered', async () => {
  await pass();
  const again = newWorld();
  again.open(await readKept(database, 7));
  assert.deepEqual([again.ready.value, again.offline.value, again.timelines.of(1).messages.value.length], [true, true, 8]);
  api.answers['GET /rooms/1/messages'] = () => ({ messages: messages(1, 9), more_before: false, more_after: false });
  await again.start();
  assert.deepEqual([again.offline.value, again.timelines.of(1).messages.value.length], [false, 9]);
  again.close();
});

test('the server is back: the stream does not wait for the messages, and nothing is opened for who has left meanwhile', async () => {
  await pass();
  FakeEventSource.all = [];
  const again = newWorld();
  again.open(await readKept(database, 7));
  api.answers['GET /rooms/1/messages'] = () => new Promise(() => {});
  again.start();
  await settled();
  assert.deepEqual(FakeEventSource.all.map(({ url }) => url), ['/api/events?since=1.a']);
  again.close();
  assert.equal(FakeEventSource.all[0].readyState, 2);
});
