// The contract's smoke test against a deployed host: MACHINE (its address), NAME (of its certificate), CERTIFICATE (a file), IMAGES.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import http from 'node:http';
import test, { before } from 'node:test';
import { deflateSync } from 'node:zlib';
import { Client } from '../../tests/harness/client.mjs';
import { until } from '../../tests/harness/owned.mjs';
import { Socket } from '../../tests/harness/websocket.mjs';
import { openDoor } from './door.mjs';

const { MACHINE, NAME, CERTIFICATE, IMAGES } = process.env;
const someone = (name) => new Client(url).signIn('/api/session/guest', { name: `${name} ${randomUUID().slice(0, 8)}` });
let url;
let ana;

before(async () => {
  url = await openDoor(MACHINE, NAME, CERTIFICATE);
  ana = await someone('ana');
});

test('the server is healthy and says its version', async () => {
  const { status, body } = await ana.get('/api/health');
  assert.equal(status, 200);
  assert.equal(body.status, 'ok');
  assert.match(body.version, /^\d+\.\d+\.\d+\+[0-9a-f]{12}$/);
});

test('http leads to https', async () => {
  const { statusCode, headers } = await new Promise((done, fail) => {
    http.get({ host: MACHINE, path: '/some/where', headers: { host: NAME } }, (answer) => done(answer.resume())).on('error', fail);
  });
  assert.equal(statusCode, 301);
  assert.equal(headers.location, `https://${NAME}/some/where`);
});

test('the page comes with its policy, and what it is made of', async () => {
  const page = await ana.get('/');
  assert.equal(page.status, 200);
  assert.match(page.headers['content-type'], /^text\/html/);
  assert.match(page.headers['content-security-policy'], /script-src 'self'/);
  const [, module] = /src="([^"]+app\.js)"/.exec(page.text);
  for (const path of [module, '/api/openapi.yaml']) assert.equal((await ana.get(path)).status, 200, path);
  assert.match((await ana.get(module)).headers['cache-control'], /immutable/);
});

test('the cookie is for https only', async () => {
  const { headers } = await ana.post('/api/session/guest', { name: `cookie ${randomUUID().slice(0, 8)}` });
  assert.match(String(headers['set-cookie']), /^parley=.*; ?HttpOnly/);
  assert.match(String(headers['set-cookie']), /; ?Secure/);
});

test('a message reaches a stream, and a stream that comes back misses nothing', async () => {
  const bo = await someone('bo');
  const stream = await bo.events();
  await until('the stream is ready', () => stream.seen.some(({ kind }) => kind === 'ready'));
  const cursor = stream.seen.find(({ kind }) => kind === 'ready').id;
  const { status, body } = await ana.post('/api/rooms/1/messages', { text: 'hi, everybody' });
  assert.equal(status, 201);
  const isIt = ({ kind, data }) => kind === 'message.posted' && data.id === body.message.id;
  await until('the message arrives', () => stream.seen.some(isIt));
  stream.close();
  const again = await bo.events({ lastEventId: cursor });
  await until('the message arrives again', () => again.seen.some(isIt));
  again.close();
});

test('a message goes out and comes in on a WebSocket', async () => {
  const socket = await Socket.open(url, { token: ana.token });
  const text = `by socket ${randomUUID()}`;
  const { status } = await socket.call('POST', '/api/rooms/1/messages', { text });
  assert.equal(status, 201);
  await socket.event('message.posted', (data) => data.text === text);
  socket.destroy();
});

test('a message is found at once', async () => {
  const word = `needle${randomUUID().slice(0, 8)}`;
  await ana.post('/api/rooms/1/messages', { text: `here is a ${word}` });
  const { body } = await ana.get(`/api/search?q=${word}`);
  assert.equal(body.messages.length, 1);
});

test('the metrics are not for everybody', async () => {
  for (const program of ['api', 'stream', 'image']) assert.ok((await ana.get(`/metrics/${program}`)).status >= 403, program);
});

test('a picture can be sent, shown by a message, and read', { skip: IMAGES === 'no' && 'without pictures' }, async () => {
  const { status, body, text } = await ana.request('POST', '/api/uploads', png(), { 'content-type': 'image/png' });
  assert.equal(status, 201, text);
  const image = body.image ?? body;
  const posted = await ana.post('/api/rooms/1/messages', { text: '', images: [image.id] });
  assert.equal(posted.status, 201);
  const got = await ana.get(image.url);
  assert.equal(got.status, 200);
  assert.match(got.headers['content-type'], /^image\//);
});

/** A red square of 40 pixels. */
function png() {
  const chunk = (type, data) => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    check.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, check]);
  };
  const head = Buffer.from([0, 0, 0, 40, 0, 0, 0, 40, 8, 2, 0, 0, 0]);
  const row = Buffer.concat([Buffer.from([0]), Buffer.alloc(40 * 3, Buffer.from([200, 0, 0]))]);
  const pixels = deflateSync(Buffer.concat(Array(40).fill(row)));
  return Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), chunk('IHDR', head), chunk('IDAT', pixels), chunk('IEND', Buffer.alloc(0))]);
}

function crc32(bytes) {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let i = 0; i < 8; i++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}
