// Reading: where a room opens, what stays where it is, what is marked as new; and what can be done with a message.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { stackForTests } from '../harness/stack.mjs';
import { browserForTests } from './page.mjs';

const MOST_IN_DOCUMENT = 310;
const LONG = 700;

const stack = await stackForTests();
const browser = await browserForTests(stack);
const writer = await stack.guest('writer');
const ana = await browser.person('ana');

/** A channel of the writer's with so many messages, which ana is in. */
async function roomWith(name, count, text = (n) => `line ${n} ${'word '.repeat(n % 17)}`) {
  const { room } = (await writer.post('/api/rooms', { kind: 'channel', name })).body;
  await ana.call('POST', `/rooms/${room.id}/join`);
  await fill(room.id, count, text);
  return room.id;
}

async function fill(room, count, text) {
  for (let n = 1; n <= count; n += 1) await writer.post(`/api/rooms/${room}/messages`, { text: text(n) });
}

const count = (person) => person.log.getByRole('article').count();
const toEnd = (person) => person.log.evaluate((log) => log.scrollHeight - log.scrollTop - log.clientHeight);
const scrollBy = (person, by) => person.log.evaluate((log, px) => { log.scrollTop += px; }, by);
const inSight = (message) => message.evaluate((element) => {
  const place = element.closest('[role="log"]').getBoundingClientRect();
  const own = element.getBoundingClientRect();
  return own.top >= place.top && own.bottom <= place.bottom;
});

/** The message in the middle of what is seen: its id and where it stands. */
const middle = (person) => person.log.evaluate((log) => {
  const half = log.getBoundingClientRect().top + log.clientHeight / 2;
  const article = [...log.querySelectorAll('article')].find((each) => each.getBoundingClientRect().bottom > half);
  return { id: article.dataset.id, top: article.getBoundingClientRect().top };
});

async function assertUnmoved(person, before) {
  const now = await person.page.evaluate((id) => document.querySelector(`[data-id="${id}"]`)?.getBoundingClientRect().top, before.id);
  assert.ok(Math.abs(now - before.top) <= 1, `message ${before.id} moved from ${before.top} to ${now}`);
}

/** Does something while the page does nothing. */
async function whileStill(person, what) {
  const inspector = await person.page.context().newCDPSession(person.page);
  const paused = new Promise((done) => { inspector.once('Debugger.paused', done); });
  await inspector.send('Debugger.enable');
  await inspector.send('Debugger.pause');
  const next = person.page.evaluate(() => null); // it stops at the next statement: this, or one of its own
  await paused;
  await what();
  await inspector.send('Debugger.resume');
  await next;
  await inspector.detach();
}

let long;

describe('a long room', () => {
  test('opens at the first unread message, under a divider', async () => {
    long = await roomWith('long', LONG);
    await ana.room(/long/).filter({ hasText: String(LONG) }).waitFor();
    await ana.sees((count) => document.title.startsWith(`(${count})`), LONG);
    await ana.enter('long');
    await ana.page.getByRole('separator', { name: 'New' }).waitFor();
    assert.ok(await inSight(ana.message('line 1 ').first()));
    await ana.assertAccessible('the first unread message');
    await ana.shoot('first-unread');
  });

  test('what is read counts as read, here and on the server', async () => {
    await ana.button(/new messages/).click();
    await ana.message(`line ${LONG} `).waitFor();
    await ana.sees(() => !document.title.startsWith('('));
    const unread = () => ana.call('GET', '/rooms').then(({ body }) => body.rooms.find((room) => room.id === long).my.unread);
    for (let tries = 0; tries < 100 && await unread() > 0; tries += 1) await ana.page.evaluate(() => new Promise(requestAnimationFrame));
    assert.equal(await unread(), 0);
  });

  test('history comes while scrolling up; what is being read does not move; the document stays small', async () => {
    for (let step = 0; step < 40; step += 1) {
      await scrollBy(ana, -400);
      const before = await middle(ana);
      await ana.page.evaluate(() => new Promise((done) => { requestAnimationFrame(() => requestAnimationFrame(done)); }));
      await assertUnmoved(ana, before);
      assert.ok(await count(ana) <= MOST_IN_DOCUMENT);
    }
  });

  test('a new message does not move it either; it is counted, and one press leads there', async () => {
    const before = await middle(ana);
    await writer.post(`/api/rooms/${long}/messages`, { text: 'fresh at the end' });
    await ana.button('1 new message').waitFor();
    await assertUnmoved(ana, before);
    await ana.assertAccessible('new messages below');
    await ana.shoot('new-below');
    await ana.button('1 new message').click();
    await ana.message('fresh at the end').waitFor();
    assert.ok(await toEnd(ana) <= 1);
  });

  test('at the end it follows, also within 100 px of it; above that it stays', async () => {
    await scrollBy(ana, -80);
    await writer.post(`/api/rooms/${long}/messages`, { text: 'followed' });
    await ana.message('followed').waitFor();
    await ana.sees(() => { const log = document.querySelector('[role="log"]'); return log.scrollHeight - log.scrollTop - log.clientHeight <= 1; });
    await scrollBy(ana, -300);
    const before = await middle(ana);
    await writer.post(`/api/rooms/${long}/messages`, { text: 'not followed' });
    await ana.button('1 new message').waitFor();
    await assertUnmoved(ana, before);
  });

  test('what comes in a bunch, after a moment in which the page stood still, is drawn in a few strokes', async () => {
    await ana.button('1 new message').click();
    await ana.message('not followed').waitFor();
    await ana.log.evaluate((log) => {
      globalThis.strokes = 0;
      const drawn = ({ addedNodes }) => [...addedNodes].some((node) => node.localName === 'article');
      new MutationObserver((changes) => { globalThis.strokes += changes.some(drawn) ? 1 : 0; }).observe(log, { childList: true, subtree: true });
    });
    await whileStill(ana, () => fill(long, 40, (n) => `in a bunch ${n}.`));
    await ana.message('in a bunch 40.').waitFor();
    assert.ok(await ana.page.evaluate(() => globalThis.strokes) <= 10);
    assert.ok(await toEnd(ana) <= 1);
  });

  test('what I write myself is always followed', async () => {
    await ana.say('mine');
    await ana.confirmed('mine').waitFor();
    assert.ok(await toEnd(ana) <= 1);
  });

  test('a link to a message opens there, with what stands around it', async () => {
    const { messages } = (await writer.get(`/api/rooms/${long}/messages?after=0&limit=150`)).body;
    const target = messages.at(-1);
    await ana.open(`#/rooms/${long}/${target.id}`);
    const shown = ana.page.locator(`article[data-id="${target.id}"]`);
    await shown.waitFor();
    await ana.sees((id) => { const box = document.querySelector(`[data-id="${id}"]`).getBoundingClientRect(); return box.top > 56 && box.bottom < innerHeight - 56; }, target.id);
    await ana.message(`line ${target.n - 3} `).waitFor();
    await ana.message(`line ${target.n + 3} `).waitFor();
    await ana.assertAccessible('a message by its link');
    await ana.shoot('permalink');
  });

  test('the link to a message leads there a second time, the link of the room to its end', async () => {
    const id = Number(new URL(ana.page.url()).hash.split('/')[3]);
    await scrollBy(ana, 5000);
    await ana.page.evaluate((hash) => {
      const link = Object.assign(document.createElement('a'), { href: hash });
      document.body.append(link);
      link.click();
      link.remove();
    }, `#/rooms/${long}/${id}`);
    assert.ok(await inSight(ana.page.locator(`article[data-id="${id}"]`)));
    await ana.room(/long/).click();
    await ana.message('mine').waitFor();
    assert.ok(await toEnd(ana) <= 1);
  });

  test('a link to a message that is not there says so', async () => {
    await ana.open(`#/rooms/${long}/1`);
    await ana.page.getByText('That message is not here any more.').waitFor();
    await ana.assertAccessible('a notice');
    await ana.shoot('notice');
  });

  test('a reaction above what is read moves nothing', async () => {
    await ana.open(`#/rooms/${long}`);
    await ana.message('mine').waitFor();
    await scrollBy(ana, -200);
    const before = await middle(ana);
    const above = await ana.log.evaluate((log) => [...log.querySelectorAll('article')].find((each) => each.getBoundingClientRect().bottom > 60)?.previousElementSibling?.previousElementSibling?.dataset.id);
    await writer.put(`/api/messages/${above}/reactions/${encodeURIComponent('👍')}`);
    await ana.page.locator(`[data-id="${above}"] .reaction`).waitFor({ state: 'attached' });
    await assertUnmoved(ana, before);
  });
});

test('days are separated; one author’s messages within five minutes stand together', async () => {
  const room = await roomWith('days', 6, (n) => `day line ${n}`);
  const minutesAgo = [60 * 24 + 90, 60 * 24 + 88, 60 * 24 + 80, 9, 5, 1];
  for (const [index, minutes] of minutesAgo.entries()) {
    await stack.sql(`update data.message set at = now() - interval '${minutes} minutes' where room_id = ${room} and n = ${index + 1}`);
  }
  await ana.open(`#/rooms/${room}`);
  await ana.message('day line 6').waitFor();
  const days = await ana.page.locator('.day-row').allInnerTexts();
  assert.ok(days.length >= 2 && days.at(-1) === 'Today', days.join()); // three just after midnight
  const alone = await ana.log.getByRole('article').evaluateAll((all) => all.filter((each) => each.querySelector('.avatar')).map((each) => each.innerText.match(/day line (\d)/)[1]));
  assert.ok(['1', '3', '4'].every((n) => alone.includes(n)) && !alone.includes('2'), alone.join()); // just after midnight also 5 or 6
  await ana.assertAccessible('days');
  await ana.shoot('days');
});

describe('a message', () => {
  let bo;

  test('is answered, and the answer leads to it', async () => {
    bo = await browser.person('bo');
    await bo.enter('lobby');
    await ana.enter('lobby');
    await bo.say('shall we *meet* at noon?');
    await ana.act('shall we', 'Reply');
    await ana.page.getByText('Replying to bo').waitFor();
    await ana.say('yes, noon');
    await bo.message('yes, noon').getByRole('link', { name: /shall we/ }).click();
    await bo.sees(() => document.activeElement?.textContent.includes('at noon?'));
  });

  test('is edited by its author, in place', async () => {
    await ana.choose('yes, noon', 'Edit');
    await ana.page.getByRole('textbox', { name: 'Edited text' }).fill('yes, one o’clock');
    await ana.page.keyboard.press('Enter');
    await bo.message('yes, one o’clock').getByText('edited').waitFor();
  });

  test('one that is saved late takes no reaction away, and does not close the next one that is edited', async () => {
    for (const text of ['to be edited', 'the next one']) await ana.say(text);
    let came;
    const held = new Promise((done) => { came = done; });
    await ana.page.route('**/api/messages/*', (route) => came(route), { times: 1 });
    await ana.choose('to be edited', 'Edit');
    const field = ana.page.getByRole('textbox', { name: 'Edited text' });
    await field.fill('has been changed');
    await field.press('Enter');
    await ana.choose('the next one', 'Edit');
    await field.fill('half of it');
    const saving = await held;
    await bo.act('to be edited', 'React with 👍');
    await ana.message('to be edited').getByRole('button', { name: /👍.*1.*bo/ }).waitFor();
    const answered = ana.page.waitForResponse((answer) => answer.request().method() === 'PATCH');
    await saving.continue();
    await answered;
    await ana.message('has been changed').getByRole('button', { name: /👍.*1.*bo/ }).waitFor();
    assert.equal(await field.inputValue(), 'half of it');
    await field.press('Escape');
  });

  test('what is being edited is kept over a reload', async () => {
    await ana.choose('yes, one o’clock', 'Edit');
    await ana.page.getByRole('textbox', { name: 'Edited text' }).fill('yes, two o’clock, or');
    await ana.assertAccessible('editing a message');
    await ana.shoot('editing');
    await ana.page.reload();
    await ana.choose('yes, one o’clock', 'Edit');
    const field = ana.page.getByRole('textbox', { name: 'Edited text' });
    assert.equal(await field.inputValue(), 'yes, two o’clock, or');
    await field.press('Escape');
    await ana.choose('yes, one o’clock', 'Edit');
    assert.equal(await field.inputValue(), 'yes, one o’clock');
    await field.press('Escape');
  });

  test('gets reactions, by one press and from the picker', async () => {
    await bo.act('yes, one o’clock', 'React with 👍');
    await ana.message('yes, one o’clock').getByRole('button', { name: /👍.*1.*bo/ }).click();
    await bo.message('yes, one o’clock').getByRole('button', { name: /👍.*2/ }).waitFor();
    await ana.act('shall we', 'More emoji');
    await ana.page.getByRole('textbox', { name: 'Find an emoji' }).fill('rocket');
    await ana.dialog.getByRole('button', { name: 'rocket' }).waitFor();
    await ana.assertAccessible('the emoji picker');
    await ana.shoot('emoji');
    await ana.dialog.getByRole('button', { name: 'rocket' }).click();
    await bo.message('shall we').getByRole('button', { name: /🚀/ }).first().waitFor();
  });

  test('is pinned by who may, found among the pins, and taken off again', async () => {
    const design = (await ana.call('POST', '/rooms', { kind: 'channel', name: 'design' })).body.room;
    await ana.call('POST', `/rooms/${design.id}/messages`, { text: 'the colours we agreed on' });
    await bo.call('POST', `/rooms/${design.id}/join`);
    await ana.enter('design');
    await ana.choose('the colours', 'Pin');
    await bo.enter('design');
    await bo.button('Pinned messages').click();
    await bo.side.getByRole('link', { name: /the colours we agreed on/ }).waitFor();
    await bo.shoot('pins');
    await bo.assertAccessible('the pins');
    const again = bo.page.waitForResponse(/\/pins$/);
    await bo.page.evaluate(async () => { // the stream has lost its place
      const { user } = await (await fetch('/api/me')).json();
      new BroadcastChannel(`parley.${user.id}`).postMessage({ kind: 'aside', event: { cursor: null, type: 'reset', data: {} } });
    });
    await again;
    await bo.side.getByRole('link', { name: /the colours we agreed on/ }).waitFor();
    await ana.choose('the colours', 'Unpin');
    await bo.page.getByText('Nothing is pinned here.').waitFor();
    await bo.button('Show people').click();
  });

  test('is removed by its author, with a note that stays', async () => {
    await ana.enter('lobby');
    await bo.enter('lobby');
    await ana.say('a slip');
    await bo.message('a slip').waitFor();
    await ana.choose('a slip', 'Remove');
    await ana.dialog.getByRole('button', { name: 'Remove' }).click();
    await bo.message('Removed by its author').waitFor();
    assert.equal(await bo.message('a slip').count(), 0);
  });

  test('mentions: the list of names while writing, the mark, the inbox', async () => {
    await bo.box.pressSequentially('look, @an');
    await bo.page.getByRole('option', { name: 'ana' }).waitFor();
    await bo.shoot('mention-list');
    await bo.assertAccessible('the list of names');
    await bo.box.press('Enter');
    await bo.box.pressSequentially('here');
    await bo.box.press('Enter');
    await ana.message('look, @ana here').waitFor();
    await ana.button('Mentions').click();
    await ana.side.getByRole('link', { name: /look, @ana here/ }).waitFor();
    await ana.shoot('mentions');
    await ana.assertAccessible('the mentions');
  });

  test('is found by a search, and the result leads to its place', async () => {
    await ana.page.getByRole('searchbox', { name: 'Search' }).fill('line 77');
    await ana.side.getByRole('link', { name: /line 77/ }).first().waitFor();
    await ana.shoot('search');
    await ana.assertAccessible('results of a search');
    await ana.side.getByRole('link', { name: /line 77 / }).first().click();
    await ana.page.getByRole('heading', { level: 1, name: 'long' }).waitFor();
    await ana.sees(() => document.activeElement?.textContent.includes('line 77'));
    await ana.enter('lobby');
    await ana.side.getByRole('link', { name: /line 77 / }).first().click(); // it is here already
    await ana.page.getByRole('heading', { level: 1, name: 'long' }).waitFor();
    await ana.sees(() => document.activeElement?.textContent.includes('line 77'));
    await ana.page.getByRole('searchbox', { name: 'Search' }).fill('qqqqzzzz');
    await ana.page.getByText('Nothing found for').waitFor();
    await ana.assertAccessible('a search that finds nothing');
    await ana.shoot('search-nothing');
    await ana.page.getByRole('searchbox', { name: 'Search' }).fill('');
  });

  test('unread and mentions are counted in the list, the title and the icon, and another page of mine clears them', async () => {
    await ana.enter('lobby');
    const second = await ana.anotherTab();
    await writer.post(`/api/rooms/${long}/messages`, { text: 'for @ana from the writer' });
    await ana.room(/long/).filter({ hasText: 'mentions you' }).waitFor();
    await ana.sees(() => document.title.startsWith('(1)') && document.querySelector('link[rel="icon"]').href.startsWith('data:'));
    await second.enter('long');
    await second.message('for @ana from the writer').waitFor();
    await ana.sees(() => !document.title.startsWith('(') && !document.querySelector('link[rel="icon"]').href.startsWith('data:'));
    await second.page.close();
  });

  test('new messages are spoken, history is not', async () => {
    await bo.enter('lobby');
    await bo.say('hear this');
    await ana.page.locator('[aria-live="polite"]').filter({ hasText: 'bo: hear this' }).waitFor({ state: 'attached' });
    assert.equal(await ana.log.getAttribute('aria-live'), 'off');
  });

  test('drafts stay with their rooms', async () => {
    await ana.box.fill('half a thought');
    await ana.enter('design');
    assert.equal(await ana.box.inputValue(), '');
    await ana.enter('lobby');
    assert.equal(await ana.box.inputValue(), 'half a thought');
    await ana.box.fill('');
  });
});

test('a hole that the stream left is noticed by its number and filled', async () => {
  await ana.enter('design');
  const room = (await ana.call('GET', '/rooms')).body.rooms.find((each) => each.name === 'design');
  await writer.post(`/api/rooms/${room.id}/join`);
  const deafened = await ana.page.context().newPage();
  await deafened.addInitScript(() => {
    const real = globalThis.EventSource;
    globalThis.EventSource = class extends real {
      addEventListener(type, hear) {
        super.addEventListener(type, (event) => { if (!event.data?.includes('swallowed')) hear(event); });
      }
    };
  });
  await ana.page.close();
  await deafened.goto(`${stack.url}/#/rooms/${room.id}`);
  const log = deafened.getByRole('log');
  await log.getByRole('article').first().waitFor();
  await writer.post(`/api/rooms/${room.id}/messages`, { text: 'swallowed by the wire' });
  await writer.post(`/api/rooms/${room.id}/messages`, { text: 'after the hole' });
  await log.getByRole('article').filter({ hasText: 'after the hole' }).waitFor();
  await log.getByRole('article').filter({ hasText: 'swallowed by the wire' }).waitFor();
});
