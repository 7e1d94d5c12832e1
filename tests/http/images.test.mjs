// Images: what may be sent, what comes of it, how it is served, and a decoder that dies in the middle.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import { connect } from 'node:net';
import test from 'node:test';
import { until } from '../harness/owned.mjs';
import { hardGif, picture, png } from '../harness/pictures.mjs';
import { assertInvalid, assertRefused, stackForTests } from './described.mjs';

const stack = await stackForTests();
const [ana, bo] = [await stack.guest('ana'), await stack.guest('bo')];

const upload = (who, file, { query = '', type = 'image/png', ...headers } = {}) =>
  who.request('POST', `/api/uploads${query}`, file, { 'content-type': type, ...headers });

async function uploaded(who, file = png(40, 30), options) {
  const { status, body, text } = await upload(who, file, options);
  assert.equal(status, 201, text);
  return body;
}

/** The bytes of an answer, which Client gives as text only. */
function bytesOf(who, path, headers = {}, method = 'GET') {
  return new Promise((done, fail) => {
    http.request(stack.url + path, { method, agent: false, headers: { authorization: `Bearer ${who.token}`, ...headers } }, async (response) => {
      const parts = [];
      for await (const part of response) parts.push(part);
      done({ status: response.statusCode, headers: response.headers, bytes: Buffer.concat(parts) });
    }).on('error', fail).end();
  });
}

const post = (who, body) => who.post('/api/rooms/1/messages', { text: '', ...body });

for (const kind of ['jpeg', 'png', 'gif', 'webp', 'avif']) {
  test(`${kind} becomes WebP, and its size is known at once`, async () => {
    const image = await uploaded(ana, picture(kind));
    assert.deepEqual(image, { id: image.id, type: 'image/webp', width: 40, height: 30, bytes: image.bytes, animated: false,
      thumb_width: 40, thumb_height: 30, alt: '', url: `/api/uploads/${image.id}`, thumb_url: `/api/uploads/${image.id}/thumb` });
    const { status, headers, bytes } = await bytesOf(ana, image.url);
    assert.equal(status, 200);
    assert.equal(headers['content-type'], 'image/webp');
    assert.equal(bytes.length, image.bytes);
    assert.equal(bytes.subarray(8, 12).toString(), 'WEBP');
  });
}

test('what moves stays moving', async () => {
  for (const kind of ['gif-animated', 'webp-animated']) {
    const image = await uploaded(ana, picture(kind));
    assert.equal(image.animated, true);
    assert.ok((await bytesOf(ana, image.url)).bytes.includes('ANMF'));
    assert.ok(!(await bytesOf(ana, image.thumb_url)).bytes.includes('ANMF'));
  }
});

test('the bytes say what it is, and not the header: as curl --data-binary sends it', async () => {
  for (const type of ['application/x-www-form-urlencoded', 'text/html', 'image/svg+xml']) await uploaded(ana, picture('jpeg'), { type });
});

test('a large picture is made smaller, with a thumbnail', async () => {
  const { width, height, thumb_width, thumb_height } = await uploaded(ana, png(2500, 1000));
  assert.deepEqual([width, height, thumb_width, thumb_height], [2048, 819, 480, 192]);
});

test('what is no image is refused', async () => {
  assertRefused(await upload(ana, 'I am a text, whatever my name.png says'), 415, 'unsupported_type');
  assertRefused(await upload(ana, '<svg xmlns="http://www.w3.org/2000/svg"/>', { type: 'image/svg+xml' }), 415, 'unsupported_type');
  assertInvalid(await upload(ana, Buffer.alloc(0)), 'body');
  assertInvalid(await ana.request('POST', '/api/uploads'), 'body');
});

test('damaged and cut short is 422', async () => {
  for (const kind of ['jpeg', 'png', 'gif', 'webp', 'avif']) {
    const file = picture(kind);
    assertInvalid(await upload(ana, file.subarray(0, file.length >> 1)), 'body');
  }
});

test('a bomb costs a clear 422', async () => {
  const bomb = await upload(ana, picture('gif-bomb'));
  assertRefused(bomb, 422, 'invalid');
  assert.match(bomb.body.title, /megapixels/);
  assertRefused(await upload(ana, png(40, 30, { claim: [30000, 30000] })), 422, 'invalid');
  assertRefused(await upload(ana, png(40, 30, { claim: [100000, 2] })), 422, 'invalid');
});

test('too many bytes is 413, by the program and by nginx', async () => {
  const large = Buffer.concat([png(40, 30), Buffer.alloc(20 << 20)]);
  for (const file of [large, Buffer.concat([large, Buffer.alloc(2 << 20)]), Buffer.alloc((20 << 20) + 1), Buffer.alloc((20 << 20) + 1, 'A')]) {
    assert.match(assertRefused(await upload(ana, file), 413, 'too_large').title, /20 MB/);
  }
  assert.match(assertRefused(await upload(ana, Buffer.alloc(20 << 20)), 415, 'unsupported_type').detail, /an image by its bytes/);
});

test('the session is checked before the body is taken', async () => {
  const socket = connect(new URL(stack.url).port, '127.0.0.1');
  socket.write('POST /api/uploads HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10000000\r\n\r\n');
  let answer = '';
  for await (const part of socket) {
    answer += part;
    if (answer.includes('no_session')) break;
  }
  assert.match(answer, /^HTTP\/1.1 401 /);
  assert.match(answer, /application\/problem\+json/);
});

test('who is not signed in sends and sees nothing', async () => {
  const { url } = await uploaded(ana);
  const nobody = stack.client();
  assertRefused(await upload(nobody, png(40, 30)), 401, 'no_session');
  assertRefused(await upload(stack.client({ token: 'x'.repeat(43) }), png(40, 30)), 401, 'no_session');
  assertRefused(await nobody.get(url), 401, 'no_session');
});

test('another site cannot send in the name of a browser', async () => {
  const browser = ana.byCookie();
  assert.equal((await upload(browser, png(40, 30))).status, 201);
  assertRefused(await upload(browser, png(40, 30), { origin: 'http://evil.example' }), 403, 'cross_site');
  assertRefused(await upload(browser, png(40, 30), { 'sec-fetch-site': 'cross-site' }), 403, 'cross_site');
});

test('alt text: kept, shown, and one line of at most 1000 characters', async () => {
  const { id, alt } = await uploaded(ana, png(40, 30), { query: `?alt=${encodeURIComponent('Ein Käse & 🧀')}` });
  assert.equal(alt, 'Ein Käse & 🧀');
  assert.equal((await post(ana, { images: [id] })).body.message.images[0].alt, alt);
  for (const wrong of ['x'.repeat(1001), 'two%0Alines', '%00', '%FF']) {
    assertRefused(await upload(ana, png(40, 30), { query: `?alt=${wrong}` }), 422, 'invalid');
  }
});

test('alt text comes with the message, too, once one knows what it is about', async () => {
  const [first, second] = [await uploaded(ana, png(40, 30), { query: '?alt=before' }), await uploaded(ana, png(40, 30), { query: '?alt=stays' })];
  const { message } = (await post(ana, { images: [first.id, second.id], alts: { [first.id]: 'a cat asleep' } })).body;
  assert.deepEqual(message.images.map(({ alt }) => alt), ['a cat asleep', 'stays']);
  const { id } = await uploaded(ana);
  for (const alts of [{ [id]: 'x'.repeat(1001) }, { [id]: 'two\nlines' }, { [id]: 'a\u0000b' }, 'cat', [1]]) {
    assertRefused(await post(ana, { images: [id], alts }), 422, 'invalid');
  }
  assert.equal((await post(ana, { images: [id], alts: null })).status, 201);
});

test('served once from the program, then from the cache; a reader needs it only once', async () => {
  const { url } = await uploaded(ana, png(41, 31));
  const served = async () => Number(/blobs_served_total (\d+)/.exec((await ana.get('/metrics/image')).text)[1]);
  const first = await bytesOf(ana, url);
  const before = await served();
  const second = await bytesOf(ana, url);
  assert.equal(await served(), before);
  assert.deepEqual(second.bytes, first.bytes);
  assert.equal(first.headers['cache-control'], 'private, max-age=31536000, immutable');
  assert.equal(first.headers['x-content-type-options'], 'nosniff');
  assert.match(first.headers['content-security-policy'], /^default-src 'none'/);
  assert.equal(first.headers['set-cookie'], undefined);
  for (const name of ['etag', 'cache-control', 'content-type']) assert.ok(!first.headers[name].includes(', "'), `${name} comes once`);
  assert.equal((await bytesOf(ana, url, { 'if-none-match': first.headers.etag })).status, 304);
});

test('a part of it, and only its head', async () => {
  const { url, bytes: size } = await uploaded(ana, png(42, 31));
  const whole = (await bytesOf(ana, url)).bytes;
  const part = await bytesOf(ana, url, { range: 'bytes=5-14' });
  assert.equal(part.status, 206);
  assert.equal(part.headers['content-range'], `bytes 5-14/${size}`);
  assert.deepEqual(part.bytes, whole.subarray(5, 15));
  for (const [range, from, to] of [['bytes=-3', size - 3, size], ['bytes=7-', 7, size], ['bytes=0-99999999', 0, size]]) {
    assert.deepEqual((await bytesOf(ana, url, { range })).bytes, whole.subarray(from, to), range);
  }
  const beyond = await bytesOf(ana, url, { range: 'bytes=99999999-' });
  assert.deepEqual([beyond.status, beyond.headers['content-range'], beyond.headers['content-type']], [416, `bytes */${size}`, 'application/problem+json']);
  const head = await bytesOf(ana, url, {}, 'HEAD');
  assert.deepEqual([head.status, head.headers['content-length'], head.bytes.length], [200, String(size), 0]);
});

test('the same picture twice is stored once', async () => {
  const count = async () => Number(await stack.sql('select count(*) from data.blob'));
  const one = await uploaded(ana, png(43, 31));
  const before = await count();
  const again = await uploaded(bo, png(43, 31));
  assert.notEqual(again.id, one.id);
  assert.equal(await count(), before);
});

test('a message shows its images in the order in which it names them', async () => {
  const images = [await uploaded(ana), await uploaded(ana), await uploaded(ana)];
  const named = [images[2], images[0], images[1]];
  const { status, body } = await post(ana, { images: named.map(({ id }) => id) });
  assert.equal(status, 201);
  assert.deepEqual(body.message.images, named);
  assert.equal(body.message.text, '');
});

test('a message names up to ten uploads of its author, each once', async () => {
  const ids = [];
  for (let i = 0; i < 11; i++) ids.push((await uploaded(ana)).id);
  const foreign = (await uploaded(bo)).id;
  for (const images of [ids, [foreign], [ids[0], ids[0]], [987654321]]) assertRefused(await post(ana, { images }), 422, 'invalid');
  assert.equal((await post(ana, { images: ids.slice(0, 10) })).status, 201);
  assertRefused(await post(ana, { images: [ids[0]] }), 422, 'invalid');
});

test('wrong methods and places', async () => {
  const get = await ana.get('/api/uploads');
  assertRefused(get, 405, 'method_not_allowed');
  const { id } = await uploaded(ana);
  assertRefused(await ana.del(`/api/uploads/${id}`), 405, 'method_not_allowed');
  for (const path of ['/api/uploads/0', '/api/uploads/x', '/api/uploads/9007199254740993', `/api/uploads/${id}/large`, '/api/uploads/987654']) {
    assertRefused(await ana.get(path), 404, 'not_found');
  }
});

test('nobody reaches the bytes by their hash', async () => {
  const { url } = await uploaded(ana);
  await ana.get(url);
  const sha256 = await stack.sql("select encode(sha256, 'hex') from data.blob limit 1");
  assert.equal((await ana.get(`/-/images/${sha256}/picture`)).status, 404);
  assert.equal((await ana.get('/-/may_upload')).status, 404);
});

test('a server without images says so', async () => {
  assert.equal((await ana.get('/api/hello')).body.limits.images, 10);
  await stack.sql("insert into data.setting values ('images', 'false')");
  try {
    assert.equal((await ana.get('/api/hello')).body.limits.images, 0);
    assertRefused(await upload(ana, png(40, 30)), 403, 'images_off');
  } finally {
    await stack.sql("delete from data.setting where key = 'images'");
  }
});

test('health and numbers', async () => {
  assert.equal((await stack.client().get('/api/health/image')).body.status, 'ok');
  assert.match((await stack.client().get('/metrics/image')).text, /parley_image_decoded_total\{verdict="fine"\} \d+/);
});

const childrenOf = (pid) => readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);

test('a decoder killed in mid-upload: the upload gets its answer, and the next one is fine', async () => {
  const [nursery] = childrenOf(stack.processes.image.pid);
  const answer = upload(ana, hardGif());
  const [decoder] = await until('a decoder runs', () => { const all = childrenOf(nursery); return all.length > 0 && all; });
  process.kill(decoder, 'SIGKILL');
  assertRefused(await answer, 422, 'invalid');
  await uploaded(ana);
});

const metric = async (name) => Number(new RegExp(`^${name} (\\d+)$`, 'm').exec((await stack.client().get('/metrics/image')).text)[1]);

/** The answer to an upload whose body never comes. */
const announce = (client) => new Promise((done, fail) => {
  const request = http.request(`${stack.url}/api/uploads`, { method: 'POST', headers: { authorization: `Bearer ${client.token}`, 'content-length': 1_000_000 } });
  request.on('response', async (response) => {
    let text = '';
    for await (const piece of response.setEncoding('utf8')) text += piece;
    request.destroy();
    done({ status: response.statusCode, headers: response.headers, text, body: JSON.parse(text) });
  });
  request.on('error', fail);
  request.flushHeaders();
});

test('when as many uploads are in hand as may be, the next one is told to come back before its body is taken', async () => {
  const HANDS = 8;
  const [nursery] = childrenOf(stack.processes.image.pid);
  process.kill(nursery, 'SIGSTOP');
  const waiting = Array.from({ length: HANDS }, () => upload(ana, png(40, 30)));
  try {
    await until('all hands are full', async () => await metric('parley_image_uploads') === HANDS);
    const answer = await announce(ana);
    assertRefused(answer, 503, 'unavailable');
    assert.equal(answer.headers['retry-after'], String(answer.body.retry_after));
  } finally {
    process.kill(nursery, 'SIGCONT');
  }
  for (const { status } of await Promise.all(waiting)) assert.equal(status, 201);
});

const bytesTaken = () => metric('parley_image_upload_bytes_total');

test('the nursery killed with an upload before it: that gets a 503, and the program starts anew', async () => {
  const program = stack.processes.image;
  const [nursery] = childrenOf(program.pid);
  const before = await bytesTaken();
  process.kill(nursery, 'SIGSTOP');
  const answer = upload(ana, png(40, 30));
  await until('the upload is there', async () => await bytesTaken() > before);
  process.kill(nursery, 'SIGKILL');
  assertRefused(await answer, 503, 'unavailable');
  assert.equal((await program.ended).code, 1);
  stack.startProgram('image');
  await until('it answers again', async () => (await upload(ana, png(40, 30))).status === 201);
});

test('the program killed in mid-upload: 503, and all that was stored is there', async () => {
  const image = await uploaded(ana, png(44, 31));
  const [nursery] = childrenOf(stack.processes.image.pid);
  const answer = upload(ana, hardGif());
  await until('a decoder runs', () => childrenOf(nursery).length > 0);
  await stack.processes.image.kill();
  assertRefused(await answer, 503, 'unavailable');
  stack.startProgram('image');
  await until('it answers again', async () => (await ana.get(image.url)).status === 200);
});
