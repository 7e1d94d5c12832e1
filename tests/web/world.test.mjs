// Rooms, people and what the events of the stream do to them.
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { unreachable } from '../../web/lib/problem.js';
import { apply } from '../../web/model/events.js';
import { World } from '../../web/model/world.js';
import { clock } from './clock.mjs';
import { FakeApi, FakeArea, FakeEventSource, message, settled } from './doubles.mjs';

const me = { id: 7, name: 'ana', role: 'member', kind: 'person' };
const bo = { id: 9, name: 'bo', role: 'member', kind: 'person' };
const room = (id, more) => ({
  id, kind: 'channel', name: `room ${id}`, topic: '', archived: false, slow_mode: 0, members: 2, last_message_id: 50, last_n: 5,
  my: { role: 'member', read_up_to: 30, read_n: 3, unread: 2, mentions: 0, level: 'all', muted_until: null }, ...more,
});

let api;
let world;
let ended;

beforeEach(async () => {
  api = new FakeApi();
  api.answers['GET /state'] = () => ({ cursor: '1.a', me, rooms: [room(1), room(2, { kind: 'direct', peer: bo, name: undefined })], users: [me, bo], online: [7] });
  ended = [];
  world = new World({ api, area: new FakeArea(), EventSource: FakeEventSource, fetch: async () => { throw new Error('no'); } }, me, (reason) => ended.push(reason));
  await world.start();
});
afterEach(() => world.close());

const event = (type, data) => apply(world, { type, data });
const my = (id) => world.rooms.of(id).my;

describe('unread counts are differences of the server’s numbers', () => {
  test('a message of another counts, one that came already does not', () => {
    event('message.posted', message(6));
    event('message.posted', message(6));
    assert.deepEqual([my(1).unread, world.rooms.of(1).last_n], [3, 6]);
  });

  test('one of my own moves my mark', () => {
    event('message.posted', message(6, { user: me }));
    assert.deepEqual([my(1).unread, my(1).read_n], [0, 6]);
  });

  test('a mention counts as one, and is gone when all is read', () => {
    event('message.posted', message(6, { mentions: [7] }));
    assert.deepEqual([my(1).mentions, world.rooms.mentions.value], [1, 3]); // and two unread in the direct room
    world.reading.seen(1, message(6));
    assert.deepEqual([my(1).unread, my(1).mentions], [0, 0]);
  });

  test('another page of mine has read', () => {
    event('read.moved', { room_id: 1, up_to: 40, unread: 1, mentions: 0 });
    event('message.posted', message(6));
    event('read.moved', { room_id: 1, up_to: 40, unread: 1, mentions: 0 }); // the same, told late
    assert.deepEqual([my(1).unread, my(1).read_n], [2, 4]);
  });

  test('the own mark comes back from the server and changes nothing, also when more has come meanwhile', () => {
    event('message.posted', message(6));
    world.reading.seen(1, message(5));
    event('read.moved', { room_id: 1, up_to: 50, unread: 1, mentions: 0 });
    assert.deepEqual([my(1).unread, my(1).read_n], [1, 5]);
    world.reading.seen(1, message(6));
    event('read.moved', { room_id: 1, up_to: 50, unread: 1, mentions: 0 });
    assert.deepEqual([my(1).unread, my(1).read_n], [0, 6]);
  });

  test('a mark never goes back', () => {
    world.reading.seen(1, message(5));
    world.reading.seen(1, message(4));
    event('read.moved', { room_id: 1, up_to: 40, unread: 9, mentions: 0 });
    assert.deepEqual([my(1).unread, my(1).read_n], [0, 5]);
  });

  test('a mark that could not be told is told when the connection is back; its answer, which counts what I passed, counts here too', async () => {
    world.rooms.put(room(1, { last_n: 9, my: { ...room(1).my, unread: 6, mentions: 2 } }));
    const told = () => api.calls.filter(({ path }) => path === '/rooms/1/read').map(({ body }) => body.up_to);
    api.answers['PUT /rooms/1/read'] = unreachable;
    world.reading.seen(1, message(4));
    world.reading.tell();
    await settled();
    world.rooms.put(room(1, { last_n: 9, my: { ...room(1).my, unread: 6, mentions: 2 } })); // the server's word
    api.answers['PUT /rooms/1/read'] = ({ up_to }) => ({ up_to, unread: 5, mentions: 1 });
    FakeEventSource.all.at(-1).say('ready', {}, '1.a');
    await settled();
    assert.deepEqual([told(), my(1).read_n, my(1).unread, my(1).mentions], [[40, 40], 4, 5, 1]);
    world.retryAll();
    assert.deepEqual(told(), [40, 40]);
  });

  test('a mention that came while a mark was told is counted, whatever the answer to that', async () => {
    let answer;
    api.answers['PUT /rooms/1/read'] = () => new Promise((done) => { answer = done; });
    world.reading.seen(1, message(5));
    world.reading.tell();
    event('message.posted', message(6, { mentions: [7] }));
    answer({ up_to: 50, unread: 0, mentions: 0 });
    await settled();
    assert.deepEqual([my(1).unread, my(1).mentions], [1, 1]);
  });

  test('where retention has taken the beginning, what is gone is not unread', () => {
    world.rooms.put(room(1, { first_n: 5 }));
    event('message.posted', message(6));
    assert.equal(my(1).unread, 2);
  });
});

test('a rename reaches the list of rooms, quotes and people', () => {
  event('user.changed', { ...bo, name: 'bob' });
  assert.equal(world.rooms.nameOf(world.rooms.of(2)), 'bob');
  assert.equal(world.people.nameOf({ id: 9, name: 'bo' }), 'bob');
  event('user.changed', { ...me, name: 'anna' });
  assert.equal(world.me.name, 'anna');
});

test('a brief user in an event hides nothing that is known', () => {
  event('message.posted', message(6, { user: { id: 9, name: 'bo' } }));
  assert.equal(world.people.users.value.get(9).role, 'member');
});

test('a ban is known until it is lifted; a brief user tells of neither', () => {
  const banned = () => Boolean(world.people.users.value.get(9).banned);
  event('user.changed', { ...bo, banned: true });
  assert.equal(banned(), true);
  event('message.posted', message(6, { user: { id: 9, name: 'bo' } }));
  assert.equal(banned(), true);
  event('user.changed', bo);
  assert.equal(banned(), false);
});

test('presence: online, idle, offline', () => {
  event('presence', { online: [9] });
  assert.equal(world.people.presenceOf(9), 'online');
  event('presence', { idle: [9] });
  assert.equal(world.people.presenceOf(9), 'idle');
  event('presence', { offline: [9] });
  assert.equal(world.people.presenceOf(9), 'offline');
});

test('joining brings the room, leaving and being removed takes it away', () => {
  event('member.joined', { room_id: 3, user: me, by: null, room: room(3) });
  assert.ok(world.rooms.rooms.value.has(3));
  event('member.left', { room_id: 3, user: me, reason: 'removed' });
  assert.ok(!world.rooms.rooms.value.has(3));
  assert.deepEqual(world.notice.value, { key: 'removedFromRoom', values: ['room 3'] });
});

test('a changed room keeps what is mine in it', () => {
  const { my: mine, ...changed } = room(1, { name: 'renamed' });
  event('room.changed', changed);
  assert.deepEqual([world.rooms.of(1).name, my(1).unread], ['renamed', mine.unread]);
});

test('a mute is known at once', () => {
  event('member.changed', { room_id: 1, user: me, role: 'member', muted_until: '2999-01-01T00:00:00.000Z' });
  assert.equal(my(1).muted_until, '2999-01-01T00:00:00.000Z');
});

test('who is writing is shown for some seconds, and not after the message', () => {
  clock.stop();
  event('typing', { room_id: 1, user: bo });
  assert.deepEqual([...world.typing.of(1).keys()], [9]);
  event('message.posted', message(6));
  assert.equal(world.typing.of(1).size, 0);
  event('typing', { room_id: 1, user: bo });
  clock.tick(5_001);
  assert.equal(world.typing.of(1).size, 0);
  event('typing', { room_id: 1, user: me });
  assert.equal(world.typing.of(1).size, 0);
  clock.release();
});

test('a reset loads the snapshot again', async () => {
  const before = api.calls.filter((call) => call.path === '/state').length;
  event('reset', { cursor: '9.z', reason: 'too_old' });
  await settled();
  assert.equal(api.calls.filter((call) => call.path === '/state').length, before + 1);
});

test('what is heard while the snapshot is on its way, and is newer than it, stays', async () => {
  const answers = [];
  const snapshot = (cursor, ...rooms) => ({ cursor, me, rooms, users: [me, bo], online: [7] });
  api.answers['GET /state'] = () => new Promise((done) => { answers.push(done); });
  const stream = FakeEventSource.all.at(-1);
  stream.say('reset', { cursor: '9.z', reason: 'too_far_behind' }, '9.z');
  stream.say('message.posted', message(6), '60.a');
  stream.say('member.joined', { room_id: 1, user: { id: 11, name: 'cy' }, by: null }, '61.a');
  stream.say('message.posted', message(7, { mentions: [7] }), '70.a');
  stream.say('member.joined', { room_id: 3, user: me, by: null, room: room(3) }, '71.a');
  stream.say('presence', { online: [9] }, '61.a');
  answers[0](snapshot('61.a', room(1, { last_n: 6, last_message_id: 60, members: 3, my: { ...room(1).my, unread: 3 } })));
  await settled();
  const { members, last_n: lastN } = world.rooms.of(1);
  assert.deepEqual([members, lastN, my(1).unread, my(1).mentions], [3, 7, 4, 1]);
  assert.deepEqual([[...world.rooms.rooms.value.keys()], world.people.presenceOf(9)], [[1, 3], 'online']);
  stream.say('member.left', { room_id: 3, user: me, reason: 'left' }, '72.a');
  assert.deepEqual([...world.rooms.rooms.value.keys()], [1]);
});

describe('the inbox of mentions', () => {
  const answers = [];
  const page = (...numbers) => ({ mentions: numbers.map((n) => message(n)), more_before: true });
  const shown = () => world.mentions.messages.value.map(({ n }) => n);
  beforeEach(() => {
    answers.length = 0;
    api.answers['GET /mentions'] = () => new Promise((done) => { answers.push(done); });
  });

  test('shows nothing twice when it is asked for twice', async () => {
    world.mentions.load();
    world.mentions.load();
    answers[0](page(4, 5));
    answers[1](page(4, 5));
    await settled();
    world.mentions.loadOlder();
    world.mentions.loadOlder();
    answers[2](page(2, 3));
    answers[3](page(2, 3));
    await settled();
    assert.deepEqual(shown(), [5, 4, 3, 2]);
  });

  test('has what came while it was loading', async () => {
    world.mentions.load();
    event('message.posted', message(6, { mentions: [7] }));
    event('message.posted', message(7, { mentions: [7] }));
    answers[0](page(5, 6));
    await settled();
    event('message.posted', message(8, { mentions: [7] }));
    assert.deepEqual(shown(), [8, 7, 6, 5]);
  });
});

test('of the pins of a room the latest answer counts, and what changes while they are loading is asked for', async () => {
  const answers = [];
  api.answers['GET /rooms/1/pins'] = () => new Promise((done) => { answers.push(done); });
  world.pins.load(1);
  event('pin.added', { room_id: 1, message_id: 20 });
  event('pin.added', { room_id: 2, message_id: 20 }); // nobody looks there
  assert.equal(api.calls.filter(({ path }) => path.endsWith('/pins')).length, 2);
  answers[1]({ pins: [message(1), message(2)] });
  await settled();
  answers[0]({ pins: [message(1)] });
  await settled();
  assert.equal(world.pins.of(1).length, 2);
});

test('what was edited, removed or hidden is so in the inbox, in what was found, and among the pins', async () => {
  const all = [message(1, { user: { id: 11, name: 'cy' } }), message(2), message(3, { user: { id: 11, name: 'cy' } })];
  api.answers['GET /mentions'] = () => ({ mentions: [...all], more_before: false });
  api.answers['GET /search'] = () => ({ messages: all.map((each) => ({ ...each, highlight: [[0, 4]] })), more_before: false });
  api.answers['GET /rooms/1/pins'] = () => ({ pins: [...all] });
  await Promise.all([world.mentions.load(), world.search.ask('line'), world.pins.load(1)]);
  const shown = () => [world.mentions.messages.value, world.search.messages.value, world.pins.of(1)].map((list) => list.map(({ text }) => text).sort().join());
  all[1] = message(2, { text: 'changed' });
  event('message.edited', all[1]);
  await settled();
  assert.deepEqual(shown(), Array(3).fill('changed,line 1,line 3'));
  all.splice(0, 1);
  event('message.deleted', { id: 10, room_id: 1, by: 'author', at: '2026-11-23T10:00:00.000Z' });
  await settled();
  assert.deepEqual(shown(), Array(3).fill('changed,line 3'));
  event('user.hidden', { user: { id: 11, name: 'cy' } });
  assert.deepEqual(shown().slice(0, 2), ['changed', 'changed']);
});

test('when somebody’s messages are hidden, only what holds or quotes them is asked for again', async () => {
  const other = { id: 11, name: 'cy' };
  const held = { 1: [message(1), message(2)], 2: [message(3, { user: other })], 3: [message(4, { user: other, reply_to: { id: 20, user: bo, text: 'x' } })], 4: [message(5, { user: other })] };
  for (const [id, those] of Object.entries(held)) world.timelines.use(Number(id)).take({ messages: those, more_before: false, more_after: false });
  const asked = () => api.calls.filter(({ path }) => path.endsWith('/messages')).map(({ path }) => path);
  event('user.hidden', { user: bo });
  await settled();
  assert.deepEqual([asked(), [1, 2, 3, 4].filter((id) => world.timelines.of(id))], [[], [2, 4]]);
  event('user.shown', { user: other });
  await settled();
  assert.deepEqual([asked(), [1, 2, 3, 4].filter((id) => world.timelines.of(id))], [['/rooms/4/messages'], [4]]);
});

test('when the session ends, the world says why', () => {
  event('session.ended', { reason: 'banned' });
  assert.deepEqual(ended, ['banned']);
});

test('an unknown event does no harm', () => event('from.the.future', { x: 1 }));
