// Restarting a program refuses nobody, and reloading nginx leaves no old workers behind.
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import test from 'node:test';
import { descendants, findPids } from '../harness/processes.mjs';
import { until } from '../harness/owned.mjs';
import { picture } from '../harness/pictures.mjs';
import { Reader } from '../faults/crowd.mjs';
import { assertStatus, stackForTests } from './described.mjs';

const RESTARTS = 3;
const CALLERS = 6;
const stack = await stackForTests({ keep: true, env: { PARLEY_RETRY_MS: 200 } });
const [ana, bo] = [await stack.guest('ana'), await stack.guest('bo')];
const { image } = 'image' in stack.processes
  ? { image: assertStatus(await ana.request('POST', '/api/uploads', picture('png'), { 'content-type': 'image/png' }), 201) } : {};

/** The program itself, and not a process that it has forked, which is called the same. */
function pidOf(program) {
  const processes = descendants(process.pid).filter(({ command }) => new RegExp(`^\\S*/parley-${program}$`).test(command));
  return processes.find(({ parent }) => !processes.some(({ pid }) => pid === parent))?.pid;
}

/** Calls again and again, some at a time, while `act` goes on; gives how often each status came. */
async function calling(call, act) {
  const statuses = {};
  let over = false;
  const callers = Array.from({ length: CALLERS }, async () => {
    while (!over) {
      const status = await call().catch((error) => error.code);
      statuses[status] = (statuses[status] ?? 0) + 1;
    }
  });
  try {
    await act(() => Object.values(statuses).reduce((sum, count) => sum + count, 0));
  } finally {
    over = true;
  }
  await Promise.all(callers);
  return statuses;
}

/** SIGTERM, as systemd does it, and the next one: both while calls come in. */
async function restart(program, called) {
  for (let i = 0; i < RESTARTS; i++) {
    const [old, before] = [pidOf(program), called()];
    process.kill(old, 'SIGTERM');
    await until(`another parley-${program}`, () => ![undefined, old].includes(pidOf(program)));
    await until('it has answered', () => called() > before + 20);
  }
}

async function openStream() {
  const events = await bo.events();
  await until('the stream speaks', () => events.text !== '');
  events.close();
  return events.status;
}

const calls = {
  api: { 200: async () => (await ana.get('/api/me')).status, 201: async () => (await ana.post('/api/rooms/1/messages', { text: 'hi' })).status },
  stream: { 200: openStream },
  image: { 200: async () => (await ana.get(image.url)).status },
};

for (const [program, ways] of Object.entries(calls)) {
  for (const [status, call] of Object.entries(ways)) {
    test(`restarting parley-${program} refuses no call (${status})`, { skip: !(program in stack.processes) && 'is not built' }, async (t) => {
      const statuses = await calling(call, (called) => restart(program, called));
      t.diagnostic(JSON.stringify(statuses));
      assert.deepEqual(Object.keys(statuses), [status]);
    });
  }
}

/** A connection to the program's own socket that says nothing, as one is for a moment whose first bytes are still on their way. */
const connectTo = (program) => new Promise((done) => {
  const socket = connect(stack.socket(program), () => done(socket)).on('error', () => {});
});

for (const program of Object.keys(calls)) {
  test(`who connects to parley-${program} and says nothing holds up no restart`, { skip: !(program in stack.processes) && 'is not built' }, async () => {
    const silent = await Promise.all(Array.from({ length: 4 }, () => connectTo(program)));
    const old = pidOf(program);
    process.kill(old, 'SIGTERM');
    await until(`another parley-${program}`, () => ![undefined, old].includes(pidOf(program)));
    for (const call of Object.values(calls[program])) assert.ok(await call() < 300);
    for (const socket of silent) socket.destroy();
  });
}

const workers = () => findPids(process.pid, /^nginx: worker process/).length;

test('reloading nginx again and again refuses nobody, ends old workers, and streams go on by their cursors', async (t) => {
  const RELOADS = 5;
  const count = workers();
  const cursor = assertStatus(await bo.get('/api/state'), 200).cursor;
  const readers = Array.from({ length: 10 }, () => new Reader(bo, cursor));
  let posted = 0;
  let most = 0;
  const statuses = await calling(async () => (await ana.post('/api/rooms/1/messages', { text: `m${++posted}` })).status, async (called) => {
    for (let i = 0; i < RELOADS; i++) {
      const before = called();
      process.kill(stack.processes.nginx.pid, 'SIGHUP');
      await until('others are called', () => called() > before + 20);
      most = Math.max(most, workers());
    }
  });
  await until('old workers are gone', () => workers() === count, 5_000);
  t.diagnostic(`${count} workers, at most ${most}; ${JSON.stringify(statuses)}`);
  assert.deepEqual(Object.keys(statuses), ['201']);
  const { message: last } = assertStatus(await ana.post('/api/rooms/1/messages', { text: 'last' }), 201);
  for (const reader of readers) {
    await until('the last message has come', () => reader.seen.at(-1)?.id === last.id);
    assert.deepEqual(reader.resets, []);
    assert.deepEqual(reader.seen.map(({ n }) => n), reader.seen.map((_, i) => reader.seen[0].n + i));
    assert.equal(reader.seen.length, statuses[201] + 1);
  }
  assert.ok(readers.some(({ opened }) => opened > 1));
  await Promise.all(readers.map((reader) => reader.stop()));
});
