// What others write can do nothing but be read; and the page is light and quick.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { stackForTests } from '../harness/stack.mjs';
import { browserForTests } from './page.mjs';

const LIGHT_BYTES = 250_000;
const ATTACKS = [
  '<img src=x onerror="globalThis.hurt=1">', '<script>globalThis.hurt=1</script>', '<svg onload="globalThis.hurt=1">',
  '[link](javascript:globalThis.hurt=1)', '[link](JAVASCRIPT:globalThis.hurt=1)', '[l](data:text/html,<script>hurt=1</script>)',
  '![x](https://attacker.invalid/pixel.png)', '<a href="javascript:globalThis.hurt=1">x</a>', '<iframe src="javascript:globalThis.hurt=1">',
  '<style>*{display:none}</style>', '<form action="https://attacker.invalid"><input name=password>', '"><b id=x onclick=globalThis.hurt=1>x</b>',
  '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=globalThis.hurt=1&gt;">',
  '`<img src=x onerror=globalThis.hurt=1>`', '```html\n<img src=x onerror=globalThis.hurt=1>\n```', '<div id="page">', '> '.repeat(3000),
];

const stack = await stackForTests();
const browser = await browserForTests(stack);

test('all that the first room needs weighs less than 250 KB over the wire', async () => {
  const writer = await stack.guest('long here');
  for (let n = 0; n < 50; n += 1) await writer.post('/api/rooms/1/messages', { text: `Message ${n} of a room that talks about **this** and that.` });
  const person = await browser.stranger({}, '/api/hello'); // nothing of the page is there yet
  const session = await person.page.context().newCDPSession(person.page);
  await session.send('Network.enable');
  let bytes = 0;
  session.on('Network.loadingFinished', ({ encodedDataLength }) => { bytes += encodedDataLength; });
  await person.page.goto(stack.url);
  await person.join('weigher');
  await person.say('weighing in');
  await person.confirmed('weighing in').waitFor();
  console.log(`# ${bytes} bytes`);
  assert.ok(bytes < LIGHT_BYTES, `${bytes} bytes`);
  await person.close();
});

describe('what others write', () => {
  test('runs nothing, loads nothing, hides nothing', async () => {
    const mallory = await stack.guest('<img src=x onerror=hurt=1>');
    const ana = await browser.person('ana');
    const foreign = [];
    ana.page.on('request', (request) => { if (!request.url().startsWith(stack.url)) foreign.push(request.url()); });
    for (const text of ATTACKS) await mallory.post('/api/rooms/1/messages', { text });
    await mallory.post('/api/rooms/1/messages', { text: 'after all attacks' });
    await ana.message('after all attacks').waitFor();
    await ana.page.reload();
    await ana.message('after all attacks').waitFor();
    assert.equal(await ana.page.evaluate(() => globalThis.hurt), undefined);
    assert.equal(await ana.log.locator('script, iframe, form, style, object, embed, [onerror], [onclick], [onload]').count(), 0);
    const links = await ana.log.locator('.text a').evaluateAll((all) => all.map((each) => [each.protocol, each.rel, each.target]));
    assert.ok(links.length > 0);
    for (const [protocol, rel, target] of links) {
      assert.match(protocol, /^(https?|mailto):$/);
      assert.deepEqual([rel, target], ['noopener noreferrer', '_blank']);
    }
    assert.deepEqual(foreign, []);
    assert.deepEqual(ana.complaints, []);
    await ana.close();
  });

  test('a search result and a quote with markup are text too', async () => {
    const mallory = await stack.guest('mallory');
    const { message } = (await mallory.post('/api/rooms/1/messages', { text: 'needle <img src=x onerror=globalThis.hurt=1>' })).body;
    await mallory.post('/api/rooms/1/messages', { text: 'quoting', reply_to: message.id });
    const bo = await browser.person('bo');
    await bo.page.getByRole('searchbox', { name: 'Search' }).fill('needle');
    await bo.side.getByRole('link', { name: /needle <img/ }).waitFor();
    await bo.message('quoting').getByText('<img src=x').waitFor();
    assert.equal(await bo.page.evaluate(() => globalThis.hurt), undefined);
    await bo.close();
  });

  test('a room’s name and topic with direction marks are shown harmlessly', async () => {
    const mallory = await stack.guest('mallory the second');
    const cy = await browser.person('cy');
    const { body } = await mallory.post('/api/rooms', { kind: 'channel', name: 'plain', topic: 'a\u202Eb' });
    if (body.room) {
      await cy.open(`#/rooms/1`);
      await cy.call('POST', `/rooms/${body.room.id}/join`);
      await cy.enter('plain');
      await cy.page.locator('.room-topic', { hasText: 'a□b' }).waitFor();
    }
    await cy.close();
  });

  test('the policy allows no inline script or style and no other site', async () => {
    const answer = await stack.client().get('/');
    const policy = answer.headers['content-security-policy'];
    assert.doesNotMatch(policy, /unsafe-inline|unsafe-eval|https?:|\*/);
    assert.match(policy, /default-src 'none'/);
  });
});

describe('speed', () => {
  test('coming back asks once for all that the room needs, before any module has come', async () => {
    const person = await browser.person('returner');
    await person.page.reload();
    await person.log.waitFor();
    const asked = await person.page.evaluate(() => performance.getEntriesByType('resource').map(({ name }) => name.replace(location.origin, '')));
    const calls = asked.filter((url) => /^\/api\/(hello|state|rooms\/\d+\/messages)/.test(url));
    assert.deepEqual(calls.sort(), ['/api/hello', '/api/state?limit=50&room=1']);
    await person.close();
  });

  test('fifty messages a second: all are there, in order, and typing goes on', async () => {
    const writer = await stack.guest('writer');
    const person = await browser.person('reader');
    const { room } = (await writer.post('/api/rooms', { kind: 'channel', name: 'busy' })).body;
    await person.call('POST', `/rooms/${room.id}/join`);
    await person.enter('busy');
    await person.page.evaluate(() => {
      globalThis.long = [];
      new PerformanceObserver((list) => { for (const each of list.getEntries()) globalThis.long.push(Math.round(each.duration)); }).observe({ type: 'longtask' });
    });
    const typing = person.box.pressSequentially('typed while it rains', { delay: 40 });
    const started = Date.now();
    for (let n = 0; n < 150; n += 1) {
      const due = started + n * 20;
      if (due > Date.now()) await new Promise((done) => { setTimeout(done, due - Date.now()); });
      await writer.post(`/api/rooms/${room.id}/messages`, { text: `drop ${n}` });
    }
    await typing;
    await person.message('drop 149').waitFor();
    assert.equal(await person.box.inputValue(), 'typed while it rains');
    const shown = await person.log.locator('.text').allInnerTexts();
    assert.deepEqual(shown, Array.from({ length: 150 }, (_, n) => `drop ${n}`));
    console.log(`# tasks over 50 ms: ${await person.page.evaluate(() => globalThis.long.join(' ') || 'none')}`);
    await person.close();
  });
});
