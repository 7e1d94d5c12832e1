// Notifications: which message is worth one, when it is shown, with which sound, and when it is withdrawn. Time is the test's.
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { notifies } from '../../web/lib/notify.js';
import { isQuiet } from '../../web/lib/quiet-hours.js';
import { apply } from '../../web/model/events.js';
import { Notices } from '../../web/model/notices.js';
import { World } from '../../web/model/world.js';
import { clock } from './clock.mjs';
import { FakeApi, FakeArea, FakeEventSource, message, settled } from './doubles.mjs';

const me = { id: 7, name: 'ana', role: 'member', kind: 'person', settings: {} };
const bo = { id: 9, name: 'bo', role: 'member', kind: 'person' };
const my = (more) => ({ role: 'member', read_up_to: 50, read_n: 5, unread: 0, mentions: 0, level: 'all', muted_until: null, ...more });
const room = (id, more) => ({ id, kind: 'channel', name: `room ${id}`, topic: '', archived: false, slow_mode: 0, members: 2, last_message_id: 50, last_n: 5, my: my(), ...more });
const mine = { id: 40, user: { id: me.id, name: 'ana' }, text: 'mine' };

/** What lies on the desk, by room; `log` has each showing: "3 of room 1, silent". */
class FakeDesk {
  permission = 'granted';
  there = new Map();
  log = [];
  eyes = false;
  looking() { return this.eyes; }
  async ask() { return this.permission; }
  show({ id }, name, messages, { count, silent }) {
    this.there.set(id, messages.map(({ text }) => text));
    this.log.push(`${count} of ${name}${silent ? ', silent' : ''}`);
  }
  close(id) { this.there.delete(id); }
}

let desk;
let world;
let notices;
let area;
const GATHERED_MS = 1_000;

async function begin(more = {}) {
  const api = new FakeApi();
  api.answers['GET /state'] = () => ({ cursor: '1.a', me, rooms: [room(1), room(2), room(3, { my: my({ level: 'mentions' }) }), room(4, { my: my({ level: 'none' }) })], users: [me, bo], online: [] });
  world = new World({ api, area, EventSource: FakeEventSource, fetch: async () => { throw new Error('no'); }, ...more }, me, () => {});
  await world.start();
  notices = new Notices(desk, world);
  world.join(notices);
}

beforeEach(async () => {
  desk = new FakeDesk();
  area = new FakeArea();
  clock.stop();
  await begin();
  await notices.switchOn();
});
afterEach(() => { world.close(); clock.release(); });

/** As the world passes it on. */
function event(type, data) {
  apply(world, { type, data });
  notices.event({ type, data });
}
const hear = (n, more) => event('message.posted', message(n, more));

describe('which message', () => {
  const level = (name) => my({ level: name });
  const cases = [
    ['all: any', message(6), level('all'), true],
    ['mentions: no mention', message(6), level('mentions'), false],
    ['mentions: me', message(6, { mentions: [7] }), level('mentions'), true],
    ['mentions: everybody', message(6, { mention_all: true }), level('mentions'), true],
    ['mentions: an answer to mine', message(6, { reply_to: mine }), level('mentions'), true],
    ['none: not even a mention', message(6, { mentions: [7] }), level('none'), false],
    ['my own', message(6, { user: me }), level('all'), false],
    ['of somebody whom I block', message(6, { blocked: true, text: null }), level('all'), false],
    ['hidden or removed already', message(6, { deleted: { by: 'moderator' }, text: null }), level('all'), false],
    ['read already', message(5), level('all'), false],
    ['of a room that I am not in', message(6), undefined, false],
  ];
  for (const [name, said, mark, wanted] of cases) test(name, () => assert.equal(notifies(said, mark, 7), wanted));
});

describe('when it is shown', () => {
  test('after a moment in which it may be read, and not when it was', () => {
    hear(6);
    assert.equal(desk.there.size, 0);
    event('read.moved', { room_id: 1, up_to: 60, unread: 0, mentions: 0 });
    clock.tick(GATHERED_MS);
    assert.deepEqual(desk.log, []);
  });

  test('one a room, which tells of all that waits there', () => {
    hear(6);
    hear(7);
    hear(6, { room_id: 2, id: 61 });
    clock.tick(GATHERED_MS);
    assert.deepEqual([...desk.there], [[1, ['line 6', 'line 7']], [2, ['line 6']]]);
    hear(8);
    clock.tick(GATHERED_MS);
    assert.equal(desk.there.get(1).length, 3);
  });

  test('however many come, only the last ones are held, and all are counted', () => {
    for (let n = 6; n <= 155; n += 1) hear(n);
    clock.tick(GATHERED_MS);
    assert.deepEqual([desk.log, desk.there.get(1).length, desk.there.get(1).at(-1)], [['150 of room 1'], 100, 'line 155']);
  });

  test('by the level of its room', () => {
    hear(6, { room_id: 3, id: 61 });
    hear(7, { room_id: 3, id: 62, mentions: [7] });
    hear(6, { room_id: 4, id: 63, mentions: [7] });
    clock.tick(GATHERED_MS);
    assert.deepEqual([...desk.there], [[3, ['line 7']]]);
  });

  test('a level that was chosen in another tab counts', () => {
    event('level.changed', { room_id: 1, level: 'none' });
    hear(6);
    clock.tick(GATHERED_MS);
    assert.deepEqual(desk.log, []);
  });

  test('not of the room that is before the reader’s eyes, but of another', () => {
    desk.eyes = true;
    world.rooms.open.value = 1;
    hear(6);
    hear(6, { room_id: 2, id: 61 });
    clock.tick(GATHERED_MS);
    assert.deepEqual([...desk.there.keys()], [2]);
  });

  test('only where it is switched on, and the browser allows it', () => {
    desk.permission = 'denied';
    hear(6);
    clock.tick(GATHERED_MS);
    assert.deepEqual(desk.log, []);
    desk.permission = 'granted';
    notices.switchOff();
    hear(7);
    clock.tick(GATHERED_MS);
    assert.deepEqual(desk.log, []);
  });

  test('not in the hours in which nobody is to disturb; and what came in them is not made up for', () => {
    const time = new Date(Date.now());
    const at = (minutes) => new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' }).format(time.getTime() + minutes * 60_000);
    event('user.changed', { ...me, settings: { quiet: { from: at(-5), to: at(5) } } });
    hear(6);
    clock.tick(GATHERED_MS);
    clock.tick(6 * 60_000);
    assert.deepEqual(desk.log, []);
    hear(7);
    clock.tick(GATHERED_MS);
    assert.deepEqual(desk.there.get(1), ['line 7']);
  });

  test('of several tabs only by the one that leads', async () => {
    world.close();
    const locks = { request: () => new Promise(() => {}) }; // another tab has the lock
    await begin({ locks, BroadcastChannel: class { postMessage() {} close() {} } });
    assert.equal(notices.on, true);
    hear(6);
    clock.tick(GATHERED_MS);
    assert.deepEqual(desk.log, []);
  });
});

describe('the sound', () => {
  test('one a burst: again only after some quiet', () => {
    hear(6);
    clock.tick(GATHERED_MS);
    hear(7);
    clock.tick(GATHERED_MS);
    clock.tick(8_000);
    hear(8, { room_id: 2, id: 81 });
    clock.tick(GATHERED_MS);
    clock.tick(10_000);
    hear(9);
    clock.tick(GATHERED_MS);
    assert.deepEqual(desk.log, ['1 of room 1', '2 of room 1, silent', '1 of room 2, silent', '3 of room 1']);
  });

  test('of two rooms at once, one', () => {
    hear(6);
    hear(6, { room_id: 2, id: 61 });
    clock.tick(GATHERED_MS);
    assert.deepEqual(desk.log, ['1 of room 1', '1 of room 2, silent']);
  });

  test('none, when it is not wanted', () => {
    notices.sound = false;
    hear(6);
    clock.tick(GATHERED_MS);
    assert.deepEqual(desk.log, ['1 of room 1, silent']);
  });
});

describe('it is withdrawn', () => {
  beforeEach(() => { hear(6); hear(7); clock.tick(GATHERED_MS); desk.log.length = 0; });

  test('when it is read elsewhere, as far as it is read', () => {
    event('read.moved', { room_id: 1, up_to: 60, unread: 1, mentions: 0 });
    assert.deepEqual([[...desk.there], desk.log], [[[1, ['line 7']]], ['1 of room 1, silent']]);
    event('read.moved', { room_id: 1, up_to: 70, unread: 0, mentions: 0 });
    assert.equal(desk.there.size, 0);
  });

  test('when I write there', () => {
    hear(8, { user: me });
    assert.equal(desk.there.size, 0);
  });

  test('when the message is removed; the other one stays, without a sound', () => {
    event('message.deleted', { id: 70, room_id: 1, by: 'author', at: '2026-11-23T10:00:00.000Z' });
    assert.deepEqual([[...desk.there], desk.log], [[[1, ['line 6']]], ['1 of room 1, silent']]);
    event('message.deleted', { id: 60, room_id: 1, by: 'moderator', at: '2026-11-23T10:00:00.000Z' });
    assert.equal(desk.there.size, 0);
  });

  test('an edit is told as it is now', () => {
    event('message.edited', message(7, { text: 'better' }));
    assert.deepEqual(desk.there.get(1), ['line 6', 'better']);
  });

  test('when its author is hidden, or blocked by me', () => {
    event('user.hidden', { user: bo });
    assert.equal(desk.there.size, 0);
    hear(8);
    clock.tick(GATHERED_MS);
    event('block.changed', { user: bo, blocked: true });
    assert.equal(desk.there.size, 0);
  });

  test('when I am no longer in the room, want no more of it, or sign out', () => {
    event('level.changed', { room_id: 1, level: 'none' });
    assert.equal(desk.there.size, 0);
    hear(6, { room_id: 2, id: 61 });
    clock.tick(GATHERED_MS);
    event('member.left', { room_id: 2, user: me, reason: 'removed' });
    assert.equal(desk.there.size, 0);
    hear(6, { room_id: 3, id: 62, mentions: [7] });
    clock.tick(GATHERED_MS);
    assert.equal(desk.there.size, 1);
    world.close();
    assert.equal(desk.there.size, 0);
  });
});

test('quiet hours: in one day, over midnight, and what is none', () => {
  const at = (time) => new Date(`2026-11-25T${time}:00`).getTime();
  const quiet = (from, to, time) => isQuiet({ from, to }, at(time));
  assert.deepEqual(['08:59', '09:00', '16:59', '17:00'].map((time) => quiet('09:00', '17:00', time)), [false, true, true, false]);
  assert.deepEqual(['21:59', '22:00', '23:59', '00:00', '06:59', '07:00'].map((time) => quiet('22:00', '07:00', time)), [false, true, true, true, true, false]);
  for (const none of [null, undefined, {}, { from: '09:00' }, { from: '9', to: '25:00' }, { from: '09:00', to: '09:00' }]) assert.equal(isQuiet(none, at('09:00')), false);
});

test('a wish is kept in the browser, under the account', async () => {
  world.close();
  await settled();
  await begin();
  assert.equal(notices.on, true);
});
