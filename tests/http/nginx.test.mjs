// What nginx itself answers: files, refusals, and how the stream location speaks when the hub is away.
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import test from 'node:test';
import { stackForTests } from '../harness/stack.mjs';

const stack = await stackForTests();
const nobody = stack.client();

function assertProblem({ status, headers, body }, expected, code) {
  assert.equal(status, expected);
  assert.equal(headers['content-type'], 'application/problem+json');
  assert.equal(body.status, expected);
  assert.equal(body.code, code);
  assert.match(body.title, /^[A-Z].*\.$/);
}

/** Sends these bytes, which need not be a request, and gives the answer as it comes. */
function raw(bytes) {
  return new Promise((done, fail) => {
    const socket = connect(stack.port, '127.0.0.1', () => socket.write(bytes));
    let text = '';
    socket.setEncoding('latin1').on('data', (more) => { text += more; }).on('end', () => done(text)).on('error', fail);
  });
}

test('the page is HTML with a policy that allows no inline script or style', async () => {
  const { status, headers } = await nobody.get('/');
  assert.equal(status, 200);
  assert.equal(headers['content-type'], 'text/html; charset=utf-8');
  assert.doesNotMatch(headers['content-security-policy'], /unsafe/);
  assert.match(headers['content-security-policy'], /frame-ancestors 'none'/);
  assert.equal(headers['x-content-type-options'], 'nosniff');
  assert.equal(headers['referrer-policy'], 'same-origin');
  assert.doesNotMatch(headers.server, /\d/);
});

test('a module is JavaScript, and answered by 304 when it has not changed', async () => {
  const { status, headers } = await nobody.get('/app.js');
  assert.equal(status, 200);
  assert.equal(headers['content-type'], 'text/javascript; charset=utf-8');
  assert.equal(headers['cache-control'], 'no-cache');
  assert.equal((await nobody.get('/app.js', { 'if-none-match': headers.etag })).status, 304);
});

test('the document names the version of its files, which are kept for ever and are not there under another version', async () => {
  const page = await nobody.get('/');
  assert.equal(page.headers['cache-control'], 'no-cache');
  const named = [...page.text.matchAll(/(?:href|src)="(\/[^"]+\.(?:js|css|woff2))"/g)].map(([, path]) => path);
  assert.ok(named.length > 50);
  for (const path of named) assert.match(path, /^\/(?:v\/[0-9a-f]{12}|vendor)\//);
  const app = named.find((path) => path.endsWith('/app.js'));
  for (const path of [app, named.find((each) => each.startsWith('/vendor/'))]) {
    const { status, headers } = await nobody.get(path);
    assert.deepEqual([status, headers['cache-control']], [200, 'max-age=31536000, immutable'], path);
  }
  assertProblem(await nobody.get(app.replace(/[0-9a-f]{12}/, '0123456789ab')), 404, 'not_found');
  assertProblem(await nobody.get(app.replace('app.js', 'nothing.js')), 404, 'not_found');
});

test('what is not there, or not for visitors, is 404', async () => {
  for (const path of ['/nothing', '/.git/config', '/vendor.txt', '/vendor/.stamp', '/metrics/nothing', '/-/slow_down']) {
    assertProblem(await nobody.get(path), 404, 'not_found');
  }
});

test('what is shared without a service worker leads to the page, and is not taken', async () => {
  const { status, headers } = await nobody.post('/share', 'text=hello', { 'content-type': 'application/x-www-form-urlencoded' });
  assert.deepEqual([status, headers.location], [303, '/']);
});

test('a file cannot be posted to', async () => {
  assertProblem(await nobody.post('/', {}), 405, 'method_not_allowed');
});

test('a body over 256 KB is 413, however it is sent', async () => {
  for (const size of [256 * 1024 + 1, 3 << 20]) {
    const answer = await nobody.post('/api/session/guest', 'x'.repeat(size));
    assertProblem(answer, 413, 'too_large');
    assert.match(answer.body.title, /256 KB/);
  }
  const chunk = `8000\r\n${'x'.repeat(0x8000)}\r\n`.repeat(10);
  const answer = await raw(`POST /api/session/guest HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n${chunk}0\r\n\r\n`);
  assert.match(answer, /^HTTP\/1.1 413 [^]*application\/problem\+json[^]*"too_large"/);
});

test('what is no request is a 400 problem, what is too long a 414', async () => {
  assert.match(await raw('NONSENSE\r\n\r\n'), /"code":"bad_request"/);
  assert.match(await raw('GET /api/hello HTTP/1.1\r\n\r\n'), /^HTTP\/1.1 400 [^]*application\/problem\+json/);
  assert.match(await raw(`GET /api/hello HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(40_000)}\r\n\r\n`), /^HTTP\/1.1 400 [^]*problem\+json/);
  assertProblem(await nobody.get(`/api/${'x'.repeat(9_000)}`), 414, 'too_large');
});

test('cookies and headers of a usual size fit', async () => {
  const { status } = await nobody.get('/api/hello', { cookie: `parley=${'x'.repeat(64)}; other=${'y'.repeat(3_000)}`, 'user-agent': 'z'.repeat(2_000) });
  assert.equal(status, 200);
});

test('without parley-image, uploads are unavailable', { skip: 'image' in stack.processes }, async () => {
  const answer = await nobody.request('POST', '/api/uploads', Buffer.alloc(300_000), { 'content-type': 'image/png' });
  assertProblem(answer, 503, 'unavailable');
  assert.ok(Number(answer.headers['retry-after']) > 0);
});

test('while the programs are away: 503 to calls, and a stream that says when to come back', async () => {
  await Promise.all([stack.processes.api?.kill(), stack.processes.stream?.kill()]);
  const answer = await nobody.get('/api/hello');
  assertProblem(answer, 503, 'unavailable');
  assert.ok(Number(answer.headers['retry-after']) > 0);

  const events = await nobody.events();
  await events.end();
  assert.equal(events.status, 200);
  assert.equal(events.headers['content-type'], 'text/event-stream');
  assert.equal(events.text, 'retry: 3000\n\n');
});
