// A server without parley-image says so, and all else works.
import assert from 'node:assert/strict';
import test from 'node:test';
import { png } from '../harness/pictures.mjs';
import { assertRefused, assertStatus, stackForTests } from './described.mjs';

const stack = await stackForTests({ programs: ['api', 'stream'] });
const ana = await stack.guest('ana');

test('the page is told before it offers to attach one', async () => {
  assert.equal((await stack.client().get('/api/hello')).body.limits.images, 0);
});

test('an upload is refused at once', async () => {
  assertRefused(await ana.request('POST', '/api/uploads', png(40, 30), { 'content-type': 'image/png' }), 403, 'images_off');
});

test('text is posted and read', async () => {
  const { message } = assertStatus(await ana.post('/api/rooms/1/messages', { text: 'only words', images: [] }), 201);
  assert.deepEqual((await ana.get(`/api/messages/${message.id}`)).body.message.images, []);
  assertRefused(await ana.post('/api/rooms/1/messages', { text: 'see', images: [1] }), 422, 'invalid');
});
