// How a server has to take what RFC 6455 allows and forbids: the cases of the Autobahn suite that concern a server without extensions,
// by their numbers there. A message here is a call, so "echoed" is "answered".
import assert from 'node:assert/strict';
import test from 'node:test';
import { BINARY, CLOSE, PING, PONG, Socket, TEXT, closing, frame } from '../harness/websocket.mjs';
import { stackForTests } from './described.mjs';

const CONTINUATION = 0;
const stack = await stackForTests({ programs: ['api', 'stream'] });
const { token } = await stack.guest('conformance');

const open = () => Socket.open(stack.url, { token });
const callText = (ref, more = '') => JSON.stringify({ ref, method: 'GET', path: '/api/health', more });

/** Opens a socket, sends these bytes, and expects the close code (null: any, also none). */
async function closes(code, ...frames) {
  const socket = await open();
  socket.send(Buffer.concat(frames));
  const closed = await socket.close();
  assert.equal(closed.code, code);
  await socket.end();
  return socket;
}

/** Opens a socket, sends these bytes, and expects the call `ref` to be answered. */
async function answers(ref, ...frames) {
  const socket = await open();
  for (const bytes of frames) socket.send(bytes);
  assert.equal((await socket.answer(ref)).status, 200);
  assert.equal(socket.closed, null);
  socket.destroy();
  return socket;
}

const each = (list, check) => Promise.all(list.map(check));

test('1.1 text of every length form: 7, 16 and 64 bits', async () => {
  await each([0, 40, 65, 70, 1000, 65_400, 70_000, 200_000], (size) => answers('a', frame(TEXT, callText('a', 'x'.repeat(size)))));
});

test('1.1.6, 9.3 in pieces of any size: the transport has no frames', async () => {
  const bytes = frame(TEXT, callText('a', 'é'.repeat(100)));
  await each([1, 3, 64], (size) => answers('a', ...Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => bytes.subarray(i * size, (i + 1) * size))));
});

test('2.1–2.5 pings of 0 to 125 bytes are answered with the same, longer ones are an error', async () => {
  const socket = await open();
  for (const payload of [Buffer.alloc(0), Buffer.from('hello'), Buffer.from([0, 255, 254, 253, 252, 251, 0, 255]), Buffer.alloc(125, 0xfe)]) {
    socket.send(frame(PING, payload));
    await socket.nextFrame(PONG, payload);
  }
  socket.destroy();
  await closes(1002, frame(PING, Buffer.alloc(126, 0xfe)));
});

test('2.7–2.9 a pong that nobody asked for is passed over', async () => {
  const socket = await answers('a', frame(PONG), frame(PONG, 'unasked'), frame(PING, 'asked'), frame(TEXT, callText('a')));
  assert.ok(socket.frames.some(({ opcode, payload }) => opcode === PONG && payload.equals(Buffer.from('asked'))));
});

test('2.10 ten pings, ten pongs, in order', async () => {
  const socket = await open();
  socket.send(Buffer.concat(Array.from({ length: 10 }, (_, i) => frame(PING, `payload ${i}`))));
  await socket.nextFrame(PONG, 'payload 9');
  assert.deepEqual(socket.frames.filter(({ opcode }) => opcode === PONG).map(({ payload }) => payload.toString()),
    Array.from({ length: 10 }, (_, i) => `payload ${i}`));
  socket.destroy();
});

test('3.1–3.7 reserved bits are an error, in text, binary, ping and close', async () => {
  await each([1, 2, 3, 4, 5, 6, 7], (rsv) => closes(1002, frame(TEXT, callText('a'), { rsv })));
  await each([BINARY, PING, CLOSE], (opcode) => closes(1002, frame(opcode, '', { rsv: 1 })));
});

test('4.1, 4.2 opcodes that mean nothing are an error', async () => {
  await each([3, 4, 5, 6, 7, 11, 12, 13, 14, 15], (opcode) => closes(1002, frame(opcode)));
});

test('5.1.1 of RFC 6455: a frame that is not masked is an error', async () => {
  await closes(1002, frame(TEXT, callText('a'), { masked: false }));
});

test('5.1, 5.2 control frames in fragments are an error', async () => {
  await each([PING, PONG], (opcode) => closes(1002, frame(opcode, 'a', { fin: false }), frame(CONTINUATION, 'b')));
});

test('5.3–5.8 a message in fragments is one message, also with pings between them', async () => {
  const text = callText('a', 'in fragments');
  const pieces = [frame(TEXT, text.slice(0, 10), { fin: false }), frame(CONTINUATION, text.slice(10, 20), { fin: false }), frame(CONTINUATION, text.slice(20))];
  await answers('a', Buffer.concat(pieces));
  await answers('a', ...pieces);
  const socket = await answers('a', pieces[0], frame(PING, 'between'), pieces[1], frame(PING, 'and again'), pieces[2]);
  assert.ok(socket.frames.some(({ opcode, payload }) => opcode === PONG && payload.equals(Buffer.from('between'))));
  await answers('a', frame(TEXT, '', { fin: false }), frame(CONTINUATION, text, { fin: false }), frame(CONTINUATION, ''));
});

test('5.9–5.18 a continuation of nothing, and a message within a message, are errors', async () => {
  await closes(1002, frame(CONTINUATION, 'of nothing'));
  await closes(1002, frame(CONTINUATION, 'of nothing', { fin: false }), frame(TEXT, callText('a')));
  await closes(1002, frame(TEXT, 'begun', { fin: false }), frame(TEXT, 'another'));
  await closes(1002, frame(TEXT, 'begun', { fin: false }), frame(CONTINUATION, 'ended'), frame(CONTINUATION, 'of nothing'));
});

test('6.1–6.22 what is no UTF-8 is closed with 1007, at once and in any fragment', async () => {
  const bad = ['cebae1bdb9cf83cebcceb5eda080656469746564', 'f4908080', 'c0af', 'e080af', 'eda080', 'fe', 'ff', '80', 'f888808080', 'c2', 'fc8080808080'];
  await each(bad, (hex) => closes(1007, frame(TEXT, Buffer.from(hex, 'hex'))));
  await closes(1007, frame(TEXT, Buffer.from('cebae1bdb9cf83cebcceb5', 'hex'), { fin: false }), frame(CONTINUATION, Buffer.from('f4908080', 'hex'), { fin: false }));
  await closes(1007, frame(TEXT, Buffer.from('ceba', 'hex'), { fin: false }), frame(CONTINUATION, Buffer.from('ce', 'hex')));
});

test('6.5–6.7 a character that is cut by a fragment is whole', async () => {
  const bytes = Buffer.from(callText('a', 'κόσμε 𐍈 \u{10ffff} \ufffe'));
  const at = bytes.indexOf(0xf0) + 2;
  await answers('a', frame(TEXT, bytes.subarray(0, at), { fin: false }), frame(CONTINUATION, bytes.subarray(at)));
});

test('7.1 after a close frame nothing counts any more, and the close is answered', async () => {
  const socket = await open();
  socket.send(Buffer.concat([frame(CLOSE, closing(1000)), frame(TEXT, callText('a')), frame(PING, 'late')]));
  assert.equal((await socket.close()).code, 1000);
  await socket.end();
  assert.ok(!socket.messages.some(({ ref }) => ref === 'a'));
  assert.ok(!socket.frames.some(({ opcode }) => opcode === PONG));
});

test('7.3 close frames of every form', async () => {
  const empty = await open();
  empty.send(frame(CLOSE));
  await empty.close();
  await empty.end();
  await closes(1002, frame(CLOSE, Buffer.from([3])));
  await closes(1000, frame(CLOSE, closing(1000, 'x'.repeat(123))));
  await closes(1002, frame(CLOSE, closing(1000, 'x'.repeat(124))));
  await closes(1007, frame(CLOSE, Buffer.concat([closing(1000), Buffer.from('cebae1bdb9eda080', 'hex')])));
});

test('7.7, 7.9, 7.13 close codes that may be sent are answered with the same, others are an error', async () => {
  await each([1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999], (code) => closes(code, frame(CLOSE, closing(code))));
  await each([0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535], (code) => closes(1002, frame(CLOSE, closing(code))));
});

test('9.1, 10.1 large messages, whole and in a thousand fragments', async () => {
  const text = callText('a', 'x'.repeat(200_000));
  await answers('a', frame(TEXT, text));
  const size = Math.ceil(text.length / 1000);
  await answers('a', Buffer.concat(Array.from({ length: 1000 }, (_, i) => frame(i ? CONTINUATION : TEXT, text.slice(i * size, (i + 1) * size), { fin: i === 999 }))));
});

test('more than a message may have is closed with 1009, also in fragments, and before its first byte', async () => {
  await closes(1009, frame(TEXT, '', { length: 300_000 }));
  const quarter = 'x'.repeat(90_000);
  await closes(1009, frame(TEXT, quarter, { fin: false }), frame(CONTINUATION, quarter, { fin: false }), frame(CONTINUATION, quarter, { fin: false }));
});

test('a message in more than 1,024 fragments is closed with 1008, and calls before it are answered', async () => {
  const socket = await closes(1008, frame(TEXT, callText('a')), frame(TEXT, ' ', { fin: false }), ...Array.from({ length: 1_024 }, () => frame(CONTINUATION, ' ', { fin: false })));
  assert.equal(socket.messages.find(({ ref }) => ref === 'a').status, 200);
});
