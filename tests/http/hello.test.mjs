// Before anybody signed in: hello, health, the description, and what answers where nothing is.
import assert from 'node:assert/strict';
import test from 'node:test';
import YAML from 'yaml';
import { assertRefused, assertStatus, description, stackForTests } from './described.mjs';

const stack = await stackForTests();
const nobody = stack.client();

test('hello says what a page needs, and that nobody is signed in', async () => {
  const { status, body, headers } = await nobody.get('/api/hello');
  assert.equal(status, 200);
  assert.equal(headers['content-type'], 'application/json');
  assert.equal(headers['cache-control'], 'no-store');
  assert.equal(body.name, 'Parley');
  assert.equal(body.me, null);
  assert.equal(body.guests, true);
  assert.equal(body.registration, 'open');
  assert.equal(body.limits.text, 8000);
});

test('hello says who one is, by bearer and by cookie, and is 200 for a session that is none', async () => {
  const ana = await stack.guest('ana hello');
  assert.equal((await ana.get('/api/hello')).body.me.id, ana.user.id);
  assert.equal((await ana.byCookie().get('/api/hello')).body.me.id, ana.user.id);
  assert.equal((await stack.client({ token: 'x'.repeat(43) }).get('/api/hello')).body.me, null);
  assert.equal((await stack.client({ cookie: 'nonsense' }).get('/api/hello')).body.me, null);
});

test('a bearer token wins over a cookie', async () => {
  const [bo, cy] = await Promise.all([stack.guest('bo hello'), stack.guest('cy hello')]);
  const both = stack.client({ token: bo.token, cookie: cy.token });
  assert.equal((await both.get('/api/hello')).body.me.id, bo.user.id);
  assert.equal((await both.get('/api/me')).body.user.id, bo.user.id);
});

test('a bearer token that is none is not saved by a cookie that is one', async () => {
  const di = await stack.guest('di hello');
  assertRefused(await stack.client({ token: 'x'.repeat(43), cookie: di.token }).get('/api/me'), 401, 'no_session');
});

test('health needs no session, and tells how far the log is', async () => {
  const before = assertStatus(await nobody.get('/api/health'), 200);
  assert.equal(before.status, 'ok');
  await stack.guest('eve hello');
  assert.ok((await nobody.get('/api/health')).body.log_head > before.log_head);
});

test('the description is served as it is in the tree', async () => {
  const { status, headers, text } = await nobody.get('/api/openapi.yaml');
  assert.equal(status, 200);
  assert.match(headers['content-type'], /^application\/yaml/);
  assert.deepEqual(YAML.parse(text), description);
});

test('HEAD is GET without a body', async () => {
  const got = await nobody.get('/api/hello');
  const head = await nobody.request('HEAD', '/api/hello');
  assert.equal(head.status, 200);
  assert.equal(head.text, '');
  assert.equal(head.headers['content-length'], got.headers['content-length']);
  assert.equal(head.headers['content-type'], got.headers['content-type']);
  assert.equal((await nobody.request('HEAD', '/api/me')).status, 401);
});

test('there is nothing at unknown addresses', async () => {
  for (const path of ['/api', '/api/', '/api/nothing', '/api/hello/', '/api/rooms/1/nothing', '/api/messages', '/api/session/guest/x', '/api//hello']) {
    assertRefused(await nobody.get(path), 404, 'not_found');
  }
});
