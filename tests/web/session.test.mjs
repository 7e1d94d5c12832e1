// Coming in, going out, and the other pages of the same browser.
import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { Problem } from '../../web/lib/problem.js';
import { Session } from '../../web/model/session.js';
import { FakeApi, FakeArea, FakeEventSource, fakeChannels, messages, settled } from './doubles.mjs';

const ana = { id: 7, name: 'ana', role: 'guest', kind: 'person' };
const room = {
  id: 1, kind: 'channel', name: 'lobby', topic: '', archived: false, slow_mode: 0, members: 2, last_message_id: 30, last_n: 3, first_n: 1,
  my: { role: 'member', read_up_to: 30, read_n: 3, unread: 0, mentions: 0, level: 'all', muted_until: null },
};
const page = { room_id: 1, messages: messages(1, 3), more_before: false, more_after: false };
const stateOf = (me) => ({ cursor: '1.a', me, rooms: [room], users: [me], online: [], page });
const hello = (me = null) => ({ name: 'Parley', me, guests: true, registration: 'open', limits: {} });

let Channel;
let opened;
let reloads;

beforeEach(() => { Channel = fakeChannels(); opened = []; reloads = 0; });
afterEach(() => { for (const session of opened) session.world.value?.close(); });

/** A page of the browser; `address` is where it opens. */
function open(answers, address = {}, early = undefined) {
  const api = new FakeApi();
  Object.assign(api.answers, answers);
  const session = new Session({ api, area: new FakeArea(), EventSource: FakeEventSource, BroadcastChannel: Channel, fetch: async () => { throw new Error('no'); },
    early, address: () => address, reload: () => { reloads += 1; } });
  opened.push(session);
  return { session, api };
}

test('signing in brings the snapshot along: the room is there without another call', async () => {
  const { session, api } = open({ 'GET /hello': () => hello(), 'POST /session/guest': () => ({ user: ana, token: 't', state: stateOf(ana) }) });
  await session.start();
  await session.comeAsGuest('ana');
  await settled();
  const world = session.world.value;
  assert.equal(world.ready.value, true);
  assert.equal(world.timelines.of(1).messages.value.length, 3);
  assert.deepEqual(api.calls.map(({ method, path }) => `${method} ${path}`), ['GET /hello', 'POST /session/guest']);
});

test('who is signed in already gets the snapshot with the room of the address, but not when that names a message', async () => {
  const asked = async (address) => {
    const { session, api } = open({ 'GET /hello': () => hello(ana), 'GET /state': () => stateOf(ana) }, address);
    await session.start();
    await settled();
    return api.calls.find(({ path }) => path === '/state').query;
  };
  assert.deepEqual(await asked({ room: 5 }), { room: 5, limit: 50 });
  assert.deepEqual(await asked({}), { room: null, limit: 50 });
  assert.deepEqual(await asked({ room: 5, message: 9 }), {});
});

test('what was asked for early is taken, unless it was asked as somebody else', async () => {
  const answers = { 'GET /state': () => stateOf(ana) };
  const early = (me) => ({ hello: Promise.resolve(hello(ana)), state: Promise.resolve(stateOf(me)) });
  const first = open(answers, {}, early(ana));
  await first.session.start();
  await settled();
  assert.deepEqual([first.session.world.value.ready.value, first.api.calls.length], [true, 0]);
  const second = open(answers, {}, early({ ...ana, id: 9 }));
  await second.session.start();
  await settled();
  assert.deepEqual([second.session.world.value.me.id, second.api.calls.map(({ path }) => path)], [7, ['/state']]);
});

test('a session that the server does not know any more ends with a reason', async () => {
  const { session } = open({ 'GET /hello': () => hello(ana), 'GET /state': () => new Problem({ status: 401, code: 'no_session' }) });
  await session.start();
  await settled();
  assert.deepEqual([session.world.value, session.endedBy.value], [null, 'other']);
});

test('who has left is offered the ways in that there are by now', async () => {
  let guests = true;
  const { session } = open({ 'GET /hello': () => ({ ...hello(ana), guests }), 'GET /state': () => stateOf(ana) });
  await session.start();
  guests = false;
  await session.signOut();
  await settled();
  assert.deepEqual([session.world.value, session.hello.value.guests], [null, false]);
});

test('when another page of the browser comes in as somebody else, this one begins anew; as the same person it goes on', async () => {
  const answers = { 'GET /hello': () => hello(ana), 'GET /state': () => stateOf(ana) };
  const first = open(answers).session;
  await first.start();
  await open(answers).session.start();
  assert.equal(reloads, 0);
  const bo = { ...ana, id: 9, name: 'bo' };
  await open({ 'GET /hello': () => hello(bo), 'GET /state': () => stateOf(bo) }).session.start();
  assert.equal(reloads, 2);
});
