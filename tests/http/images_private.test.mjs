// Who may see an image, how long, and how much may be kept.
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import test from 'node:test';
import { until } from '../harness/owned.mjs';
import { picture, png } from '../harness/pictures.mjs';
import { stackForTests } from '../harness/stack.mjs';

const stack = await stackForTests({ limits: 'on' });
const owner = await stack.owner();
const [ana, bo, cy] = [await stack.guest('ana'), await stack.guest('bo'), await stack.guest('cy')];

const send = (who, file = picture('jpeg')) => who.request('POST', '/api/uploads', file, { 'content-type': 'image/jpeg' });
const statusFor = async (who, image) => (await who.get(image.url)).status;

async function uploaded(who, file) {
  const { status, body, text } = await send(who, file);
  assert.equal(status, 201, text);
  return body;
}

async function posted(who, image, room = 1) {
  const { status, body, text } = await who.post(`/api/rooms/${room}/messages`, { text: 'look', images: [image.id] });
  assert.equal(status, 201, text);
  return body.message;
}

async function withSettings(settings, check) {
  for (const [key, value] of Object.entries(settings)) await stack.sql(`insert into data.setting values ('${key}', '${value}')`);
  try {
    await check();
  } finally {
    await stack.sql('delete from data.setting');
  }
}

const blobs = async () => Number(await stack.sql('select count(*) from data.blob'));

test('an upload is its uploader\'s until a message names it, then the room\'s', async () => {
  const image = await uploaded(ana);
  assert.deepEqual([await statusFor(ana, image), await statusFor(bo, image), await statusFor(owner, image)], [200, 404, 404]);
  await posted(ana, image);
  assert.deepEqual([await statusFor(ana, image), await statusFor(bo, image)], [200, 200]);
  assert.equal((await bo.get(image.thumb_url)).status, 200);
});

test('of a group only its people see it, and who has left no longer does', async () => {
  const { body: { room } } = await ana.post('/api/rooms', { kind: 'group', name: 'us', members: [bo.user.id] });
  const image = await uploaded(ana);
  await posted(ana, image, room.id);
  assert.deepEqual([await statusFor(bo, image), await statusFor(cy, image)], [200, 404]);
  await bo.post(`/api/rooms/${room.id}/leave`);
  assert.equal(await statusFor(bo, image), 404);
});

test('a removed message takes its images along, for everybody, bytes and all', async () => {
  const before = await blobs();
  const image = await uploaded(ana, png(51, 30));
  const message = await posted(ana, image);
  assert.equal(await statusFor(bo, image), 200);
  assert.equal((await ana.del(`/api/messages/${message.id}`)).status, 204);
  assert.deepEqual([await statusFor(ana, image), await statusFor(bo, image), await statusFor(owner, image)], [404, 404, 404]);
  assert.equal((await bo.get(image.thumb_url)).status, 404);
  assert.equal(await blobs(), before);
});

test('the same picture in another message stays', async () => {
  const [mine, other] = [await uploaded(ana, png(52, 30)), await uploaded(bo, png(52, 30))];
  const message = await posted(ana, mine);
  await posted(bo, other);
  await ana.del(`/api/messages/${message.id}`);
  assert.deepEqual([await statusFor(bo, mine), await statusFor(ana, other)], [404, 200]);
});

test('hidden images are 404 for everybody until that is lifted', async () => {
  const di = await stack.guest('di');
  const image = await uploaded(di);
  await posted(di, image);
  assert.equal((await owner.put(`/api/bans/${di.user.id}`, { reason: 'spam', messages: 'hide' })).status, 204);
  assert.deepEqual([await statusFor(ana, image), await statusFor(owner, image)], [404, 404]);
  assert.equal((await owner.del(`/api/bans/${di.user.id}`)).status, 204);
  assert.equal(await statusFor(ana, image), 200);
});

test('one that no message names is gone after a day', async () => {
  const before = await blobs();
  const image = await uploaded(ana, png(53, 30));
  await stack.sql(`update data.image set at = now() - interval '25 hours' where id = ${image.id}`);
  assert.equal(await statusFor(ana, image), 404);
  assert.equal((await ana.post('/api/rooms/1/messages', { text: 'late', images: [image.id] })).status, 422);
  await stack.sql('select api.maintain()');
  assert.equal(Number(await stack.sql(`select count(*) from data.image where id = ${image.id}`)), 0);
  assert.equal(await blobs(), before);
});

test('one that a message names stays, however old', async () => {
  const image = await uploaded(ana);
  await posted(ana, image);
  await stack.sql(`update data.image set at = now() - interval '25 hours' where id = ${image.id}`);
  await stack.sql('select api.maintain()');
  assert.equal(await statusFor(bo, image), 200);
});

test('erasing a person takes the images of removed messages', async () => {
  const ed = await stack.guest('ed');
  const image = await uploaded(ed, png(54, 30));
  await posted(ed, image);
  assert.ok((await ed.del('/api/me?messages=remove')).status < 300);
  assert.equal(await statusFor(ana, image), 404);
});

test('a person\'s quota is 413 and says whose it is', async () => {
  await withSettings({ limit_upload_mb: 0 }, async () => {
    const { status, body } = await send(ana);
    assert.deepEqual([status, body.code, body.quota], [413, 'person_quota', 'person']);
  });
  assert.equal((await send(ana)).status, 201);
});

test('the server\'s quota is 413 and says whose it is', async () => {
  await withSettings({ limit_server_image_mb: 0 }, async () => {
    const { status, body } = await send(ana);
    assert.deepEqual([status, body.code, body.quota], [413, 'server_quota', 'server']);
  });
});

test('too many uploads in an hour are 429, and say when to come back', async () => {
  const fay = await stack.guest('fay');
  await withSettings({ limit_uploads_per_hour: 2 }, async () => {
    await uploaded(fay);
    await uploaded(fay);
    const { status, headers, body } = await send(fay);
    assert.deepEqual([status, body.code], [429, 'slow_down']);
    assert.ok(Number(headers['retry-after']) > 3000);
    assert.equal((await send(bo)).status, 201);
  });
});

test('what was no image counts as well: taking it in and looking at it is what costs', async () => {
  const gil = await stack.guest('gil');
  await withSettings({ limit_uploads_per_hour: 2 }, async () => {
    for (let i = 0; i < 2; i++) assert.equal((await send(gil, picture('jpeg').subarray(0, 300))).status, 422);
    assert.equal((await send(gil)).status, 429);
  });
});

test('three uploads of a session arrive at a time, also when they come slowly; others are not kept out by them', async () => {
  const hal = await stack.guest('hal');
  const head = `POST /api/uploads HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${hal.token}\r\nContent-Type: image/jpeg\r\nContent-Length: 20000000\r\n\r\nslowly`;
  const slow = new Set();
  const begin = () => {              // one whose place was taken by an upload that is only tried is refused, and begins anew
    const socket = connect(stack.port, '127.0.0.1').on('error', () => {}).setNoDelay();
    slow.add(socket);
    socket.once('data', () => {
      slow.delete(socket.destroy());
      begin();
    });
    socket.write(head);
  };
  for (let i = 0; i < 3; i++) begin();
  await until('a fourth is refused', async () => (await send(hal)).status === 429);
  assert.equal((await send(ana)).status, 201);
  for (const socket of slow) socket.destroy();
  await until('the next is taken', async () => (await send(hal)).status === 201);
});

test('the text of an image is text', async () => {
  const image = await uploaded(ana);
  const post = (alts) => ana.post('/api/rooms/1/messages', { text: 'look', images: [image.id], alts });
  for (const wrong of [5, { a: 1 }, ['x'], true]) {
    const { status, body } = await post({ [image.id]: wrong });
    assert.deepEqual([status, Object.keys(body.fields)], [422, ['alts']]);
  }
  assert.equal((await post({ [image.id]: 'a cat asleep' })).body.message.images[0].alt, 'a cat asleep');
});

test('the database role of the program sees no table', async () => {
  await assert.rejects(stack.sql('select * from data.image', 'parley_image'));
  await assert.rejects(stack.sql('select * from data.blob', 'parley_image'));
  await assert.rejects(stack.sql("select * from api.post_message(null, '{}')", 'parley_image'));
});
