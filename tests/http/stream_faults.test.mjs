// The stream when something breaks, or somebody behaves badly: nothing is missed, nothing comes twice, the others do not notice.
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import test from 'node:test';
import { until } from '../harness/owned.mjs';
import { sharedPostgres } from '../harness/postgres.mjs';
import { assertStatus, stackForTests } from './described.mjs';

const RING = 64, MISSED_LIMIT = 130;
const stack = await stackForTests({ env: { PARLEY_RING: RING, PARLEY_MISSED_LIMIT: MISSED_LIMIT, PARLEY_QUEUE_BYTES: 65536, PARLEY_LAG_MS: 500,
  PARLEY_PING_MS: 400, PARLEY_GRACE_MS: 600, PARLEY_PRESENCE_MS: 100, PARLEY_RETRY_MS: 1000 } });
const [ana, bo] = [await stack.guest('ana'), await stack.guest('bo')];

const post = async (text, room = 1) => assertStatus(await ana.post(`/api/rooms/${room}/messages`, { text }), 201).message;
const head = async () => (await bo.get('/api/state')).body.cursor;
const texts = (events) => events.seen.filter(({ kind }) => kind === 'message.posted').map(({ data }) => data.text);
const metric = async (name) => Number(new RegExp(`^parley_stream_${name} (\\d+)$`, 'm').exec((await stack.client().get('/metrics/stream')).text)[1]);
const terminate = () => stack.sql("select count(pg_terminate_backend(pid)) from pg_stat_activity where usename = 'parley_stream' and datname = current_database()");

/** Nobody may connect: the nearest to a server that is away, as others use it at the same time. */
async function allowConnections(may) {
  const postgres = await sharedPostgres();
  await postgres.sql('postgres', `alter database ${stack.database} allow_connections ${may}`);
  if (!may) await postgres.sql('postgres', `select count(pg_terminate_backend(pid)) from pg_stat_activity where datname = '${stack.database}'`);
}

async function follow(who, options) {
  const events = await who.events(options);
  await events.next('ready');
  return events;
}

/** A stream as soon as the program takes one. */
async function followAgain(who) {
  for (;;) {
    const events = await who.events();
    if (await events.next('ready').catch(() => null)) return events;
  }
}

async function postMany(name, count) {
  for (let i = 0; i < count; i += 10) await Promise.all(Array.from({ length: Math.min(10, count - i) }, (_, j) => post(`${name} ${i + j}`)));
  return post(`${name} last`);
}

/** A reader that comes back by its cursor whenever its stream ends, as an EventSource does. */
class Faithful {
  got = [];
  #events;

  constructor(who) {
    this.who = who;
  }

  async start(cursor) {
    this.cursor = cursor ?? await head();
    this.running = this.#run();
  }

  async #run() {
    while (!this.stopped) {
      try {
        this.#events = await this.who.events({ lastEventId: this.cursor });
        await this.#events.end(60_000);
      } catch (error) {
        if (this.stopped) return;
      }
      this.#take();
    }
  }

  #take() {
    this.got.push(...this.#events.seen.filter(({ kind }) => kind === 'message.posted'));
    assert.ok(!this.#events.kinds.includes('reset'));
    this.cursor = this.#events.cursor ?? this.cursor;
    this.#events.seen = [];
  }

  async until(text) {
    await until(`${text} has come`, () => [...this.got, ...(this.#events?.seen ?? [])].some(({ data }) => data?.text === text), 20_000);
    this.stopped = true;
    this.#events.close();
    await this.running;
    return this.got.map(({ data }) => data.text);
  }
}

test('what is older than the ring comes from the log, page by page', async () => {
  const cursor = await head();
  await postMany('paged', 120);
  const expected = (await bo.get('/api/rooms/1/messages?limit=121')).body.messages.map(({ text }) => text);
  const events = await bo.events({ since: cursor });
  await events.next('message.posted', ({ text }) => text === 'paged last');
  assert.deepEqual(texts(events), expected);
  await post('and live');
  await events.next('message.posted', ({ text }) => text === 'and live');
  events.close();
});

test('who missed too much is told to start afresh and gets nothing old', async () => {
  const cursor = await head();
  await postMany('far', MISSED_LIMIT + 1);
  const events = await follow(bo, { since: cursor });
  const { data } = await events.next('reset');
  assert.equal(data.reason, 'too_far_behind');
  assert.equal(data.cursor, await head());
  await post('after it');
  await events.next('message.posted');
  assert.deepEqual(texts(events), ['after it']);
  events.close();
});

test('a program that is stopped says bye with a time to come back, and the streams go on where they were', async () => {
  const reader = new Faithful(bo);
  const events = await follow(bo);
  await reader.start();
  await postMany('before', 20);
  const ended = stack.processes.stream.stop();
  const { data } = await events.next('bye');
  assert.ok(data.retry_ms >= 500 && data.retry_ms <= 1500 && events.retry === data.retry_ms);
  await events.end();
  assert.equal((await ended).code, 0);
  await postMany('between', 20);
  stack.startProgram('stream');
  await postMany('after', 20);
  const got = await reader.until('after last');
  assert.equal(new Set(got).size, got.length);
  assert.equal(got.length, 63);
});

test('killed at once in the middle of everything, nothing is missed and nothing comes twice', async () => {
  const reader = new Faithful(bo);
  await reader.start();
  for (let round = 0; round < 3; round++) {
    await postMany(`kill ${round}`, 20);
    await stack.processes.stream.kill();
    stack.startProgram('stream');
  }
  await post('kill end');
  const got = await reader.until('kill end');
  assert.deepEqual([new Set(got).size, got.length], [64, 64]);
});

test('a killed program\'s people are offline soon after, and who came back does not flicker', async () => {
  const cy = await stack.guest('cy');
  const [gone, stays] = [await follow(cy), await follow(bo)];
  const online = async () => (await ana.get('/api/state')).body.online;
  await until('both are online', async () => (await online()).includes(cy.user.id) && (await online()).includes(bo.user.id));
  await stack.processes.stream.kill();
  gone.close();
  stays.close();
  stack.startProgram('stream');
  const events = await followAgain(bo);
  const watching = await followAgain(ana);
  await until('cy is offline', async () => !(await online()).includes(cy.user.id), 10_000);
  assert.ok((await online()).includes(bo.user.id));
  assert.ok(!watching.seen.some(({ kind, data }) => kind === 'presence' && data.offline.includes(bo.user.id)));
  events.close();
  watching.close();
});

test('the connections to the database are cut again and again: streams stay open and miss nothing', async () => {
  const events = await follow(bo);
  const writing = postMany('cut', 100);
  for (let i = 0; i < 5; i++) {
    await terminate();
    await until('the program is well again', async () => (await metric('database_up')) === 1);
  }
  await writing;
  await events.next('message.posted', ({ text }) => text === 'cut last');
  assert.deepEqual([texts(events).length, new Set(texts(events)).size], [101, 101]);
  assert.ok(!events.kinds.includes('reset'));
  events.close();
});

test('on a new connection the doorbell is heard again: events come at once, and not with the next look at the log', async (t) => {
  const POLL_MS = 1_000;
  const events = await follow(bo);
  const before = await metric('database_reconnects_total');
  await terminate();
  await until('both connections are made anew', async () => (await metric('database_reconnects_total')) >= before + 2);
  const took = [];
  for (let i = 0; i < 9; i++) {
    const began = performance.now();
    const { id } = await post(`rung ${i}`);
    await events.next('message.posted', (data) => data.id === id);
    took.push(performance.now() - began);
  }
  const median = took.sort((a, b) => a - b)[4];
  t.diagnostic(`median ${median.toFixed(1)} ms`);
  assert.ok(median < POLL_MS / 3, `${median} ms`);   // by the look alone it would be half of that time
  events.close();
});

test('with the database away open streams stay, new ones are told when to come back, and all goes on by itself', async () => {
  const events = await follow(bo);
  await allowConnections(false);
  const late = await bo.events();
  await late.end();
  assert.deepEqual([late.status, late.kinds], [200, []]);
  assert.ok(late.retry >= 500);
  await events.next('ping');
  await allowConnections(true);
  await until('posting works', async () => (await ana.post('/api/rooms/1/messages', { text: 'back again' })).status === 201);
  await events.next('message.posted', ({ text }) => text === 'back again');
  assert.ok(!events.ended);
  events.close();
});

test('when the log turns out to be another one, everybody starts afresh', async () => {
  const events = await follow(bo);
  await post('of the old log');
  await events.next('message.posted');
  await stack.sql("update data.event set tag = 'other'");
  await terminate();
  const { data } = await events.next('reset');
  assert.equal(data.cursor, await head());
  await post('of the new log');
  assert.equal((await events.next('message.posted')).data.text, 'of the new log');
  events.close();
});

test('forged, doubled and senseless notifications do no harm', async () => {
  const events = await follow(bo);
  const said = ['', '{', '[]', '7', 'null', '{"type":7}', '{"type":"typing"}', '{"type":"typing","room":1}', '{"type":"typing","room":1,"user":7}',
    '{"type":"typing","room":"1","user":{"id":"x"}}', '{"type":"read"}', `{"type":"read","person":${bo.user.id}}`, `{"type":"read","person":${bo.user.id},"data":[]}`,
    '{"type":"presence"}', '{"type":"presence","online":7,"offline":["x",null,-1,9007199254740993]}', `{"type":"typing","room":1,"user":${'['.repeat(3000)}`];
  for (const text of said) await stack.sql(`select pg_notify('parley_now', '${text}')`);
  for (let i = 0; i < 3; i++) await stack.sql("select pg_notify('parley_log', 'anything')");
  await post('after all this');
  await events.next('message.posted', ({ text }) => text === 'after all this');
  assert.ok(stack.processes.stream.running);
  assert.equal(texts(events).length, 1);
  events.close();
});

test('a reader who never reads is cut off, and the others get everything', async () => {
  const before = await metric('cut_off_total');
  const deaf = connect(stack.port, '127.0.0.1');
  deaf.on('error', () => {});
  await new Promise((done) => deaf.write(`GET /api/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${bo.token}\r\n\r\n`, done));
  deaf.pause();
  const events = await follow(bo);
  let sent = 0;
  while ((await metric('cut_off_total')) === before && sent < 3000) {
    await Promise.all(Array.from({ length: 20 }, () => post(`${sent++} ${'x'.repeat(7000)}`)));
  }
  assert.ok((await metric('cut_off_total')) > before);
  await post('heard');
  await events.next('message.posted', ({ text }) => text === 'heard', 10_000);
  assert.equal(texts(events).length, sent + 1);
  events.close();
  deaf.destroy();
});

test('ten thousand bytes of headers, half a request and a flood of connections that vanish do no harm', async () => {
  for (let i = 0; i < 200; i++) connect(stack.port, '127.0.0.1').on('error', () => {}).end('GET /api/events HTTP/1.1\r\nHost: x\r\n');
  const events = await Promise.all(Array.from({ length: 50 }, () => bo.events()));
  for (const one of events) one.close();
  const long = await bo.events({ headers: { 'last-event-id': 'x'.repeat(6000) } });
  await long.next('reset');
  long.close();
  await until('they are forgotten', async () => (await metric('streams')) === 0);
});
