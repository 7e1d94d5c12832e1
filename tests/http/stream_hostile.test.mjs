// Slow and hostile readers: each costs so much memory and no more, is cut off and counted, and the others do not notice.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import test, { after } from 'node:test';
import { findPids } from '../harness/processes.mjs';
import { until } from '../harness/owned.mjs';
import { assertStatus, stackForTests } from './described.mjs';

const DEAF = 25;                   // never read
const DRIPPING = 25;               // read a byte a second
const HALF_HEADS = 50;             // send half a request and wait
const QUEUE_BYTES = 65536;
const LAG_MS = 6_000;
const LONG = '𝔘'.repeat(8_000);     // 32 KB, as long as a message may be
const SHORT_POSTS = 60;            // for one figure of latency

const stack = await stackForTests({ env: { PARLEY_QUEUE_BYTES: QUEUE_BYTES, PARLEY_LAG_MS: LAG_MS, PARLEY_PING_MS: 1_000, PARLEY_RING_BYTES: 16 << 20 } });
const [ana, bo, eve] = [await stack.guest('ana'), await stack.guest('bo'), await stack.guest('eve')];
const sockets = [];
after(() => sockets.forEach((socket) => socket.destroy()));

const metrics = async () => Object.fromEntries([...(await stack.client().get('/metrics/stream')).text.matchAll(/^parley_stream_(\w+) (\S+)$/gm)]
  .map(([, name, value]) => [name, Number(value)]));
const hub = findPids(process.pid, /^\S*\/parley-stream$/)[0];
const residentMb = () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${hub}/status`, 'utf8'))[1]) / 1024;

/** A connection that sends these bytes and reads only when it is told to. */
function attack(bytes) {
  const socket = connect(stack.port, '127.0.0.1', () => socket.write(bytes));
  socket.on('error', () => {});
  socket.pause();
  sockets.push(socket);
  return socket;
}

const openStream = () => attack(`GET /api/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${eve.token}\r\n\r\n`);

function drip(socket) {
  const timer = setInterval(() => socket.read(1), 1_000).unref();
  socket.on('close', () => clearInterval(timer));
}

const events = await bo.events();
await events.next('ready');

/** From before a post to its arrival at a good reader: the 9 of 10 quickest, in ms. */
async function latency() {
  const took = [];
  for (let i = 0; i < SHORT_POSTS; i++) {
    const began = performance.now();
    const { message } = assertStatus(await ana.post('/api/rooms/1/messages', { text: 'short' }), 201);
    await events.next('message.posted', ({ id }) => id === message.id);
    took.push(performance.now() - began);
  }
  return took.sort((a, b) => a - b)[Math.floor(SHORT_POSTS * 0.9)];
}

test('among readers who do not read, or a byte a second, and half requests, memory is bounded and the others are as quick as before', async (t) => {
  const before = { p90: await latency(), mb: residentMb(), ...(await metrics()) };
  for (let i = 0; i < DEAF; i++) openStream();
  for (let i = 0; i < DRIPPING; i++) drip(openStream());
  for (let i = 0; i < HALF_HEADS; i++) attack('GET /api/events HTTP/1.1\r\nHost: x\r\nX-Half: ');
  await until('they all have their stream', async () => (await metrics()).streams === 1 + DEAF + DRIPPING);

  // Long messages, until each of them has more unwritten than it may have. What the sockets on the way hold is much more than that.
  let [queued, posted] = [0, 0];
  await until('they all lag', async () => {
    await Promise.all(Array.from({ length: 8 }, () => ana.post('/api/rooms/1/messages', { text: LONG }).then(() => posted++)));
    const now = await metrics();
    queued = Math.max(queued, now.queue_bytes);
    return now.lagged_total - before.lagged_total >= DEAF + DRIPPING;
  }, 60_000);
  const among = { p90: await latency(), mb: residentMb() };

  await until('they are cut off', async () => (await metrics()).cut_off_total - before.cut_off_total >= DEAF + DRIPPING, LAG_MS * 3);
  const later = await metrics();
  t.diagnostic(`p90 ${before.p90.toFixed(1)} ms, among ${DEAF + DRIPPING} hostile readers ${among.p90.toFixed(1)} ms; ${posted} posts of 32 KB; `
    + `queued at most ${(queued / 1024).toFixed(0)} KB; memory ${before.mb.toFixed(0)} → ${among.mb.toFixed(0)} MB`);
  assert.ok(queued <= (1 + DEAF + DRIPPING) * (QUEUE_BYTES + 40_000), `queued ${queued} bytes`);
  assert.ok(among.p90 < before.p90 * 3 + 30, `${among.p90} ms instead of ${before.p90} ms`);
  if (!process.env.PARLEY_BUILD?.includes('/')) assert.ok(among.mb - before.mb < 60, `${among.mb} MB`);   // a sanitizer keeps what was freed
  assert.equal(later.streams, 1);
  assert.ok(!events.ended && events.seen.filter(({ kind }) => kind === 'message.posted').length === posted + 2 * SHORT_POSTS);
});

test('floods of headers, and connections that vanish in the middle of them, are refused without a trace', async () => {
  const before = await latency();
  const flood = `GET /api/events HTTP/1.1\r\nHost: x\r\n${Array.from({ length: 2_000 }, (_, i) => `X-${i}: ${'y'.repeat(40)}\r\n`).join('')}\r\n`;
  const floods = Array.from({ length: 40 }, (_, i) => {
    const socket = attack(flood);
    if (i % 2) socket.destroySoon();
    socket.resume();
    return new Promise((done) => socket.on('close', done));
  });
  const during = await latency();
  await Promise.all(floods);
  assert.ok(during < before * 3 + 30, `${during} ms instead of ${before} ms`);
  assert.equal((await metrics()).streams, 1);
  assert.ok(!events.ended);
});
