// Wrong passwords are counted, with the limits on, as in production.
import assert from 'node:assert/strict';
import test from 'node:test';
import { assertRefused, assertStatus, stackForTests } from './described.mjs';

const stack = await stackForTests({ limits: 'on' });

test('wrong passwords make the next try wait, but not where the owner of the account is', async () => {
  const nobody = stack.client();
  const dora = await nobody.signIn('/api/users', { name: 'dora', password: 'correct horse' });
  for (let i = 0; i < 5; i++) assertRefused(await nobody.post('/api/session', { name: 'nobody at all', password: 'wrong' }), 401, 'bad_credentials');
  const slow = await nobody.post('/api/session', { name: 'nobody at all', password: 'wrong' });
  assertRefused(slow, 429, 'slow_down');
  assert.ok(Number(slow.headers['retry-after']) >= 1);
  const attempts = "'name:' || encode(sha256('dora'), 'hex')";
  await stack.sql(`insert into data.attempt (what, used) values (${attempts}, 100)`);
  assertStatus(await nobody.post('/api/session', { name: 'dora', password: 'correct horse' }), 201);
  assert.equal(await stack.sql(`select count(*) from data.attempt where what = ${attempts}`), '0');
  assertStatus(await dora.get('/api/me'), 200);
});
