// Wrong passwords are counted, with the limits on, as in production.
import assert from 'node:assert/strict';
import test from 'node:test';
import { assertRefused, assertStatus, stackForTests } from './described.mjs';

const stack = await stackForTests({ limits: 'on' });

/** After five failures it is a second, and after a hundred a minute: so nothing here hangs on how quick the machine is. Gives how many were counted. */
const countTwentyfold = async () => (await stack.sql("update data.attempt set used = used * 20 where what like 'pair:%' returning used / 20")).split('\n')[0];

test('wrong passwords make the next try wait, but not where the owner of the account is', async () => {
  const nobody = stack.client();
  const dora = await nobody.signIn('/api/users', { name: 'dora', password: 'correct horse' });
  for (let i = 0; i < 5; i++) assertRefused(await nobody.post('/api/session', { name: 'nobody at all', password: 'wrong' }), 401, 'bad_credentials');
  assert.equal(await countTwentyfold(), '5');
  const slow = await nobody.post('/api/session', { name: 'nobody at all', password: 'wrong' });
  assertRefused(slow, 429, 'slow_down');
  assert.ok(Number(slow.headers['retry-after']) >= 1);
  const attempts = "'name:' || encode(sha256('dora'), 'hex')";
  await stack.sql(`insert into data.attempt (what, used) values (${attempts}, 100)`);
  assertStatus(await nobody.post('/api/session', { name: 'dora', password: 'correct horse' }), 201);
  assert.equal(await stack.sql(`select count(*) from data.attempt where what = ${attempts}`), '0');
  assertStatus(await dora.get('/api/me'), 200);
});

test('nor can the old password be guessed by whoever found a session open', async () => {
  const thief = await stack.client().signIn('/api/users', { name: 'eric', password: 'correct horse' });
  const guess = (old) => thief.post('/api/me/password', { old, password: 'battery staple' });
  await stack.sql('truncate data.attempt');
  for (let i = 0; i < 5; i++) assertRefused(await guess(`wrong ${i}`), 403, 'bad_credentials');
  assert.equal(await countTwentyfold(), '5');
  const slow = await guess('correct horse');
  assertRefused(slow, 429, 'slow_down');
  assert.ok(Number(slow.headers['retry-after']) >= 1);
  await stack.sql("update data.attempt set at = at - interval '1 hour'");
  assertStatus(await guess('correct horse'), 204);
  assert.equal(await stack.sql('select count(*) from data.attempt'), '0');
});
