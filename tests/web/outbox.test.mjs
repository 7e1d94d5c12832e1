// Nothing that was written is lost, and nothing is sent twice under two names.
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { Problem, unreachable } from '../../web/lib/problem.js';
import { Drafts } from '../../web/model/drafts.js';
import { Outbox } from '../../web/model/outbox.js';
import { Storage } from '../../web/model/storage.js';
import { clock } from './clock.mjs';
import { FakeApi, FakeArea, settled } from './doubles.mjs';

const POST = 'POST /rooms/1/messages';
let area;
let api;
let sent;

beforeEach(() => {
  clock.stop();
  area = new FakeArea();
  api = new FakeApi();
  sent = [];
  api.answers[POST] = (body) => ({ message: { id: 1, ...body } });
});
afterEach(() => clock.release());

function outbox() {
  const made = new Outbox({ api, storage: new Storage(area, 7), confirmed: (message) => { sent.push(message); made.arrived(message.client_id); } });
  return made;
}

const states = (box) => box.entries.value.map((entry) => entry.state);

test('what is written is drawn at once and gone when it is confirmed', async () => {
  const box = outbox();
  box.send({ room: 1, text: 'hi' });
  assert.deepEqual(states(box), ['sending']);
  await settled();
  assert.deepEqual([states(box), sent.map((message) => message.text)], [[], ['hi']]);
  assert.equal(area.length, 0);
});

test('one room’s messages go out in order, one after the other', async () => {
  const release = [];
  api.answers[POST] = (body) => new Promise((done) => { release.push(() => done({ message: body })); });
  const box = outbox();
  box.send({ room: 1, text: 'one' });
  box.send({ room: 1, text: 'two' });
  await settled();
  assert.equal(release.length, 1);
  release[0]();
  await settled();
  release[1]();
  await settled();
  assert.deepEqual(sent.map((message) => message.text), ['one', 'two']);
});

describe('what failed for a reason that passes is not overtaken by the next of its room:', () => {
  const told = () => sent.map(({ text }) => text);
  let box;
  let busy;
  beforeEach(async () => {
    busy = true;
    api.answers[POST] = (body) => (busy ? new Problem({ status: 503, code: 'unavailable', retryAfter: 9 }) : { message: body });
    api.answers['POST /rooms/2/messages'] = (body) => ({ message: body });
    box = outbox();
    for (const text of ['one', 'two']) box.send({ room: 1, text });
    await settled();
    box.send({ room: 1, text: 'three' });
    box.send({ room: 2, text: 'elsewhere' });
    await settled();
  });

  test('each says why it waits, none is asked for, and other rooms go on', () => {
    assert.deepEqual(api.calls.map(({ body }) => body.text), ['one', 'elsewhere']);
    assert.deepEqual(box.of(1).map(({ state, problem }) => [state, problem.code]), Array(3).fill(['failed', 'unavailable']));
  });

  test('all go out in order when its time has come', async () => {
    busy = false;
    clock.tick(9_000);
    await settled();
    assert.deepEqual(told(), ['elsewhere', 'one', 'two', 'three']);
  });

  test('when somebody presses Retry at a later one', async () => {
    busy = false;
    box.retry(box.of(1)[2].client_id);
    await settled();
    assert.deepEqual(told(), ['elsewhere', 'one', 'two', 'three']);
    clock.tick(60_000);
    assert.equal(api.calls.length, 5);
  });

  test('when it is discarded, or has arrived after all', async () => {
    busy = false;
    box.arrived(box.of(1)[0].client_id);
    await settled();
    assert.deepEqual(told(), ['elsewhere', 'two', 'three']);
  });

  test('when the connection is back', async () => {
    box.retryAll();
    await settled();
    assert.equal(box.of(1).length, 3);
    busy = false;
    box.retryAll();
    await settled();
    assert.deepEqual(told(), ['elsewhere', 'one', 'two', 'three']);
  });
});

test('what was refused for good holds up nothing', async () => {
  api.answers[POST] = (body) => (body.text === 'bad' ? new Problem({ status: 403, code: 'rule' }) : { message: body });
  const box = outbox();
  for (const text of ['bad', 'good']) box.send({ room: 1, text });
  await settled();
  assert.deepEqual([sent.map(({ text }) => text), box.entries.value.map(({ text }) => text)], [['good'], ['bad']]);
});

test('a lost connection marks it as failed; Retry sends it under the same client id', async () => {
  api.answers[POST] = () => unreachable();
  const box = outbox();
  box.send({ room: 1, text: 'hi' });
  await settled();
  assert.deepEqual(states(box), ['failed']);
  api.answers[POST] = (body) => ({ message: body });
  box.retry(box.entries.value[0].client_id);
  await settled();
  const [first, second] = api.calls.map((call) => call.body.client_id);
  assert.ok(first && first === second && sent.length === 1);
});

test('when the connection is back, what failed for a passing reason goes out by itself', async () => {
  api.answers[POST] = () => new Problem({ status: 503, code: 'unavailable' });
  const box = outbox();
  box.send({ room: 1, text: 'hi' });
  await settled();
  api.answers[POST] = (body) => ({ message: body });
  box.retryAll();
  await settled();
  assert.equal(sent.length, 1);
});

test('a busy server is asked again after the time it named', async () => {
  api.answers[POST] = () => new Problem({ status: 429, code: 'slow_down', retryAfter: 9 });
  const box = outbox();
  box.send({ room: 1, text: 'hi' });
  await settled();
  api.answers[POST] = (body) => ({ message: body });
  clock.tick(8_900);
  await settled();
  assert.equal(sent.length, 0);
  clock.tick(200);
  await settled();
  assert.equal(sent.length, 1);
});

test('what was refused for good stays, says why, and is not tried again', async () => {
  api.answers[POST] = () => new Problem({ status: 403, code: 'rule', title: 'Not this word.' });
  const box = outbox();
  box.send({ room: 1, text: 'bad' });
  await settled();
  box.retryAll();
  clock.tick(120_000);
  await settled();
  assert.deepEqual([api.calls.length, box.entries.value[0].problem.title], [1, 'Not this word.']);
  assert.equal(box.discard(box.entries.value[0].client_id).text, 'bad');
  assert.deepEqual([box.entries.value.length, area.length], [0, 0]);
});

test('a reload in the middle sends it again under the same client id', async () => {
  api.answers[POST] = () => new Promise(() => {});
  outbox().send({ room: 1, text: 'kept', replyTo: { id: 5 }, images: [{ id: 12, alt: '' }, { id: 13, alt: 'a cat' }] });
  const { client_id: id } = api.calls[0].body;
  api.answers[POST] = (body) => ({ message: body });
  outbox().flush();
  await settled();
  assert.deepEqual(sent, [{ text: 'kept', client_id: id, reply_to: 5, images: [12, 13], alts: { 13: 'a cat' } }]);
});

test('confirmed by the stream first, the answer of the call changes nothing', async () => {
  let release;
  api.answers[POST] = (body) => new Promise((done) => { release = () => done({ message: body }); });
  const box = outbox();
  box.send({ room: 1, text: 'hi' });
  await settled();
  box.arrived(api.calls[0].body.client_id);
  assert.deepEqual(states(box), []);
  release();
  await settled();
  assert.deepEqual(states(box), []);
});

test('once it is closed nothing more goes out, which would go out as whoever is in by then; it is kept for its writer', async () => {
  const answers = [];
  api.answers[POST] = () => new Promise((done) => { answers.push(done); });
  const box = outbox();
  box.send({ room: 1, text: 'under way' });
  box.send({ room: 1, text: 'still here' });
  box.close();
  answers[0](unreachable());
  await settled();
  clock.tick(120_000);
  box.retryAll();
  await settled();
  assert.deepEqual(api.calls.map(({ body }) => body.text), ['under way']);
  assert.deepEqual(outbox().entries.value.map(({ text }) => text), ['under way', 'still here']);
});

test('another account on this browser sees none of it', () => {
  api.answers[POST] = () => new Promise(() => {});
  outbox().send({ room: 1, text: 'mine' });
  assert.equal(new Outbox({ api, storage: new Storage(area, 8), confirmed: () => {} }).entries.value.length, 0);
});

test('drafts stay in their rooms and survive a reload', () => {
  const drafts = new Drafts(new Storage(area, 7));
  drafts.change(1, { text: 'half a' });
  drafts.change(2, { text: 'other', replyTo: { id: 5 } });
  const again = new Drafts(new Storage(area, 7));
  assert.deepEqual([again.of(1).value.text, again.of(2).value], ['half a', { text: 'other', replyTo: { id: 5 } }]);
  again.clear(1);
  assert.equal(new Drafts(new Storage(area, 7)).of(1).value.text, '');
});

test('a browser that forbids storing still sends', async () => {
  const forbidden = new Proxy({}, { get() { throw new Error('SecurityError'); } });
  const box = new Outbox({ api, storage: new Storage(forbidden, 7), confirmed: (message) => { sent.push(message); box.arrived(message.client_id); } });
  box.send({ room: 1, text: 'hi' });
  await settled();
  assert.equal(sent.length, 1);
});
