// While PostgreSQL is away: a clear 503 within 2 s, streams that stay, and all of it continues by itself.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import test from 'node:test';
import { until } from '../harness/owned.mjs';
import { sharedPostgres } from '../harness/postgres.mjs';
import { assertRefused, assertStatus, stackForTests } from './described.mjs';

const stack = await stackForTests();
const postgres = await sharedPostgres();
const [ana, bo] = [await stack.client().signIn('/api/users', { name: 'ana', password: 'correct horse' }), await stack.guest('bo')];

/** For the programs: their connections break, and no new one is to be had. */
async function goAway() {
  await postgres.sql('postgres', `alter database ${stack.database} allow_connections false`);
  await postgres.sql('postgres', `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${stack.database}'`);
}

const comeBack = () => postgres.sql('postgres', `alter database ${stack.database} allow_connections true`);
const healthy = () => until('healthy again', async () => (await stack.client().get('/api/health')).status === 200);

async function whileAway(act) {
  await goAway();
  try {
    await act();
  } finally {
    await comeBack();
    await healthy();
  }
}

/** All at once: each 503 `unavailable`, in time, with when to come back. */
async function assertUnavailable(...asked) {
  const began = performance.now();
  const answers = await Promise.all(asked.map(async (ask) => ({ answer: await ask(), took: performance.now() - began })));
  for (const { answer, took } of answers) {
    assertRefused(answer, 503, 'unavailable');
    assert.ok(took < 2_000, `took ${took} ms`);
    assert.ok(Number(answer.headers['retry-after']) >= 1);
  }
}

test('reading, writing, signing in: 503 within 2 s, with Retry-After', () => whileAway(async () => {
  await assertUnavailable(() => ana.post('/api/rooms/1/messages', { text: 'hi' }));   // from now on the committer knows that nothing was sent
  const asked = [
    () => ana.get('/api/state'), () => ana.get('/api/rooms/1/messages'), () => ana.get('/api/search?q=hello'), () => ana.get('/api/me'),
    () => ana.post('/api/rooms/1/messages', { text: 'hi' }), () => ana.patch('/api/me', { name: 'x' }), () => ana.put('/api/rooms/1/read', { up_to: 1 }),
    () => ana.post('/api/rooms', { kind: 'group', name: 'x' }), () => ana.post('/api/me/activity', { state: 'idle' }),
    () => stack.client().get('/api/hello'), () => stack.client().get('/api/health'), () => stack.client().post('/api/session/guest', { name: 'x' }),
    () => stack.client().post('/api/session', { name: 'ana', password: 'correct horse' }), () => ana.del('/api/session'),
  ];
  await assertUnavailable(...asked);
}));

test('many at once are all answered in time', () => whileAway(async () => {
  await assertUnavailable(...Array.from({ length: 40 }, (_, i) => () => (i % 2 ? ana.get('/api/rooms') : ana.post('/api/rooms/1/messages', { text: 'hi' }))));
}));

test('what can be refused without PostgreSQL is refused as always', () => whileAway(async () => {
  assertRefused(await stack.client().get('/api/me'), 401, 'no_session');
  assertRefused(await ana.get('/api/nothing'), 404, 'not_found');
  assertRefused(await ana.post('/api/rooms/1/messages', '{'), 400, 'bad_json');
}));

test('a message sent again until there is an answer is there once', async () => {
  const message = { text: 'kept', client_id: randomUUID() };
  await goAway();
  await assertUnavailable(() => ana.post('/api/rooms/1/messages', message));
  await comeBack();
  const answer = await until('posted', async () => {
    const tried = await ana.post('/api/rooms/1/messages', message);
    return tried.status !== 503 && tried;
  });
  assertStatus(answer, 201);
  assertStatus(await ana.post('/api/rooms/1/messages', message), 200);
  assert.equal(await stack.sql("select count(*) from data.message where text = 'kept'"), '1');
});

test('a stream stays open, and goes on with what is posted afterwards', async () => {
  const events = await bo.events();
  await events.next('ready');
  await whileAway(async () => assertUnavailable(() => ana.post('/api/rooms/1/messages', { text: 'lost' })));
  await until('posted', async () => (await ana.post('/api/rooms/1/messages', { text: 'afterwards' })).status === 201);
  await events.next('message.posted', ({ text }) => text === 'afterwards', 10_000);
  assert.ok(!events.ended);
  events.close();
});

test('nothing of what was refused was done', async () => {
  assert.equal(await stack.sql("select count(*) from data.message where text in ('hi', 'lost')"), '0');
  assert.equal((await ana.get('/api/me')).body.user.name, 'ana');
  assert.deepEqual((await ana.get('/api/rooms')).body.rooms.map(({ id }) => id), [1]);
});
