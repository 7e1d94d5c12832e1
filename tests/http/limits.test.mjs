// The limits of nginx, which are on by default: generous to whoever is signed in, closed to a flood.
import assert from 'node:assert/strict';
import test from 'node:test';
import { stackForTests } from '../harness/stack.mjs';
import { Socket } from '../harness/websocket.mjs';

const stack = await stackForTests({ limits: 'on' });

/** Sends `count` requests at once and counts the statuses. */
async function flood(count, send) {
  const answers = await Promise.all(Array.from({ length: count }, (_, i) => send(i)));
  const refused = answers.filter(({ status }) => status === 429);
  return { refused };
}

test('a burst of a few hundred calls of one session passes', async () => {
  const somebody = stack.client({ token: 'a'.repeat(43) });
  const { refused } = await flood(250, () => somebody.get('/api/hello'));
  assert.equal(refused.length, 0);
});

test('a flood of one session is slowed down, that of another is not', async () => {
  const loud = stack.client({ token: 'b'.repeat(43) });
  const quiet = stack.client({ cookie: 'c'.repeat(43) });
  const { refused } = await flood(500, () => loud.get('/api/hello'));
  assert.ok(refused.length > 0);
  assert.equal(refused[0].headers['content-type'], 'application/problem+json');
  assert.equal(refused[0].body.code, 'slow_down');
  assert.ok(Number(refused[0].headers['retry-after']) > 0);
  assert.equal((await quiet.get('/api/hello')).status, 200);
});

test('signing in again and again from one address is slowed down', async () => {
  const { refused } = await flood(200, () => stack.client().post('/api/session', { name: 'nobody', password: 'wrong' }));
  assert.ok(refused.length > 0);
  assert.equal(refused[0].body.code, 'slow_down');
});

test('calls on a WebSocket have the rate of requests, those too that are refused', async () => {
  const { token } = await stack.guest('calls a lot');
  const socket = await Socket.open(stack.url, { token });
  await socket.event('ready');
  let answer, count = 0;
  do answer = await socket.call('GET', ++count % 2 ? '/api/hello' : '/nothing'); while (answer.status !== 429 && count < 2_000);
  assert.equal(answer.body.code, 'slow_down');
  assert.ok(answer.body.retry_after > 0);
  assert.ok(count > 300 && count < 2_000, `${count}`);
  assert.equal(socket.closed, null);
  socket.destroy();
});
