// GET /api/health tells the truth about both programs: well only when calls are answered and streams are up to date.
import assert from 'node:assert/strict';
import test from 'node:test';
import { until } from '../harness/owned.mjs';
import { assertRefused, assertStatus, stackForTests } from './described.mjs';

const stack = await stackForTests();
const nobody = stack.client();
const ana = await stack.guest('ana');

const becomesWell = () => until('health is 200', async () => (await nobody.get('/api/health')).status === 200);
const becomesUnwell = (words) => until(`health says ${words}`, async () => {
  const answer = await nobody.get('/api/health');
  if (answer.status === 200) return false;
  const { title } = assertRefused(answer, 503, 'unavailable');
  assert.ok(Number(answer.headers['retry-after']) > 0);
  return words.test(title);
});

test('all is well: with HEAD, too, and whatever the query is', async () => {
  const { status, version, log_head: head } = assertStatus(await nobody.get('/api/health?x=1'), 200);
  assert.equal(status, 'ok');
  assert.match(version, /^\d+\.\d+\.\d+/);
  assert.ok(head > 0);
  assert.equal((await nobody.request('HEAD', '/api/health')).status, 200);
  assertRefused(await nobody.post('/api/health', {}), 405, 'method_not_allowed');
});

test('a hub that has lost its database says so, while calls are answered', async () => {
  await stack.sql(`revoke connect on database ${stack.database} from public; grant connect on database ${stack.database} to parley_api`);
  await stack.sql("select pg_terminate_backend(pid) from pg_stat_activity where usename = 'parley_stream' and datname = current_database()");
  await becomesUnwell(/database/);
  assertStatus(await ana.post('/api/rooms/1/messages', { text: 'still posted' }), 201);
  await stack.sql(`grant connect on database ${stack.database} to parley_stream`);
  await becomesWell();
});

test('a hub that is more than 5 seconds behind says so, and is well again when it has read the log', async () => {
  const events = await ana.events();
  await events.next('ready');
  const holding = stack.sql('begin; lock table data.event in access exclusive mode; select pg_sleep(7); commit');
  const before = Date.now();
  await becomesUnwell(/behind/);
  assert.ok(Date.now() - before > 4_500, 'not before it is that late');
  await holding;
  await becomesWell();
  events.close();
});

for (const program of ['stream', 'api']) {
  test(`without parley-${program} it is 503`, async () => {
    await stack.processes[program].kill();
    assertRefused(await nobody.get('/api/health'), 503, 'unavailable');
    stack.startProgram(program);
    await becomesWell();
  });
}
