// The page by keys: going from room to room, editing, commands behind a slash, completion; and by swipes on a phone.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { until } from '../harness/owned.mjs';
import { stackForTests } from '../harness/stack.mjs';
import { browserForTests } from './page.mjs';

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

const stack = await stackForTests({ env: { PARLEY_GRACE_MS: '600000' } });
const browser = await browserForTests(stack);
const bo = await stack.guest('Bo Larsen');
const cy = await stack.guest('cy');
const ana = await browser.person('ana');
const own = (await ana.call('POST', '/rooms', { kind: 'channel', name: 'anas-room' })).body.room.id;
const others = {};
for (const name of ['design', 'operations']) {
  others[name] = (await bo.post('/api/rooms', { kind: 'channel', name })).body.room.id;
  await ana.call('POST', `/rooms/${others[name]}/join`);
}
for (const each of [bo, cy]) await each.post(`/api/rooms/${own}/join`);
const say = (who, room, text) => who.post(`/api/rooms/${room}/messages`, { text });

const press = (chord) => ana.page.keyboard.press(chord);
const at = (name) => ana.page.getByRole('heading', { level: 1, name }).waitFor();
const my = (room) => ana.call('GET', `/rooms/${room}`).then(({ body }) => body.room.my);

/** Writes a line and sends it, as it is. */
async function line(text) {
  await ana.box.fill(text);
  await ana.box.press('Enter');
}

describe('from room to room', () => {
  test('Alt and arrows follow the list, around its ends', async () => {
    await ana.enter('anas-room');
    await press('Alt+ArrowDown');
    await at('design');
    await press('Alt+ArrowDown');
    await at('lobby');
    await press('Alt+ArrowUp');
    await press('Alt+ArrowUp');
    await at('anas-room');
    await press('Alt+ArrowUp');
    await at('operations');
  });

  test('with Shift they stop only where something is unread', async () => {
    await ana.enter('lobby');
    await say(bo, others.operations, 'news of operations');
    await ana.room(/operations.*1 unread/).waitFor();
    await press('Alt+Shift+ArrowUp');
    await at('operations');
    await say(bo, others.design, 'news of design');
    await ana.room(/design.*1 unread/).waitFor();
    await press('Alt+Shift+ArrowDown');
    await at('design');
    await ana.message('news of design').waitFor();
  });

  test('Ctrl+K finds a room by some of its letters', async () => {
    await press('Control+k');
    const field = ana.dialog.getByRole('combobox', { name: 'Some letters of its name' });
    await field.waitFor();
    const options = ana.dialog.getByRole('option');
    assert.deepEqual((await options.allInnerTexts()).map((text) => text.trim()), ['anas-room', 'lobby', 'operations', 'design']);
    await ana.assertAccessible('the room switcher');
    await ana.shoot('switcher');
    await field.fill('oprt');
    await ana.dialog.getByRole('option', { name: 'operations', selected: true }).waitFor();
    await press('Enter');
    await at('operations');
    await ana.dialog.waitFor({ state: 'detached' });
    await press('Control+k');
    await field.fill('qqq');
    await ana.page.getByText('You are in no room whose name has these letters.').waitFor();
    await press('Escape');
    await ana.dialog.waitFor({ state: 'detached' });
    await press('Control+k');
    await field.waitFor();
    await press('ArrowDown');
    await press('Enter');
    await at('design');
  });
});

test('Escape marks the open room as read and goes to its end', async () => {
  for (let n = 1; n <= 60; n += 1) await say(bo, own, `long ${n}`);
  await ana.room(/anas-room.*60 unread/).waitFor();
  await ana.enter('anas-room');
  await ana.page.getByRole('separator', { name: 'New' }).waitFor();
  assert.ok((await my(own)).unread > 0);
  await press('Escape');
  await ana.page.getByRole('separator', { name: 'New' }).waitFor({ state: 'detached' });
  await ana.message('long 60').waitFor();
  await ana.sees(() => !document.title.startsWith('('));
  await until('the server has it as read', async () => (await my(own)).unread === 0);
});

test('the arrow up in an empty field edits my last message', async () => {
  await ana.say('frist');
  await ana.confirmed('frist').waitFor();
  await say(bo, own, 'said after it');
  await ana.message('said after it').waitFor();
  await ana.box.fill('not empty');
  await ana.box.press('ArrowUp');
  assert.equal(await ana.page.getByRole('textbox', { name: 'Edited text' }).count(), 0);
  await ana.box.fill('');
  await ana.box.press('ArrowUp');
  const field = ana.page.getByRole('textbox', { name: 'Edited text' });
  assert.equal(await field.inputValue(), 'frist');
  await field.fill('first');
  await field.press('Enter');
  await ana.message('first').getByText('edited').waitFor();
});

describe('commands', () => {
  test('what there are is offered, and Tab completes', async () => {
    await ana.box.pressSequentially('/');
    const list = ana.page.getByRole('listbox', { name: 'Commands' });
    await list.getByRole('option', { name: '/topic' }).waitFor();
    assert.deepEqual((await list.getByRole('option').allInnerTexts()).map((text) => text.split(/\s/)[0]), ['/me', '/topic', '/invite', '/dm', '/mute', '/ban', '/help']);
    await ana.assertAccessible('the list of commands');
    await ana.shoot('commands');
    await ana.box.pressSequentially('to');
    await press('Tab');
    assert.equal(await ana.box.inputValue(), '/topic ');
    await ana.box.pressSequentially('What ana does');
    await press('Enter');
    await ana.page.locator('.room-topic', { hasText: 'What ana does' }).waitFor();
    assert.equal(await ana.box.inputValue(), '');
  });

  test('/me says what I do, //me says /me', async () => {
    await line('/me waves');
    await ana.confirmed('waves').locator('em', { hasText: 'waves' }).waitFor();
    await line('//me too');
    await ana.confirmed('/me too').waitFor();
  });

  test('one runs once, however often Enter is pressed before it is done; what is typed meanwhile stays', async () => {
    let asked = 0;
    let release;
    const released = new Promise((done) => { release = done; });
    await ana.page.route(`**/api/rooms/${own}`, async (route) => {
      if (route.request().method() === 'PATCH') { asked += 1; await released; }
      await route.continue();
    });
    const answer = ana.page.waitForResponse((each) => each.request().method() === 'PATCH');
    await line('/topic Done once');
    await press('Enter');
    await ana.box.pressSequentially(' or twice');
    release();
    await (await answer).finished();
    await ana.page.locator('.room-topic', { hasText: /^Done once$/ }).waitFor();
    assert.deepEqual([asked, await ana.box.inputValue()], [1, '/topic Done once or twice']);
    await ana.page.unroute(`**/api/rooms/${own}`);
    await ana.box.fill('');
  });

  test('an unknown one is refused with a sentence, and stays where it is', async () => {
    await line('/frobnicate now');
    await ana.page.getByText('/frobnicate: There is no such command. /help shows them all; two slashes begin a message with one.').waitFor();
    assert.equal(await ana.box.inputValue(), '/frobnicate now');
    await ana.assertAccessible('a command that is refused');
    await ana.shoot('command-refused');
    await line('/invite');
    await ana.page.getByText('/invite: Write behind it whom.').waitFor();
    await line('/dm nobody of this name');
    await ana.page.getByText('/dm: There is nobody of that name.').waitFor();
    assert.equal(await ana.message('frobnicate').count(), 0);
    await ana.box.fill('');
  });

  test('without a network it says so, and the line stays', async () => {
    const person = await browser.person('cut off');
    await person.page.context().setOffline(true);
    await person.box.fill('/topic of the day');
    await person.box.press('Enter');
    await person.page.getByText('The server could not be reached. Try again in a moment.').waitFor();
    assert.equal(await person.box.inputValue(), '/topic of the day');
    await person.close();
  });

  test('/invite adds somebody', async () => {
    const dora = await stack.guest('Dora');
    await line('/invite @Dora');
    await ana.page.getByText('Dora: added to the room').waitFor();
    assert.equal((await dora.get(`/api/rooms/${own}`)).body.room.my.role, 'member');
  });

  test('/mute and /ban open what says first what it will do; who may not is refused', async () => {
    await line('/mute cy');
    await ana.page.getByRole('dialog', { name: 'Mute cy' }).waitFor();
    await press('Escape');
    await line('/ban @Bo Larsen');
    await ana.page.getByRole('dialog', { name: 'Ban Bo Larsen from the room' }).waitFor();
    await press('Escape');
    await ana.enter('design');
    await line('/mute Bo Larsen');
    await ana.page.getByText('/mute: You may not do that here.').waitFor();
    await ana.box.fill('');
  });

  test('/dm opens the room of us two and says something in it', async () => {
    await ana.enter('anas-room');
    await line('/dm bo larsen are you there?');
    await at('Bo Larsen');
    await ana.confirmed('are you there?').waitFor();
    await ana.enter('anas-room');
  });

  test('/help and ? show all of it', async () => {
    await line('/help');
    const dialog = ana.page.getByRole('dialog', { name: 'Keys and commands' });
    await dialog.getByText('/topic text').waitFor();
    await ana.assertAccessible('keys and commands');
    await ana.shoot('keys');
    await press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await ana.box.press('?');
    assert.equal(await ana.box.inputValue(), '?');
    await ana.box.fill('');
    await ana.log.focus();
    await press('?');
    await dialog.waitFor();
    await press('Escape');
    await dialog.waitFor({ state: 'detached' });
  });
});

describe('completion', () => {
  test('@: who spoke last comes first', async () => {
    const names = async () => (await ana.page.getByRole('listbox', { name: 'People' }).getByRole('option').allInnerTexts()).map((text) => text.split('\n').at(-1));
    for (const [who, first] of [[cy, 'cy'], [bo, 'Bo Larsen']]) {
      await say(who, own, `here is ${first}`);
      await ana.message(`here is ${first}`).waitFor();
      await ana.box.pressSequentially('@');
      await ana.page.getByRole('listbox', { name: 'People' }).waitFor();
      assert.equal((await names())[0], first);
      await ana.box.fill('');
    }
  });

  test(':: emoji by their names', async () => {
    await ana.box.pressSequentially('off we go :rock');
    await ana.page.getByRole('option', { name: '🚀 rocket' }).waitFor();
    await ana.assertAccessible('the list of emoji');
    await ana.shoot('emoji-list');
    while (!/rocket/.test(await ana.page.getByRole('option', { selected: true }).innerText())) await press('ArrowDown');
    await press('Enter');
    assert.equal(await ana.box.inputValue(), 'off we go 🚀 ');
    await press('Enter');
    await ana.confirmed('off we go 🚀').waitFor();
  });
});

test('a phone: swipes go from panel to panel', async () => {
  const person = await browser.person('swiper', PHONE);
  const session = await person.page.context().newCDPSession(person.page);
  const swipe = async (from, to, y = 300) => {
    const began = Date.now() / 1000;
    const touch = (type, after, ...touchPoints) => session.send('Input.dispatchTouchEvent', { type, touchPoints, timestamp: began + after });
    await touch('touchStart', 0, { x: from, y });
    await touch('touchMove', 0.05, { x: (from + to) / 2, y });
    await touch('touchMove', 0.1, { x: to, y });
    await touch('touchEnd', 0.15);
  };
  await swipe(100, 300);
  await person.room('lobby').waitFor();
  await person.assertAccessible('rooms by a swipe');
  await swipe(300, 100);
  await person.rooms.waitFor({ state: 'hidden' });
  await swipe(300, 100);
  await person.people.waitFor();
  await swipe(100, 300);
  await person.people.waitFor({ state: 'detached' });
  await swipe(5, 300);
  await swipe(100, 130);
  assert.equal(await person.rooms.isVisible(), false, 'from the edge the browser goes back, a short one is none');
  await person.close();
});

test('none of this made the browser complain', () => assert.deepEqual(ana.complaints, []));
