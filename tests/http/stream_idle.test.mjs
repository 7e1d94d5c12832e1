// What costs nothing while nothing happens, and what is limited. With a PostgreSQL of its own, because the WAL is the whole server's.
import assert from 'node:assert/strict';
import test from 'node:test';
import { assertStatus, stackForTests } from './described.mjs';

delete process.env.PARLEY_TEST_POSTGRES;
const stack = await stackForTests({ limits: 'on', env: { PARLEY_PING_MS: 300, PARLEY_PRESENCE_MS: 100, PARLEY_GRACE_MS: 600, PARLEY_STREAMS_A_PERSON: 3 } });
const [ana, bo] = [await stack.guest('ana'), await stack.guest('bo')];

async function follow(who) {
  const events = await who.events();
  await events.next('ready');
  return events;
}

const walPosition = () => stack.sql('select pg_current_wal_lsn()');

test('streams that are open and silent write nothing', async () => {
  const streams = [await follow(ana), await follow(bo)];
  await streams[0].next('presence', ({ online }) => online.includes(bo.user.id));
  for (let i = 0; i < 3; i++) await streams[0].next('ping');
  await stack.sql('checkpoint');
  const before = await walPosition();
  for (let i = 0; i < 8; i++) await streams[1].next('ping');
  assert.equal(await walPosition(), before);
  for (const events of streams) events.close();
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
});
