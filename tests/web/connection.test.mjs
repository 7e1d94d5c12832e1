// The stream comes back by its cursor after every loss; one page of a browser holds it for all.
import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { Connection } from '../../web/model/connection.js';
import { SharedStream } from '../../web/model/shared-stream.js';
import { clock } from './clock.mjs';
import { FakeEventSource, FakeLocks, FakeWebSocket, fakeChannels, settled } from './doubles.mjs';

let heard;
let refused;
let connection;
const told = { event: (event) => heard.push(event), refused: () => { refused += 1; } };
const last = () => FakeEventSource.all.at(-1);
const env = (more) => ({ EventSource: FakeEventSource, fetch: async () => { throw new Error('no'); }, random: () => 1, ...more });

beforeEach(() => {
  clock.stop();
  FakeEventSource.all = [];
  FakeWebSocket.all = [];
  heard = [];
  refused = 0;
  connection = new Connection(env(), told);
});
afterEach(() => { connection.stop(); clock.release(); });

test('it begins at the cursor of the snapshot and is live at the first word', () => {
  connection.start('5.a');
  assert.equal(last().url, '/api/events?since=5.a');
  assert.equal(connection.state.value.phase, 'starting');
  last().say('ready', { cursor: '5.a' }, '5.a');
  assert.equal(connection.state.value.phase, 'live');
});

test('after a loss it comes back after a pause, behind the last event it heard', () => {
  connection.start('5.a');
  last().say('message.posted', { id: 9 }, '9.b');
  last().fail();
  assert.equal(connection.state.value.phase, 'lost');
  clock.tick(999);
  assert.equal(FakeEventSource.all.length, 1);
  clock.tick(1);
  assert.equal(last().url, '/api/events?since=9.b');
});

test('pauses grow until it is heard again, and "try now" does not wait', () => {
  connection.start('1.a');
  for (const pause of [1000, 2000, 4000]) {
    last().fail();
    assert.equal(connection.state.value.retryAt - Date.now(), pause);
    clock.tick(pause);
  }
  last().fail();
  connection.tryNow();
  assert.equal(FakeEventSource.all.length, 5);
  last().say('ready', {}, '1.a');
  last().fail();
  assert.equal(connection.state.value.retryAt - Date.now(), 1000);
});

test('silence longer than two pings is a loss', () => {
  connection.start('1.a');
  last().say('ready', {}, '1.a');
  for (let i = 0; i < 8; i += 1) { clock.tick(15_000); last().say('ping', {}, '1.a'); }
  assert.equal(connection.state.value.phase, 'live');
  clock.tick(46_000);
  assert.equal(connection.state.value.phase, 'lost');
});

test('"bye" is obeyed: back when the server says, not before', () => {
  connection.start('1.a');
  last().say('ready', {}, '1.a');
  last().say('bye', { retry_ms: 2500 }, '');
  clock.tick(2400);
  assert.equal(FakeEventSource.all.length, 1);
  clock.tick(200);
  assert.equal(FakeEventSource.all.length, 2);
});

test('when EventSource gives up, it asks whether the session still stands, and goes on by itself', () => {
  connection.start('1.a');
  last().fail({ closed: true });
  assert.equal(refused, 1);
  clock.tick(1000);
  assert.equal(FakeEventSource.all.length, 2);
});

/** A connection behind a proxy that holds streams back; a test answers its questions: `asked.at(-1).answer(…events)`, `.refuse(status)`. */
async function behindProxy() {
  const asked = [];
  connection = new Connection(env({ fetch: (url, { signal }) => new Promise((done, fail) => {
    const answer = (...events) => done(new Response(events.map(([type, cursor]) => `id: ${cursor}\nevent: ${type}\ndata: {}\n\n`).join('')));
    asked.push({ url, signal, answer, refuse: (status) => done(new Response('', { status })) });
    signal.addEventListener('abort', () => fail(signal.reason));
  }) }), told);
  connection.start('7.q');
  for (let seconds = 0; seconds < 60 && !asked.length; seconds += 1) clock.tick(1_000);
  return asked;
}

const heardBy = async () => { for (let i = 0; i < 5; i += 1) await settled(); };

test('behind a proxy that holds streams back it asks again and again, and opens no stream', async () => {
  const asked = await behindProxy();
  asked[0].answer(['ready', '7.q'], ['message.posted', '8.q']);
  await heardBy();
  asked[1].answer(['ready', '8.q'], ['message.posted', '9.q']);
  await heardBy();
  assert.deepEqual(asked.map(({ url }) => url), ['7.q', '8.q', '9.q'].map((cursor) => `/api/events?once=1&since=${cursor}`));
  assert.deepEqual(heard.map(({ cursor }) => cursor), ['7.q', '8.q', '8.q', '9.q']);
  assert.deepEqual([FakeEventSource.all.length, connection.state.value.phase], [3, 'live']);
});

test('who looks after it, or is impatient, while a question is open asks in its stead, not beside it', async () => {
  const asked = await behindProxy();
  clock.tick(21_000);
  connection.check();
  connection.tryNow();
  await heardBy();
  assert.deepEqual(asked.map(({ signal }) => signal.aborted), [true, true, false]);
  asked[2].answer(['ready', '7.q']);
  await heardBy();
  assert.equal(asked.length, 4);
  connection.stop();
  assert.ok(asked[3].signal.aborted);
});

test('a question that is refused, or answered with nothing, is not asked again at once: the stream is tried, once', async () => {
  const asked = await behindProxy();
  asked[0].answer();
  await heardBy();
  assert.deepEqual([asked.length, connection.state.value.phase, FakeEventSource.all.length], [1, 'lost', 3]);
  clock.tick(8_000); // the pause after three mute ones
  assert.equal(FakeEventSource.all.length, 4);
  clock.tick(15_000 + 30_000);
  await heardBy();
  assert.deepEqual([asked.length, FakeEventSource.all.length], [2, 4]);
  asked[1].refuse(401);
  await heardBy();
  assert.equal(refused, 1);
  clock.tick(30_000);
  last().say('ready', {}, '7.q');
  last().fail();
  clock.tick(1_000);
  assert.deepEqual([asked.length, FakeEventSource.all.length], [2, 6]);
});

test('a stopped connection stays stopped', () => {
  connection.start('1.a');
  last().fail();
  connection.stop();
  clock.tick(60_000);
  connection.tryNow();
  assert.equal(FakeEventSource.all.length, 1);
});

async function sleepUntil(come) {
  for (let seconds = 0; seconds < 200 && !come(); seconds += 5) {
    clock.tick(5_000);
    await settled();
  }
}

/** Pages of one browser. */
function browser() {
  const shared = { locks: new FakeLocks(), BroadcastChannel: fakeChannels() };
  return () => {
    const events = [];
    const stream = new SharedStream(shared, 'parley.7', (to) => new Connection(env(), to),
      { event: (event) => events.push(event.type), refused: () => {} });
    return { stream, events };
  };
}

test('three pages have one stream, and all hear it', async () => {
  const open = browser();
  const pages = [open(), open(), open()];
  for (const { stream } of pages) stream.start('1.a');
  await settled();
  assert.equal(FakeEventSource.all.length, 1);
  last().say('message.posted', { id: 2 }, '2.b');
  assert.deepEqual(pages.map(({ events }) => events), [['message.posted'], ['message.posted'], ['message.posted']]);
  assert.deepEqual(pages.map(({ stream }) => stream.state.value.phase), ['live', 'live', 'live']);
  for (const { stream } of pages) stream.stop();
});

test('when the leading page goes, the next continues at the last cursor it heard', async () => {
  const open = browser();
  const [first, second] = [open(), open()];
  first.stream.start('1.a');
  second.stream.start('1.a');
  await settled();
  last().say('message.posted', { id: 2 }, '2.b');
  first.stream.stop();
  await settled();
  assert.equal(last().url, '/api/events?since=2.b');
  last().say('message.posted', { id: 3 }, '3.c');
  assert.deepEqual(second.events, ['message.posted', 'message.posted']);
  second.stream.stop();
});

test('a page that comes later learns how the connection is', async () => {
  const open = browser();
  const first = open();
  first.stream.start('1.a');
  await settled();
  last().say('ready', {}, '1.a');
  last().fail();
  const second = open();
  second.stream.start('1.a');
  await settled();
  assert.equal(second.stream.state.value.phase, 'lost');
  second.stream.tryNow();
  assert.equal(FakeEventSource.all.length, 2);
  first.stream.stop();
  second.stream.stop();
});

test('a page whose snapshot is older than what the leader has passed on starts afresh', async () => {
  const open = browser();
  const first = open();
  first.stream.start('1.a');
  await settled();
  last().say('message.posted', { id: 2 }, '2.b');
  const [late, punctual] = [open(), open()];
  late.stream.start('1.a');
  punctual.stream.start('2.b');
  await settled();
  assert.deepEqual(late.events, ['reset']);
  assert.deepEqual(punctual.events, []);
  for (const { stream } of [first, late, punctual]) stream.stop();
});

test('a leading page that fell asleep and says nothing is replaced', async () => {
  const shared = { locks: new FakeLocks(), BroadcastChannel: fakeChannels() };
  const robbed = assert.rejects(shared.locks.request('parley.7', {}, () => new Promise(() => {})));
  const stream = new SharedStream(shared, 'parley.7', (to) => new Connection(env(), to), told);
  stream.start('1.a');
  await sleepUntil(() => FakeEventSource.all.length > 0);
  assert.equal(last().url, '/api/events?since=1.a');
  await robbed;
  stream.stop();
});

test('without locks each page has its own stream', () => {
  const events = [];
  const stream = new SharedStream({}, 'parley.7', (to) => new Connection(env(), to), { event: (event) => events.push(event.type), refused: () => {} });
  stream.start('1.a');
  last().say('typing', {}, '');
  assert.deepEqual(events, ['typing']);
  stream.stop();
});

const withSocket = () => {
  connection = new Connection(env({ WebSocket: FakeWebSocket, prefersSocket: () => true }), told);
  connection.start('5.a');
};
const socket = () => FakeWebSocket.all.at(-1);

test('who wishes it gets a WebSocket, which comes back by its cursor like the stream', () => {
  withSocket();
  assert.equal(socket().url, '/api/socket?since=5.a');
  socket().say({ cursor: '9.b', type: 'message.posted', data: { id: 9 } });
  assert.equal(connection.state.value.phase, 'live');
  assert.deepEqual(heard, [{ cursor: '9.b', type: 'message.posted', data: { id: 9 } }]);
  socket().fail(1006);
  clock.tick(1000);
  assert.equal(socket().url, '/api/socket?since=9.b');
  assert.equal(FakeEventSource.all.length, 0);
});

test('where no WebSocket opens, it goes on with the event stream', () => {
  withSocket();
  socket().fail(1006);
  clock.tick(1000);
  socket().fail(1006);
  clock.tick(2000);
  assert.equal(FakeWebSocket.all.length, 2);
  assert.equal(last().url, '/api/events?since=5.a');
});

test('a WebSocket whose session is over asks whether it still stands', () => {
  withSocket();
  socket().say({ cursor: '5.a', type: 'ready', data: {} });
  socket().fail(4003);
  assert.equal(refused, 1);
});
