// Who wishes it in their account receives by WebSocket; who cannot goes on by the event stream. Nothing is lost on the way from one to the other.
import test from 'node:test';
import { stackForTests } from '../harness/stack.mjs';
import { assertSameMessages, browserForTests } from './page.mjs';

const stack = await stackForTests({ programs: ['api', 'stream'] });
const browser = await browserForTests(stack);
const ana = await browser.person('ana');
const bo = await browser.person('bo');

const wish = async (person) => {
  await person.button(/account/i).click();
  await person.dialog.getByRole('checkbox', { name: /WebSocket/ }).check();
  await person.page.keyboard.press('Escape');
};

test('the wish is taken up at once, and kept over a reload', async () => {
  await bo.say('by stream');
  await ana.message('by stream').waitFor();
  const opened = ana.page.waitForEvent('websocket');
  await wish(ana);
  await opened;
  await bo.say('by socket');
  await ana.message('by socket').waitFor();
  const again = ana.page.waitForEvent('websocket');
  await ana.page.reload();
  await again;
  await bo.say('after a reload');
  await assertSameMessages([ana, bo], ['by stream', 'by socket', 'after a reload']);
});

test('where no WebSocket gets through, it is the event stream again', async () => {
  const cut = await browser.stranger();
  await cut.page.addInitScript(() => {
    globalThis.WebSocket = class { constructor() { setTimeout(() => this.onclose({ code: 1006 }), 0); } close() {} };
  });
  await cut.page.reload();
  await cut.join('behind a proxy');
  await wish(cut);
  await bo.say('through the proxy');
  await cut.message('through the proxy').waitFor();
});
