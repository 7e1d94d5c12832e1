// The snapshot to start from: asked for until it is there, at once when somebody is impatient, and never without a session.
import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { Problem, unreachable } from '../../web/lib/problem.js';
import { Snapshot } from '../../web/model/snapshot.js';
import { clock } from './clock.mjs';
import { FakeApi, settled } from './doubles.mjs';

let api;
let snapshot;
beforeEach(() => {
  clock.stop();
  api = new FakeApi();
  snapshot = new Snapshot(api);
});
afterEach(() => clock.release());

const answers = (...all) => { api.answers['GET /state'] = () => all.shift() ?? unreachable(); };

test('comes after as many tries as it takes, with growing pauses', async () => {
  answers(unreachable(), unreachable(), { cursor: '1.a' });
  let state;
  snapshot.fetch({ room: 1 }).then((told) => { state = told; });
  for (let pauses = 0; pauses < 2; pauses += 1) {
    await settled();
    assert.equal(state, undefined);
    clock.tick(60_000);
  }
  await settled();
  assert.equal(state.cursor, '1.a');
  assert.deepEqual(api.calls.map(({ query }) => query), Array(3).fill({ room: 1 }));
});

test('somebody who presses "try now" does not wait', async () => {
  answers(unreachable(), { cursor: '1.a' });
  assert.equal(snapshot.hurry(), false); // nobody waits yet
  const asked = snapshot.fetch();
  await settled();
  assert.equal(snapshot.hurry(), true);
  assert.equal((await asked).cursor, '1.a');
});

test('without a session it is a Problem, and nobody tries again', async () => {
  answers(new Problem({ status: 401, code: 'no_session' }));
  await assert.rejects(snapshot.fetch(), { code: 'no_session' });
  assert.equal(api.calls.length, 1);
});

test('closed while it waits: nothing comes, and nothing is asked any more', async () => {
  answers(unreachable());
  const asked = snapshot.fetch();
  await settled();
  snapshot.close();
  assert.equal(await asked, null);
  clock.tick(60_000);
  await settled();
  assert.equal(api.calls.length, 1);
});

test('brings what was heard while it was on its way and is newer; what stands in no log is always', async () => {
  answers({ cursor: '10.a' });
  const asked = snapshot.fetch();
  const heard = [['9.a', 'message.posted'], ['9.a', 'presence'], ['10.a', 'message.posted'], ['11.a', 'message.edited'], [null, 'level.changed']];
  for (const [cursor, type] of heard) snapshot.hear({ cursor, type });
  assert.deepEqual((await asked).newer.map(({ type }) => type), ['presence', 'message.edited', 'level.changed']);
});
