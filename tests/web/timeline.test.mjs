// The window of messages: opening, paging, keeping it small, live changes, holes.
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { Timeline } from '../../web/model/timeline.js';
import { clock } from './clock.mjs';
import { FakeApi, message, messages, settled } from './doubles.mjs';

const PATH = 'GET /rooms/1/messages';
let api;
let timeline;
let stored;

/** A server with these messages, paging as the contract has it. */
function serve(all) {
  stored = all;
  api = new FakeApi();
  api.answers[PATH] = ({ before, after, around, limit }) => {
    const index = (id) => { const at = stored.findIndex((each) => each.id >= id); return at < 0 ? stored.length : at; };
    let from = Math.max(0, stored.length - limit);
    if (before) from = Math.max(0, index(before) - limit);
    if (after !== undefined) from = index(after + 1);
    if (around) from = Math.max(0, index(around) - Math.floor(limit / 2));
    const to = Math.min(stored.length, before ? index(before) : from + limit);
    return { messages: stored.slice(from, to), more_before: from > 0, more_after: to < stored.length };
  };
  timeline = new Timeline(api, 1);
}

const numbers = () => timeline.messages.value.map((each) => each.n);
const my = (readN, lastN) => ({ read_n: readN, read_up_to: readN * 10, unread: lastN - readN });

beforeEach(() => clock.release());

test('a read room opens at its end', async () => {
  serve(messages(1, 500));
  await timeline.open(my(500, 500));
  assert.deepEqual([numbers()[0], numbers().at(-1)], [451, 500]);
  assert.deepEqual([timeline.target.value.kind, timeline.newAfter.value, timeline.moreBefore.value], ['end', null, true]);
});

test('a room with much unread opens around the first unread message', async () => {
  serve(messages(1, 500));
  await timeline.open(my(200, 500));
  assert.ok(numbers().includes(200) && numbers().includes(201) && timeline.moreAfter.value);
  assert.deepEqual([timeline.target.value.kind, timeline.newAfter.value], ['new', 200]);
});

test('a page that came with the snapshot is opened without a call; one that lacks the first unread message is not', async () => {
  serve(messages(1, 500));
  timeline.take({ messages: messages(451, 500), more_before: true, more_after: false });
  await timeline.open(my(490, 500));
  assert.deepEqual([api.calls.length, timeline.target.value.kind, timeline.newAfter.value], [0, 'new', 490]);
  await timeline.open(my(500, 500));
  assert.deepEqual([api.calls.length, timeline.target.value.kind], [0, 'end']);
  await timeline.open(my(200, 500));
  assert.ok(api.calls.length === 1 && numbers().includes(201));
});

test('a message that is held is stayed at, though what lies after it is still on its way', async () => {
  serve(messages(1, 500));
  await timeline.openAt(2000);
  const later = timeline.loadAfter();
  await timeline.openAt(2000);
  await later;
  assert.deepEqual([numbers().length, timeline.loading.value, timeline.target.value], [50, null, { kind: 'message', id: 2000 }]);
});

test('an empty room that came with the snapshot is not asked for again', async () => {
  serve([]);
  timeline.take({ messages: [], more_before: false, more_after: false });
  await timeline.open(my(0, 0));
  assert.equal(api.calls.length, 0);
});

test('going back and forth holds at most some 300 messages, without a hole', async () => {
  serve(messages(1, 900));
  await timeline.open(my(900, 900));
  for (let i = 0; i < 12; i += 1) {
    await timeline.loadBefore();
    assert.ok(numbers().length <= 300);
  }
  assert.ok(timeline.moreAfter.value);
  while (timeline.moreAfter.value) await timeline.loadAfter();
  assert.ok(numbers().length <= 300 && timeline.moreBefore.value);
  assert.deepEqual(numbers(), messages(numbers()[0], 900).map((each) => each.n));
});

test('at the end new messages are kept and old ones let go', async () => {
  serve(messages(1, 60));
  await timeline.open(my(60, 60));
  for (const each of messages(61, 500)) timeline.append(each);
  assert.ok(numbers().length <= 300 && numbers().at(-1) === 500 && timeline.moreBefore.value);
});

test('of a full window that follows the end some go with each message, never many at once', async () => {
  serve(messages(1, 400));
  await timeline.open(my(400, 400));
  for (let i = 0; i < 5; i += 1) await timeline.loadBefore();
  assert.equal(numbers().length, 300);
  for (const each of messages(401, 500)) {
    const before = numbers().length;
    timeline.append(each);
    assert.ok(before - numbers().length < 10 && numbers().length <= 300);
  }
  assert.ok(numbers().length <= 230 && timeline.moreBefore.value);
});

test('who reads further up keeps what is read; what is new waits to be loaded', async () => {
  serve(messages(1, 50));
  await timeline.open(my(50, 50));
  timeline.following = false;
  for (const each of messages(51, 500)) timeline.append(each);
  assert.equal(numbers()[0], 1);
  assert.ok(numbers().length <= 300 && timeline.moreAfter.value);
});

test('a message that comes twice is there once', async () => {
  serve(messages(1, 3));
  await timeline.open(my(3, 3));
  timeline.append(message(4));
  timeline.append(message(4));
  assert.deepEqual(numbers(), [1, 2, 3, 4]);
});

test('what arrives while the first page is loading is not lost', async () => {
  serve(messages(1, 3));
  const opening = timeline.open(my(3, 3));
  timeline.append(message(4));
  timeline.edit(message(2, { text: 'edited' }));
  await opening;
  assert.deepEqual(numbers(), [1, 2, 3, 4]);
  assert.equal(timeline.messages.value[1].text, 'edited');
});

test('a hole in n is noticed and filled', async () => {
  clock.stop();
  serve(messages(1, 3));
  await timeline.open(my(3, 3));
  stored = messages(1, 7);
  timeline.append(message(7));
  assert.deepEqual(numbers(), [1, 2, 3, 7]);
  clock.tick(1000);
  await settled();
  assert.deepEqual(numbers(), [1, 2, 3, 4, 5, 6, 7]);
});

/** A hole at the end that is being filled: → {answer()}, with what the server had when it was asked. */
async function filling() {
  clock.stop();
  serve(messages(1, 300));
  await timeline.open(my(300, 300));
  stored = messages(1, 310);
  timeline.append(message(310));
  const { [PATH]: page } = api.answers;
  let answer;
  api.answers[PATH] = (query) => new Promise((done) => { const found = page(query); answer = () => done(found); });
  clock.tick(1000);
  api.answers[PATH] = page;
  return { answer: async () => { answer(); await settled(); } };
}

test('what happens to a message while the hole it is in is filled has happened', async () => {
  const { answer } = await filling();
  timeline.remove({ id: 3050, by: 'author', at: '2026-11-23T10:00:00.000Z' });
  timeline.edit(message(306, { text: 'edited' }));
  await answer();
  const [removed, edited] = timeline.messages.value.filter(({ n }) => n === 305 || n === 306);
  assert.deepEqual([removed.text, removed.deleted.by, edited.text, numbers().at(-1)], [null, 'author', 'edited', 310]);
});

test('who has gone elsewhere while a hole was filled is not brought what was in it', async () => {
  const { answer } = await filling();
  await timeline.openAt(500);
  const before = numbers();
  await answer();
  assert.deepEqual(numbers(), before);
});

test('a hole that closes by itself is not asked about', async () => {
  clock.stop();
  serve(messages(1, 3));
  await timeline.open(my(3, 3));
  timeline.append(message(5));
  timeline.append(message(4));
  const before = api.calls.length;
  clock.tick(1000);
  await settled();
  assert.equal(api.calls.length, before);
});

test('an edit of which only the text is known keeps what came meanwhile', async () => {
  serve([message(1)]);
  await timeline.open(my(1, 1));
  timeline.react({ message_id: 10, emoji: '👍', user: { id: 7 } }, true);
  timeline.edit({ id: 10, text: 'better', edited_at: '2026-11-23T10:01:00.000Z' });
  const [{ text, reactions, n }] = timeline.messages.value;
  assert.deepEqual([text, reactions, n], ['better', [{ emoji: '👍', users: [7] }], 1]);
});

test('edits, removals and reactions change the message and what quotes it', async () => {
  serve([message(1), message(2, { reply_to: { id: 10, user: { id: 9 }, text: 'line 1', deleted: false } })]);
  await timeline.open(my(2, 2));
  timeline.edit(message(1, { text: 'better' }));
  assert.deepEqual(timeline.messages.value.map((each) => each.reply_to?.text ?? each.text), ['better', 'better']);
  timeline.react({ message_id: 20, emoji: '👍', user: { id: 7 } }, true);
  assert.deepEqual(timeline.messages.value[1].reactions, [{ emoji: '👍', users: [7] }]);
  timeline.remove({ id: 10, by: 'author', at: 'now' });
  assert.deepEqual([timeline.messages.value[0].text, timeline.messages.value[1].reply_to.deleted], [null, { by: 'author', at: 'now' }]);
});

test('only the latest of two openings counts', async () => {
  serve(messages(1, 500));
  const first = timeline.openAt(1000);
  const second = timeline.openAt(4000);
  await Promise.all([first, second]);
  assert.ok(numbers().includes(400) && !numbers().includes(100));
  assert.deepEqual(timeline.target.value, { kind: 'message', id: 4000 });
});

test('a page that cannot be loaded leaves a problem and can be asked for again', async () => {
  serve(messages(1, 3));
  const answer = api.answers[PATH];
  api.answers[PATH] = () => new Error('down');
  await timeline.open(my(3, 3));
  assert.equal(timeline.problem.value.message, 'down');
  api.answers[PATH] = answer;
  await timeline.open(my(3, 3));
  assert.deepEqual([timeline.problem.value, numbers()], [null, [1, 2, 3]]);
});

test('after a reset the end is loaded afresh, or the part that is being read', async () => {
  serve(messages(1, 100));
  await timeline.open(my(100, 100));
  stored = messages(1, 400).map((each) => ({ ...each, text: 'now' }));
  await timeline.refresh();
  assert.ok(numbers().at(-1) === 400 && timeline.messages.value.every((each) => each.text === 'now'));
  timeline.following = false;
  await timeline.openAt(500);
  const first = numbers()[0];
  await timeline.refresh();
  assert.equal(numbers()[0], first);
});
