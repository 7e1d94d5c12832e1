// The upgrade path: the same stream as a WebSocket, and calls on it, through the real nginx.
import assert from 'node:assert/strict';
import test from 'node:test';
import { BINARY, PING, PONG, Socket, TEXT, frame } from '../harness/websocket.mjs';
import { until } from '../harness/owned.mjs';
import { assertProblemHolds, stackForTests } from './described.mjs';

const stack = await stackForTests({ env: { PARLEY_PING_MS: '400', PARLEY_QUEUE_BYTES: '65536', PARLEY_LAG_MS: '500' } });

async function person(name, options = {}) {
  const client = await stack.guest(name);
  const socket = await Socket.open(stack.url, { token: client.token, ...options });
  await socket.event('ready');
  return { client, socket };
}

const post = (client, text) => client.post('/api/rooms/1/messages', { text });

test('the same events as over HTTP, with the same cursors and the same data', async () => {
  const { client, socket } = await person('same');
  const events = await client.events();
  await events.next('ready');
  const { body } = await post(client, 'both ways');
  const byStream = await events.next('message.posted', ({ id }) => id === body.message.id);
  const bySocket = await socket.event('message.posted', ({ id }) => id === body.message.id);
  assert.deepEqual(bySocket, { cursor: byStream.id, type: 'message.posted', data: byStream.data });
  const ready = await socket.event('ready');
  assert.deepEqual(ready.data, { cursor: ready.cursor, user: { id: client.user.id, name: 'same' } });
  events.close();
  socket.destroy();
});

test('from a cursor exactly what came after it; a cursor of nowhere is a reset', async () => {
  const { client, socket } = await person('resume');
  const { cursor: since } = await socket.event('ready');
  socket.destroy();
  await post(client, 'while away 1');
  await post(client, 'while away 2');
  const back = await Socket.open(stack.url, { token: client.token, since });
  await back.event('message.posted', ({ text }) => text === 'while away 2');
  assert.deepEqual(back.messages.filter(({ type, data }) => type === 'message.posted' && data.user.id === client.user.id).map(({ data }) => data.text),
    ['while away 1', 'while away 2']);
  back.destroy();
  const lost = await Socket.open(stack.url, { token: client.token, since: '1.zzz' });
  const reset = await lost.event('reset');
  assert.deepEqual(reset.data, { cursor: reset.cursor, reason: 'unknown_cursor' });
  lost.destroy();
});

test('a call is answered by its ref, with the status, the body and the errors of HTTP', async () => {
  const { client, socket } = await person('caller');
  const posted = await socket.call('POST', '/api/rooms/1/messages', { text: 'by socket' });
  assert.equal(posted.status, 201);
  assert.deepEqual((await client.get(`/api/messages/${posted.body.message.id}`)).body, posted.body);
  for (const [method, path, body] of [
    ['GET', '/api/rooms/1/messages?limit=2', undefined], ['GET', '/api/me', undefined], ['GET', '/api/rooms/999999', undefined],
    ['POST', '/api/rooms/1/messages', { text: '' }], ['POST', '/api/rooms/1/messages', { text: 'nul \u0000' }],
    ['POST', '/api/rooms/1/messages', { text: 7 }], ['PATCH', '/api/health', {}], ['GET', '/api/nothing', undefined],
  ]) {
    const bySocket = await socket.call(method, path, body);
    const byHttp = await client.request(method, path, body);
    assert.deepEqual([bySocket.status, bySocket.body], [byHttp.status, byHttp.body], `${method} ${path}`);
  }
  const { status, body } = await socket.call('PUT', '/api/rooms/1/level', { level: 'mentions' });
  assert.deepEqual([status, body], [204, null]);
  socket.destroy();
});

test('calls are pipelined: many at once, each answered once, whatever the order', async () => {
  const { socket } = await person('pipeline');
  const refs = Array.from({ length: 100 }, (_, i) => i);
  socket.send(Buffer.concat(refs.map((ref) => frame(TEXT, JSON.stringify({ ref, method: 'POST', path: '/api/rooms/1/messages', body: { text: `number ${ref}` } })))));
  for (const ref of refs) assert.equal((await socket.answer(ref)).status, 201);
  assert.equal(socket.messages.filter((message) => 'status' in message).length, refs.length);
  await socket.event('message.posted', ({ text }) => text === 'number 99');
  socket.destroy();
});

test('what is no call is answered, and who goes on with it is closed with 1008', async () => {
  const { socket } = await person('mistaken');
  for (const said of [{}, { ref: 'a' }, { ref: 'a', method: 'GET' }, { ref: 'a', method: 7, path: '/api/me' }, { ref: 'a', method: 'GET', path: '/api/a b' },
    { ref: ['a'], method: 'GET', path: '/api/me' }]) {
    const before = socket.messages.length;
    socket.send(frame(TEXT, JSON.stringify(said)));
    const answer = await until('an answer', () => socket.messages.slice(before).find((message) => 'status' in message));
    assert.deepEqual([answer.status, answer.body.code], [422, 'invalid'], JSON.stringify(said));
    assert.equal(answer.ref, typeof said.ref === 'string' ? said.ref : null);
  }
  for (const path of ['/metrics/api', '/', '/api']) assert.equal((await socket.call('GET', path)).status, 404, path);
  for (let i = 0; i < 11; i++) socket.send(frame(TEXT, 'no JSON'));
  assert.equal((await socket.close()).code, 1008);
  assert.equal(socket.messages.filter((message) => message.status === 400 && message.body.code === 'bad_json').length, 11);
});

test('a binary message is closed with 1003, one over the bound with 1009', async () => {
  const first = await person('binary');
  first.socket.send(frame(BINARY, 'x'));
  assert.equal((await first.socket.close()).code, 1003);
  await first.socket.end();
  const second = await person('large');
  second.socket.send(frame(TEXT, '', { length: 300_000 }));
  assert.equal((await second.socket.close()).code, 1009);
});

test('a body of 256 KB passes, and is judged as over HTTP', async () => {
  const { client, socket } = await person('bodies');
  const body = { text: 'x'.repeat(250_000) };
  assert.deepEqual([(await socket.call('POST', '/api/rooms/1/messages', body)).status], [(await client.post('/api/rooms/1/messages', body)).status]);
  socket.destroy();
});

test('who has no session, or comes from a page of another site, gets a plain HTTP answer', async () => {
  const { token } = await stack.guest('origins');
  const refused = (options) => Socket.open(stack.url, options).then(() => assert.fail('it opened'), ({ status, headers, body }) => {
    assertProblemHolds({ status, headers, body }, 'the answer to the handshake');
    assert.doesNotMatch(body.detail, /should not happen/, `${status} has words of its own`);
    return [status, body.code];
  });
  assert.deepEqual(await refused({}), [401, 'no_session']);
  assert.deepEqual(await refused({ token: 'x'.repeat(43) }), [401, 'no_session']);
  assert.deepEqual(await refused({ cookie: token, headers: { origin: 'https://elsewhere.example' } }), [403, 'cross_site']);
  assert.deepEqual(await refused({ cookie: token, headers: { origin: stack.url.replace(/\d+$/, '1') } }), [403, 'cross_site']);
  assert.deepEqual(await refused({ cookie: token, headers: { origin: 'null' } }), [403, 'cross_site']);
  assert.deepEqual(await refused({ token, headers: { 'sec-websocket-version': 8 } }), [426, 'upgrade_required']);
  assert.deepEqual(await refused({ token, headers: { upgrade: null, connection: 'close' } }), [426, 'upgrade_required']);
  assert.deepEqual(await refused({ token, headers: { 'sec-websocket-key': 'short' } }), [400, 'bad_request']);
  const own = await Socket.open(stack.url, { cookie: token, headers: { origin: stack.url } });
  await own.event('ready');
  own.destroy();
});

test('a session that ends says so and closes: 4003, and 4001 when its time was over', async () => {
  const gone = await person('signs out');
  const other = await person('stays');
  await gone.client.del('/api/session');
  assert.deepEqual(await gone.socket.event('session.ended'), { type: 'session.ended', data: { reason: 'signed_out' } });
  assert.equal((await gone.socket.close()).code, 4003);
  await gone.socket.end(1_500); // as soon as both have closed
  const late = await person('expires');
  await stack.sql(`update data.session set expires_at = now() + interval '1 second' where person_id = ${late.client.user.id}`);
  const again = await Socket.open(stack.url, { token: late.client.token });
  assert.deepEqual((await again.event('session.ended')).data, { reason: 'expired' });
  assert.equal((await again.close()).code, 4001);
  assert.equal(other.socket.closed, null);
  for (const { socket } of [other, late, gone]) socket.destroy();
  again.destroy();
});

test('pings are answered, and who does not answer ours is closed with 1001', async () => {
  const { socket } = await person('pinged');
  socket.send(frame(PING, 'are you there?'));
  await socket.nextFrame(PONG, 'are you there?');
  await socket.nextFrame(PING);
  const { socket: deaf } = await person('deaf');
  deaf.answersPings = false;
  assert.equal((await deaf.close()).code, 1001);
  assert.equal(socket.closed, null);
  socket.destroy();
});

test('one who calls and pings again and again has pings, too, with the newest cursor', async () => {
  const { socket } = await person('talkative');
  const { data: { cursor } } = await socket.event('ready');
  let calls = 0;
  const pings = await until('three pings', async () => {
    socket.send(frame(PING, 'and I?'));
    assert.equal((await socket.call('GET', '/api/me')).status, 200);
    calls++;
    const all = socket.messages.filter(({ type }) => type === 'ping');
    return all.length >= 3 && all;
  });
  assert.ok(calls > pings.length, `${calls} calls`);
  assert.ok(pings.every((ping) => Number.parseInt(ping.cursor, 10) >= Number.parseInt(cursor, 10)));
  socket.destroy();
});

test('a reader who takes nothing is cut off with 4008, and the others do not notice', async () => {
  const { client, socket } = await person('slow');
  const { socket: other } = await person('quick');
  socket.pause();
  const before = await stack.client().get('/metrics/stream');
  const cut = (text) => Number(/parley_stream_cut_off_total (\d+)/.exec(text)[1]);
  const rest = 'x'.repeat(7_500);
  const alive = setInterval(() => socket.send(frame(PONG)), 50); // or it counts as gone where posting is slow: 1001
  await until('it is cut off', async () => {
    await Promise.all(Array.from({ length: 32 }, () => post(client, rest)));
    return cut((await stack.client().get('/metrics/stream')).text) > cut(before.text);
  }, 60_000).finally(() => clearInterval(alive));
  await post(client, 'still there');
  await other.event('message.posted', ({ text }) => text === 'still there');
  socket.resume();
  assert.equal((await socket.close()).code, 4008);
  socket.destroy();
  other.destroy();
});

test('the server going down says bye and closes with 1012', async () => {
  const { client, socket } = await person('restarted');
  const program = stack.processes.stream;
  program.kill('SIGTERM');
  const { data } = await socket.event('bye');
  assert.ok(data.retry_ms > 0);
  assert.equal((await socket.close()).code, 1012);
  await socket.end();
  assert.equal((await program.ended).code, 0);
  stack.startProgram('stream');
  const back = await until('it is back', () => Socket.open(stack.url, { token: client.token, since: socket.cursor }).catch(() => null));
  await back.event('ready');
  back.destroy();
});

test('a call while parley-api is away is 503 at once, and the stream stays', async () => {
  const { socket } = await person('away');
  await stack.processes.api.stop();
  const { status, body } = await socket.call('GET', '/api/me');
  assert.deepEqual([status, body.code], [503, 'unavailable']);
  stack.startProgram('api');
  await until('it is back', async () => (await socket.call('GET', '/api/me')).status === 200);
  assert.equal(socket.closed, null);
  socket.destroy();
});
