// Every view as it looks on a desk, on a phone, in the dark, in high contrast and from right to left: axe-core finds
// nothing, everything is reached by keyboard, and a picture of each is left in build/screenshots/ to be looked at.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { stackForTests } from '../harness/stack.mjs';
import { browserForTests } from './page.mjs';

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 };

const stack = await stackForTests({ env: { PARLEY_GRACE_MS: '600000' } });
const browser = await browserForTests(stack);
const names = ['Mara Lindqvist', 'Jonas Weber', 'Aiko Tanaka', 'Samuel Okafor', 'Leïla Haddad'];
const [mara, jonas, aiko, samuel, leila] = await Promise.all(names.map((name) => stack.guest(name)));
const post = (who, room, text, more) => who.post(`/api/rooms/${room}/messages`, { text, ...more }).then(({ body }) => body.message);
const owner = await stack.owner();
await owner.patch('/api/rooms/1', { topic: 'Where everyone meets' });
await furnish();

/** A small town to take pictures of. */
async function furnish() {
  const make = async (who, kind, name, topic, members = []) => {
    const { room } = (await who.post('/api/rooms', { kind, name, topic, members: members.map((each) => each.user.id) })).body;
    if (kind === 'channel') for (const each of members) await each.post(`/api/rooms/${room.id}/join`);
    return room.id;
  };
  const everyone = [jonas, aiko, samuel, leila];
  const design = await make(mara, 'channel', 'design', 'Type, colour and calm', everyone);
  await make(jonas, 'channel', 'operations', 'What runs where', [mara]);
  await make(aiko, 'channel', 'book-club', '', [mara, leila]);
  await make(mara, 'group', 'summer party', 'Surprise for Jonas', [aiko, samuel]);
  await post(mara, design, 'Good morning! I put the new reading view on the test machine. Text is 15 px on a line of 1.45 now.');
  await post(mara, design, 'Could somebody look at it on a small screen?');
  const asked = await post(jonas, design, 'Looks calm. Two things I noticed:\n\n1. the date separators could be lighter\n2. `Esc` should close the picker');
  await post(aiko, design, 'The second one is in already, see https://example.org/changes/41', { reply_to: asked.id });
  const praise = await post(samuel, design, 'I read a whole page of history on the train and never lost my place. That alone is worth it 🎉');
  for (const who of [mara, jonas, leila]) await who.put(`/api/messages/${praise.id}/reactions/${encodeURIComponent('🎉')}`);
  await aiko.put(`/api/messages/${praise.id}/reactions/${encodeURIComponent('❤️')}`);
  await post(leila, design, 'For the record, the colours we agreed on:\n```\npaper   #ffffff\nink     #1a1d21\naccent  #3652c9\n```');
  await post(jonas, design, '@Mara Lindqvist thank you. Shall we ship it on Thursday?');
  const { room: direct } = (await leila.put(`/api/directs/${mara.user.id}`)).body;
  await post(leila, direct.id, 'Lunch at one?');
  await mara.put(`/api/rooms/${design}/read`, { up_to: praise.id });
}

/** Opens a room by its name in the list; on a phone through the drawer. */
async function enter(person, name) {
  const menu = person.button('Open the list of rooms');
  if (await menu.isVisible()) await menu.click();
  await person.enter(name);
}

describe('the way in', () => {
  for (const [name, options] of [['desk', {}], ['phone', PHONE], ['dark', { colorScheme: 'dark' }]]) {
    test(name, async () => {
      const nobody = await browser.stranger(options);
      await nobody.button('Join').waitFor();
      await nobody.assertAccessible(`the way in, ${name}`);
      await nobody.shoot(`welcome-${name}`);
      await nobody.close();
    });
  }
});

describe('a room', () => {
  const views = {
    desk: {},
    dark: { colorScheme: 'dark' },
    phone: PHONE,
    'phone-dark': { ...PHONE, colorScheme: 'dark' },
    contrast: { contrast: 'more' },
    forced: { forcedColors: 'active' },
    zoomed: { viewport: { width: 640, height: 400 }, deviceScaleFactor: 2 },
    tiny: { viewport: { width: 320, height: 640 } },
    wide: { viewport: { width: 1920, height: 1080 } },
  };
  for (const [name, options] of Object.entries(views)) {
    test(name, async () => {
      const person = await browser.signedIn(mara, options);
      await enter(person, 'design');
      await person.message('For the record').waitFor();
      await person.assertAccessible(`a room, ${name}`);
      await person.shoot(`room-${name}`);
      const over = await person.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(over <= 0, `${over} px too wide`);
      await person.close();
    });
  }

  test('a phone: the rooms slide in, the people cover it, and both go again', async () => {
    const person = await browser.signedIn(mara, PHONE);
    await person.button('Open the list of rooms').click();
    await person.room('design').waitFor();
    await person.assertAccessible('the rooms on a phone');
    await person.shoot('rooms-phone');
    await enterByTap(person, 'design');
    await person.button('Show people').click();
    await person.people.getByRole('button', { name: 'Aiko Tanaka' }).waitFor();
    await person.assertAccessible('the people on a phone');
    await person.shoot('people-phone');
    await person.people.getByRole('button', { name: 'Close' }).click();
    await person.people.waitFor({ state: 'detached' });
    await person.button('Open the list of rooms').click();
    await person.button('Mentions').click();
    await person.page.getByRole('complementary', { name: 'Mentions' }).getByRole('link', { name: 'Shall we ship it' }).click();
    await person.side.waitFor({ state: 'detached' });
    await person.message('Shall we ship it').waitFor();
    await person.close();
  });

  test('a phone: a tap shows what can be done with a message, Enter breaks the line, the button sends', async () => {
    const person = await browser.signedIn(jonas, PHONE);
    await enter(person, 'design');
    await person.message('For the record').tap();
    await person.message('For the record').getByRole('button', { name: 'Reply' }).tap();
    await person.page.getByText('Replying to Leïla Haddad').waitFor();
    await person.box.fill('first');
    await person.box.press('Enter');
    await person.box.pressSequentially('second');
    assert.equal(await person.box.inputValue(), 'first\nsecond');
    await person.assertAccessible('an answer on a phone');
    await person.shoot('reply-phone');
    await person.button('Do not reply').tap();
    await person.box.fill('');
    await person.close();
  });

  test('a phone: from a room that does not exist one finds back', async () => {
    const person = await browser.signedIn(jonas, PHONE);
    await person.page.goto(`${stack.url}/#/rooms/987654321`);
    await person.page.getByRole('heading', { name: 'There is no such room' }).waitFor();
    await person.assertAccessible('no room on a phone');
    await person.shoot('no-room-phone');
    await enter(person, 'lobby');
    await person.close();
  });

  test('type and measure: 15 or 16 px at 1.45, rooms 260 px wide, no line over some 75 characters, everything on 4 px', async () => {
    const person = await browser.signedIn(leila, { viewport: { width: 1920, height: 1080 } });
    const direct = await person.call('PUT', `/directs/${mara.user.id}`);
    await post(leila, direct.body.room.id, 'the quick brown fox jumps over the lazy dog and goes on to the next hill where '.repeat(8));
    await person.open(`#/rooms/${direct.body.room.id}`);
    await person.message('the quick brown fox').waitFor();
    const seen = await person.message('the quick brown fox').locator('.text').evaluate((text) => {
      const { fontSize, lineHeight } = getComputedStyle(text);
      const lines = new Map();
      const range = document.createRange();
      const { firstChild } = text;
      for (let at = 0; at < firstChild.length; at += 1) {
        range.setStart(firstChild, at);
        range.setEnd(firstChild, at + 1);
        const { top } = range.getBoundingClientRect();
        lines.set(top, (lines.get(top) ?? 0) + 1);
      }
      const steps = getComputedStyle(document.documentElement);
      return {
        size: parseFloat(fontSize), line: parseFloat(lineHeight) / parseFloat(fontSize), longest: Math.max(...lines.values()),
        rooms: document.querySelector('.sidebar').getBoundingClientRect().width,
        grid: ['--s1', '--s2', '--s3', '--s4', '--s5', '--s6', '--s8', '--s12'].map((name) => parseFloat(steps.getPropertyValue(name)) * 16),
      };
    });
    assert.ok(seen.size >= 15 && seen.size <= 16 && Math.abs(seen.line - 1.45) < 0.01, JSON.stringify(seen));
    assert.ok(seen.longest >= 60 && seen.longest <= 80, `${seen.longest} characters`);
    assert.equal(seen.rooms, 260);
    for (const step of seen.grid) assert.equal(step % 4, 0);
    await person.close();
  });

  test('from right to left: names and messages stand on their side', async () => {
    const noor = await stack.guest('نور');
    await post(noor, 1, 'مرحبا بالجميع، هل رأيتم التصميم الجديد؟');
    await post(noor, 1, 'שלום, and English in one line');
    const person = await browser.signedIn(noor);
    await person.message('مرحبا').waitFor();
    assert.equal(await person.message('مرحبا').locator('.text').evaluate((each) => getComputedStyle(each).direction), 'rtl');
    await person.shoot('room-rtl-text');
    await person.page.evaluate(() => { document.documentElement.dir = 'rtl'; });
    await person.assertAccessible('a room from right to left');
    await person.shoot('room-rtl-page');
    const over = await person.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(over <= 0, `${over} px too wide`);
    await person.close();
  });

  test('empty: says what to do next', async () => {
    const person = await browser.signedIn(mara);
    await person.enter('book-club');
    await person.page.getByText('Write the first message.').waitFor();
    await person.assertAccessible('an empty room');
    await person.shoot('room-empty');
    await person.close();
  });
});

async function enterByTap(person, name) {
  await person.room(name).tap();
  await person.page.getByRole('heading', { level: 1, name }).waitFor();
}

describe('by keyboard alone', () => {
  test('from the list of rooms to a message, its actions, a reply, and back', async () => {
    const person = await browser.signedIn(jonas);
    await person.enter('design');
    await person.message('For the record').waitFor();
    await person.log.focus();
    await person.page.keyboard.press('ArrowUp');
    await person.page.keyboard.press('ArrowUp');
    const focused = () => person.page.evaluate(() => document.activeElement.closest('article')?.innerText ?? '');
    assert.match(await focused(), /For the record/);
    await person.assertAccessible('a message with the focus');
    await person.shoot('keyboard-focus');
    for (let i = 0; i < 5; i += 1) await person.page.keyboard.press('Tab');
    assert.equal(await person.page.evaluate(() => document.activeElement.getAttribute('aria-label')), 'Reply');
    await person.page.keyboard.press('Tab');
    await person.page.keyboard.press('Enter');
    await person.page.getByRole('menu').waitFor();
    await person.shoot('menu');
    await person.assertAccessible('the menu of a message');
    await person.page.keyboard.press('Escape');
    await person.page.keyboard.press('Shift+Tab');
    await person.page.keyboard.press('Enter');
    await person.page.getByText('Replying to Leïla Haddad').waitFor();
    assert.equal(await person.page.evaluate(() => document.activeElement.getAttribute('aria-label')), 'Message');
    await person.page.keyboard.type('noted');
    await person.page.keyboard.press('Enter');
    await person.confirmed('noted').waitFor();
    await person.close();
  });

  test('every stop of Tab shows where it is', async () => {
    const person = await browser.signedIn(jonas);
    await person.enter('design');
    for (let stop = 0; stop < 40; stop += 1) {
      await person.page.keyboard.press('Tab');
      const seen = await person.page.evaluate(() => {
        const element = document.activeElement;
        if (element === document.body) return 'nothing';
        const outlined = (each) => parseFloat(getComputedStyle(each).outlineWidth) >= 2 && getComputedStyle(each).outlineStyle !== 'none';
        const ringed = element.closest('.composer') && getComputedStyle(element.closest('.composer')).boxShadow !== 'none';
        return outlined(element) || ringed ? 'seen' : element.outerHTML.slice(0, 120);
      });
      assert.ok(['seen', 'nothing'].includes(seen), seen);
    }
    await person.close();
  });

  test('a dialog keeps the focus, Escape closes it, and the focus is back where it was', async () => {
    const person = await browser.signedIn(jonas);
    await person.button('Browse channels').focus();
    await person.page.keyboard.press('Enter');
    await person.dialog.waitFor();
    await person.sees(() => document.activeElement.closest('dialog'));
    await person.page.keyboard.press('Escape');
    await person.dialog.waitFor({ state: 'detached' });
    await person.sees(() => document.activeElement.textContent.includes('Browse channels'));
    await person.close();
  });
});

test('reduced motion: nothing moves', async () => {
  const person = await browser.signedIn(jonas, { reducedMotion: 'reduce' });
  const slow = await person.page.evaluate(() => [...document.querySelectorAll('*')].filter((each) => parseFloat(getComputedStyle(each).transitionDuration) > 0.01).length);
  assert.equal(slow, 0);
  await person.close();
});
