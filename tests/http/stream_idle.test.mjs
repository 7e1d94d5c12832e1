// What costs nothing while nothing happens, what waits for no disk, and what is limited. With a PostgreSQL of its own, because the
// WAL is the whole server's.
import assert from 'node:assert/strict';
import test, { after } from 'node:test';
import { EventReader } from '../harness/events.mjs';
import { until } from '../harness/owned.mjs';
import { Postgres } from '../harness/postgres.mjs';
import { assertStatus, stackForTests } from './described.mjs';

const postgres = await Postgres.start({ settings: ['fsync=on', 'synchronous_commit=on'] });
const stack = await stackForTests({ postgres, limits: 'on', env: { PARLEY_PING_MS: 300, PARLEY_PRESENCE_MS: 100, PARLEY_GRACE_MS: 600,
  PARLEY_STREAMS_A_PERSON: 3, PARLEY_STREAMS_AN_ADDRESS: 6, PARLEY_STREAMS: 7 } });
after(() => postgres.stop());
const [ana, bo] = [await stack.guest('ana'), await stack.guest('bo')];

async function follow(who) {
  const events = await who.events();
  await events.next('ready');
  return events;
}

const walPosition = () => stack.sql('select pg_current_wal_insert_lsn()');
const metric = async (name) => Number(new RegExp(`^parley_stream_${name} (\\d+)$`, 'm').exec((await stack.client().get('/metrics/stream')).text)[1]);
const allGone = () => until('all streams are gone', async () => (await metric('streams')) === 0);

test('streams that are open and silent write nothing', async () => {
  const streams = [await follow(ana), await follow(bo)];
  await streams[0].next('presence', ({ online }) => online.includes(bo.user.id));
  for (let i = 0; i < 3; i++) await streams[0].next('ping');
  await until('all is tidied up', async () => (await stack.sql('select api.maintain()')) === '0');
  await stack.sql('checkpoint');
  const before = await walPosition();
  for (let i = 0; i < 8; i++) await streams[1].next('ping');
  assert.equal(await walPosition(), before);
  for (const events of streams) events.close();
  await allGone();
});

/** The shortest of some goes, in ms. */
async function quickest(act, goes = 5) {
  const took = [];
  for (let i = 0; i < goes; i++) {
    const began = performance.now();
    await act(i);
    took.push(performance.now() - began);
  }
  return Math.min(...took);
}

/** How long each statement took in PostgreSQL, to the end of its commit, in ms. */
async function timed(statement, goes = 5) {
  const said = await stack.psql(['-A', '-t', '-c', '\\timing on', ...Array.from({ length: goes }, (_, i) => ['-c', statement(i)]).flat()]);
  return [...said.matchAll(/^Time: ([0-9.]+) ms/gm)].map(([, ms]) => Number(ms));
}

test('presence, typing and read marks wait for no flush of the WAL, though a flush takes its time', async (t) => {
  const FLUSH_MS = 100;
  const flushTakes = async (ms) => {
    await stack.sql('alter system set commit_siblings = 0');
    await stack.sql(`alter system set commit_delay = ${ms * 1000}`);
    await stack.sql('select pg_reload_conf()');
  };
  const events = await follow(bo);
  const { message } = assertStatus(await bo.post('/api/rooms/1/messages', { text: 'to be read' }), 201);
  const here = (await stack.sql('select id, person_id from data.session order by id limit 1')).split('|');
  const post = async () => assertStatus(await bo.post('/api/rooms/1/messages', { text: 'x' }), 201);
  await flushTakes(FLUSH_MS);
  await until('a flush takes its time', async () => (await quickest(post, 1)) >= FLUSH_MS);
  const began = performance.now();
  const took = {
    posting: await quickest(post, 3),
    typing: await quickest(async () => assertStatus(await ana.post('/api/rooms/1/typing'), 204), 20),
    inAll: performance.now() - began,
    activity: await quickest(async (i) => assertStatus(await bo.post('/api/me/activity', { state: i % 2 ? 'active' : 'idle' }), 204)),
    reading: await quickest(async (i) => assertStatus(await ana.put('/api/rooms/1/read', { up_to: message.id + i }), 200)),
    reporting: Math.min(...await timed((i) => `select api.report_presence(7, '${i % 2 ? '[]' : `[[${here}]]`}', '{${i % 2 ? here[0] : ''}}')`)),
  };
  await flushTakes(0);
  t.diagnostic(JSON.stringify(took));
  assert.ok(took.posting >= FLUSH_MS);
  for (const what of ['typing', 'activity', 'reading', 'reporting']) assert.ok(took[what] < FLUSH_MS, `${what} took ${took[what]} ms`);
  await events.next('typing');
  const told = events.kinds.filter((kind) => kind === 'typing').length;
  assert.ok(told <= 1 + took.inAll / 2_000, `who types without a pause is told of now and then, not ${told} times`);
  events.close();
  await allGone();
});

test('one person has only so many streams; the next one is told when to come back', async () => {
  const streams = [await follow(ana), await follow(ana), await follow(ana)];
  const fourth = await ana.events();
  await fourth.end();
  assert.deepEqual([fourth.status, fourth.kinds], [200, []]);
  assert.ok(fourth.retry >= 5000);
  const other = await follow(bo);
  streams.pop().close();
  for (let again = null; !again;) {
    const events = await ana.events();
    again = await events.next('ready').catch(() => null);
    events.close();
  }
  assertStatus(await ana.post('/api/rooms/1/messages', { text: 'still here' }), 201);
  await other.next('message.posted');
  for (const events of [...streams, other]) events.close();
  await allGone();
});

test('one address has only so many streams, and another one is not concerned, until the program itself has no more', async () => {
  const people = [ana, bo, await stack.guest('cy')];
  const streams = await Promise.all(people.flatMap((who) => [follow(who), follow(who)]));
  const before = await metric('limited_total');
  const seventh = await ana.events();
  await seventh.end();
  assert.deepEqual([seventh.status, seventh.kinds], [200, []]);
  assert.ok(seventh.retry >= 5000);
  assert.equal(await metric('limited_total'), before + 1);
  const from = (localAddress) => EventReader.open(`${stack.url}/api/events`, { authorization: `Bearer ${ana.token}` }, { localAddress });
  const elsewhere = await from('127.0.0.2');
  await elsewhere.next('ready');
  const eighth = await from('127.0.0.3');
  await eighth.end();
  assert.deepEqual([eighth.status, eighth.kinds], [200, []]);
  for (const events of [...streams, elsewhere]) events.close();
});
