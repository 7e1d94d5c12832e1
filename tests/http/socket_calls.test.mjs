// Calls on a WebSocket: in which order, how many, what becomes of them when somebody closes, and what they cost.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { CLOSE, PING, PONG, Socket, TEXT, closing, frame } from '../harness/websocket.mjs';
import { until } from '../harness/owned.mjs';
import { stackForTests } from './described.mjs';

const WAITING = 128; // calls of one socket
const stack = await stackForTests({ programs: ['api', 'stream'], env: { PARLEY_LAG_MS: '60000' } }); // so that who takes nothing for a while stays

async function person(name) {
  const client = await stack.guest(name);
  const socket = await Socket.open(stack.url, { token: client.token });
  await socket.event('ready');
  return { client, socket };
}

const callsBegun = async () => Number(/^parley_stream_calls_total (\d+)$/m.exec((await stack.client().get('/metrics/stream')).text)[1]);
const call = (ref, method, path, body) => frame(TEXT, JSON.stringify({ ref, method, path, body }));
const post = (ref, text) => call(ref, 'POST', '/api/rooms/1/messages', { text });
const postText = (ref, body) => frame(TEXT, `{"ref":${JSON.stringify(ref)},"method":"POST","path":"/api/rooms/1/messages","body":${body}}`);

/** The texts that somebody has in the lobby, ascending. */
async function textsOf({ client }) {
  const { body } = await client.get('/api/rooms/1/messages?limit=200');
  return body.messages.filter(({ user }) => user.id === client.user.id).map(({ text }) => text);
}

/** parley-api does nothing while `act` goes on: calls reach it, and are not answered. */
async function whileApiHolds(act) {
  stack.processes.api.kill('SIGSTOP');
  try {
    return await act();
  } finally {
    stack.processes.api.kill('SIGCONT');
  }
}

test('messages that are sent one after the other stand in the room in that order', async () => {
  const ana = await person('in order');
  const texts = Array.from({ length: 100 }, (_, i) => `number ${i}`);
  ana.socket.send(Buffer.concat(texts.map((text, i) => post(i, text))));
  for (const i of texts.keys()) assert.equal((await ana.socket.answer(i)).status, 201);
  assert.deepEqual(await textsOf(ana), texts);
  ana.socket.destroy();
});

test('only writes to the same path wait for each other', async () => {
  const { socket } = await person('overlapping');
  const before = await callsBegun();
  await whileApiHolds(async () => {
    socket.send(Buffer.concat([post('first', 'one'), post('second', 'two'), call('level', 'PUT', '/api/rooms/1/level', { level: 'all' }), call('me', 'GET', '/api/me')]));
    await until('three are under way', async () => (await callsBegun()) === before + 3);
    assert.deepEqual(socket.messages.filter(({ ref }) => ref), []);
  });
  for (const [ref, status] of [['first', 201], ['second', 201], ['level', 204], ['me', 200]]) assert.equal((await socket.answer(ref)).status, status, ref);
  socket.destroy();
});

test('what came before a close frame counts, and is answered before it', async () => {
  const ana = await person('says goodbye');
  ana.socket.send(Buffer.concat([post('a', 'before I go'), post('b', 'and this'), frame(CLOSE, closing(1000)), post('c', 'too late')]));
  assert.equal((await ana.socket.close()).code, 1000);
  await ana.socket.end();
  assert.deepEqual(ana.socket.messages.filter(({ ref }) => ref).map(({ ref, status }) => [ref, status]), [['a', 201], ['b', 201]]);
  assert.deepEqual(await textsOf(ana), ['before I go', 'and this']);
});

test('the close frame is answered although no call is', async () => {
  const { socket } = await person('waits in vain');
  await whileApiHolds(async () => {
    socket.send(Buffer.concat([post('a', 'lost?'), frame(CLOSE, closing(1000))]));
    assert.equal((await socket.close(8_000)).code, 1000);
  });
  assert.deepEqual([socket.messages.at(-1).ref, socket.messages.at(-1).status, socket.messages.at(-1).body.code], ['a', 503, 'unavailable']);
});

test('whoever signs out by a call has its answer, and then the close frame', async () => {
  const { socket } = await person('signs out by socket');
  assert.equal((await socket.call('DELETE', '/api/session')).status, 204);
  assert.equal((await socket.close()).code, 4003);
  assert.equal(socket.types.at(-1), 'session.ended');
  await socket.end(1_500);
});

test('when the hub stops, what is under way is answered, what waits is 503, and then 1012', async () => {
  const people = await Promise.all(['stopped', 'stopped too'].map(person));
  const program = stack.processes.stream;
  await whileApiHolds(async () => {
    for (const { socket } of people) socket.send(Buffer.concat([post('a', 'under way'), post('b', 'waits'), call('me', 'GET', '/api/me')]));
    for (const { socket } of people) socket.send(frame(PING, 'taken'));
    for (const { socket } of people) await socket.nextFrame(PONG, 'taken');
    program.kill('SIGTERM');
    for (const { socket } of people) await socket.event('bye');
    for (const { socket } of people) socket.send(post('c', 'after bye'));
    for (const { socket } of people) assert.equal((await socket.answer('c')).status, 503);
  });
  for (const { socket, client } of people) {
    assert.equal((await socket.close()).code, 1012);
    const answers = socket.messages.filter(({ ref }) => ref);
    assert.deepEqual(Object.fromEntries(answers.map(({ ref, status }) => [ref, status])), { a: 201, b: 503, c: 503, me: 200 });
    assert.ok(answers.filter(({ status }) => status === 503).every(({ body }) => body.code === 'unavailable' && body.retry_after > 0));
    await socket.end(1_500);
    assert.deepEqual(await textsOf({ client }), ['under way']);
  }
  assert.equal((await program.ended).code, 0);
  stack.startProgram('stream');
  await until('it is back', async () => (await stack.client().get('/metrics/stream').catch(() => ({}))).status === 200);
});

test('pings are heard while no call is answered; one call too many is refused by its ref', async () => {
  const { socket } = await person('busy');
  const many = Array.from({ length: 200 }, (_, i) => i);
  await whileApiHolds(async () => {
    socket.send(Buffer.concat([...many.map((ref) => call(ref, 'GET', '/api/me')), frame(PING, 'still there?')]));
    await socket.nextFrame(PONG, 'still there?');
  });
  const answers = [];
  for (const ref of many) answers.push(await socket.answer(ref));
  const refused = answers.filter(({ status }) => status === 429);
  assert.ok(refused.length > 0 && refused.length <= many.length - WAITING);
  for (const { body } of refused) assert.deepEqual([body.code, body.retry_after], ['slow_down', 1]);
  assert.ok(answers.filter((answer) => !refused.includes(answer)).every(({ status }) => status === 200));
  socket.destroy();
});

test('a body is judged as over HTTP, byte by byte as it came, and no mistake of JSON', async () => {
  const { client, socket } = await person('judged');
  const bodies = ['{"text":"\\ud800"}', '{"text":"hi', '{"text":hi}', '{"text":1e999}', `{"text":"large","more":[${Array(60_000).fill('1e9').join()}]}`, '[]', '"x"', '7', '{} {}',
    '{"text":"a","text":"b"}', `${' '.repeat(1000)}{"text":"\\u0061"}`];
  for (const [i, body] of bodies.entries()) {
    const byHttp = await client.request('POST', '/api/rooms/1/messages', body, { 'content-type': 'application/json' });
    socket.send(postText(i, body));
    if (body === '{"text":"hi' || body === '{} {}') continue; // that is no object around it either
    const bySocket = await socket.answer(i);
    assert.deepEqual([bySocket.status, bySocket.body.code, bySocket.body.message?.text], [byHttp.status, byHttp.body.code, byHttp.body.message?.text], body.slice(0, 40));
  }
  for (let i = 0; i < 20; i++) socket.send(postText(`again ${i}`, '{"text":"\\ud800"}'));
  for (let i = 0; i < 20; i++) assert.equal((await socket.answer(`again ${i}`)).status, 422);
  assert.equal(socket.closed, null);
  socket.destroy();
});

test('a path or a method is all of it: U+0000 ends none', async () => {
  const { socket } = await person('cut short');
  const wrong = async (ref, method, path, field) => {
    const { status, body } = await socket.call(method, path, undefined, ref);
    assert.deepEqual([status, body.code, Object.keys(body.fields)], [422, 'invalid', [field]]);
  };
  await wrong('a', 'GET', '/api/me\u0000/../x', 'path');
  await wrong('b', 'GET\u0000X', '/api/me', 'method');
  await wrong('c', 'GET', 7, 'path');
  await wrong('d', undefined, '/api/me', 'method');
  await wrong('e', 'GET', `/api/${'x'.repeat(2_000)}`, 'path');
  socket.destroy();
});

test('a ref is an integer or a string of up to 100 characters, whatever their bytes', async () => {
  const { socket } = await person('referred');
  for (const ref of ['😀'.repeat(100), '', '"\\\n\u0000', -7, 2 ** 53]) assert.equal((await socket.call('GET', '/api/me', undefined, ref)).status, 200, String(ref));
  for (const ref of ['😀'.repeat(101), 1.5, true, null, {}]) {
    const before = socket.messages.length;
    socket.send(call(ref, 'GET', '/api/me'));
    const answer = await until('an answer', () => socket.messages.slice(before).find((message) => 'status' in message));
    assert.deepEqual([answer.ref, answer.status, Object.keys(answer.body.fields)], [null, 422, ['ref']]);
  }
  socket.destroy();
});

test('a body that is null is none', async () => {
  const { socket } = await person('null');
  assert.equal((await socket.call('DELETE', '/api/rooms/1/messages', null)).status, 405);
  assert.equal((await socket.call('POST', '/api/rooms/1/typing', null)).status, 204);
  assert.equal((await socket.call('PUT', '/api/rooms/1/level', null)).body.fields.level !== undefined, true);
  socket.destroy();
});

test('what a header says over HTTP stands in the body, too', async () => {
  const { client, socket } = await person('no headers');
  const byHttp = await client.request('PATCH', '/api/health', {});
  const bySocket = await socket.call('PATCH', '/api/health', {});
  assert.deepEqual(bySocket.body, byHttp.body);
  assert.equal(bySocket.body.allow, byHttp.headers.allow);
  socket.destroy();
});

test('a token may stand behind two spaces, as over HTTP', async () => {
  const { token } = await stack.guest('two spaces');
  const socket = await Socket.open(stack.url, { headers: { authorization: `Bearer  ${token}` } });
  await socket.event('ready');
  assert.equal((await socket.call('GET', '/api/me')).status, 200);
  socket.destroy();
});

const residentBytes = (pid) => Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) * 1024;

test('of large answers that nobody takes only the first few are asked for, and nobody else has to wait', async (t) => {
  const ANSWER = 1_600_000;
  const writer = await stack.guest('large');
  for (let i = 0; i < 200; i += 25) {
    await Promise.all(Array.from({ length: 25 }, () => writer.post('/api/rooms/1/messages', { text: '"'.repeat(4_000) })));
  }
  const greedy = await Promise.all(Array.from({ length: 6 }, (_, i) => person(`greedy ${i}`)));
  const before = residentBytes(stack.processes.stream.pid);
  const refs = Array.from({ length: 12 }, (_, i) => i);
  for (const { socket } of greedy) {
    socket.pause();
    socket.send(Buffer.concat(refs.map((ref) => call(ref, 'GET', '/api/rooms/1/messages?limit=200'))));
  }
  const other = await person('another');
  for (let i = 0; i < 3; i++) assert.equal((await other.socket.call('GET', '/api/rooms/1/messages?limit=200')).status, 200);
  const grown = residentBytes(stack.processes.stream.pid) - before;
  t.diagnostic(`${(grown / 1e6).toFixed(1)} MB for ${greedy.length} sockets with ${refs.length} answers of 1.6 MB each`);
  if (!process.env.PARLEY_BUILD?.includes('/')) assert.ok(grown < greedy.length * 4 * ANSWER, `${grown}`); // a sanitizer keeps what was freed
  for (const { socket } of greedy) socket.resume();
  for (const { socket } of greedy) {
    for (const ref of refs) {
      const { status, body } = await socket.answer(ref, 20_000);
      if (status !== 503) assert.equal(body.messages.length, 200); // 503: parley-api had no time for it
    }
    assert.equal((await socket.answer(refs[0])).status, 200);
    socket.destroy();
  }
  other.socket.destroy();
});
