// A message goes out with its images, when they are there; who has gone to another room meanwhile loses nothing.
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { unreachable } from '../../web/lib/problem.js';
import { Drafts } from '../../web/model/drafts.js';
import { Sending } from '../../web/model/sending.js';
import { Storage } from '../../web/model/storage.js';
import { Uploads } from '../../web/model/uploads.js';
import { FakeArea } from './doubles.mjs';

/** Requests that a test answers: `FakeRequest.all.at(-1).answer(201, {id: 12})`. */
class FakeRequest {
  static all = [];
  upload = {};
  headers = {};
  constructor() { FakeRequest.all.push(this); }
  open(method, path) { this.path = `${method} ${path}`; }
  setRequestHeader(name, value) { this.headers[name] = value; }
  send(file) { this.file = file; }
  abort() { this.aborted = true; }

  answer(status, body) {
    Object.assign(this, { status, responseText: JSON.stringify(body) });
    this.onload();
  }
}

const picture = (name) => ({ name, type: 'image/png', size: 10 });
const last = () => FakeRequest.all.at(-1);

let drafts;
let uploads;
let sending;
let sent;

beforeEach(() => {
  FakeRequest.all = [];
  sent = [];
  drafts = new Drafts(new Storage(new FakeArea(), 7));
  uploads = new Uploads({ XMLHttpRequest: FakeRequest, URL: { createObjectURL: () => 'blob:', revokeObjectURL() {} } }, () => {});
  sending = new Sending({ drafts, uploads, outbox: { send: (message) => sent.push(message) } });
});

test('a text goes out at once, trimmed, and the draft is empty', () => {
  drafts.change(1, { text: ' hi \n', replyTo: { id: 3 } });
  sending.send(1);
  assert.deepEqual(sent, [{ room: 1, text: 'hi', replyTo: { id: 3 }, images: [] }]);
  assert.deepEqual(drafts.of(1).value, { text: '', replyTo: null });
});

test('nothing, spaces, or too much of it do not go out', () => {
  for (const text of ['', ' \n ', 'x'.repeat(8001)]) {
    drafts.change(1, { text });
    assert.equal(sending.can(1), false);
    sending.send(1);
  }
  assert.deepEqual([sent, sending.over(1), drafts.of(1).value.text.length], [[], 1, 8001]);
});

test('images on their way are waited for, and the message goes out in the room in which it was written', () => {
  uploads.add(1, [picture('a'), picture('b')]);
  drafts.change(1, { text: 'two' });
  sending.send(1);
  drafts.change(2, { text: 'elsewhere' });
  assert.deepEqual([sent.length, [...sending.waiting.value]], [0, [1]]);
  FakeRequest.all[0].answer(201, { id: 12 });
  assert.equal(sent.length, 0);
  FakeRequest.all[1].answer(201, { id: 13 });
  assert.deepEqual(sent, [{ room: 1, text: 'two', replyTo: null, images: [{ id: 12, alt: '' }, { id: 13, alt: '' }] }]);
  assert.deepEqual([sending.waiting.value.size, uploads.of(1), drafts.of(2).value.text], [0, [], 'elsewhere']);
});

test('an image that fails holds the message back; without it, it is not sent by itself', () => {
  uploads.add(1, [picture('a')]);
  drafts.change(1, { text: 'with it' });
  sending.send(1);
  last().answer(422, { title: 'This image was cut short.' });
  assert.deepEqual([sent.length, sending.waiting.value.size, sending.can(1)], [0, 0, false]);
  uploads.remove(1, uploads.of(1)[0].key);
  assert.deepEqual([sent.length, sending.can(1)], [0, true]);
});

test('three go up at a time, the next as soon as one has come, failed or been taken away', () => {
  uploads.add(1, ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map(picture));
  const started = () => FakeRequest.all.map(({ file }) => file.name).join('');
  assert.equal(started(), 'abc');
  FakeRequest.all[0].answer(201, { id: 1 });
  FakeRequest.all[1].onerror();
  assert.equal(started(), 'abcde');
  uploads.remove(1, uploads.of(1)[5].key);
  uploads.remove(1, uploads.of(1)[2].key);
  assert.equal(started(), 'abcdeg');
  for (const request of FakeRequest.all.slice(3)) request.answer(201, { id: 2 });
  assert.equal(started(), 'abcdeg');
});

test('an upload is cancelled by taking it away, and what was lost with the connection is tried again', () => {
  uploads.add(1, [picture('a'), picture('b')]);
  const [first, second] = FakeRequest.all;
  uploads.remove(1, uploads.of(1)[0].key);
  assert.ok(first.aborted && !second.aborted);
  second.upload.onprogress({ loaded: 5, total: 10 });
  assert.equal(uploads.of(1)[0].percent, 50);
  second.onerror();
  assert.deepEqual(uploads.of(1)[0].problem.code, unreachable().code);
  uploads.retryAll();
  last().answer(201, { id: 14 });
  assert.deepEqual(uploads.take(1), [{ id: 14, alt: '' }]);
});
