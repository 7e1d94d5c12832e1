// Images: picked, pasted, dropped; seen before they are sent; small in the message, large alone.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { png } from '../harness/pictures.mjs';
import { stackForTests } from '../harness/stack.mjs';
import { browserForTests } from './page.mjs';

const stack = await stackForTests();
const browser = await browserForTests(stack);
const ana = await browser.person('ana');
const bo = await browser.person('bo');
const thumbs = (person, text) => person.message(text).getByRole('button', { name: /^Image from/ });

const file = (name, bytes, mimeType = 'image/png') => ({ name, mimeType, buffer: bytes });
const wide = png(640, 320);
const tall = png(300, 600);

/** Gives the page files as a paste or a drop would. */
function hand(person, kind, name, bytes) {
  return person.page.evaluate(([how, called, content]) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([Uint8Array.from(content)], called, { type: 'image/png' }));
    const target = document.querySelector('.composer');
    const event = how === 'paste' ? new ClipboardEvent('paste', { clipboardData: transfer, bubbles: true, cancelable: true })
      : new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true });
    target.dispatchEvent(event);
  }, [kind, name, [...bytes]]);
}

async function pick(person, files) {
  const choosing = person.page.waitForEvent('filechooser');
  await person.button('Attach image').click();
  await (await choosing).setFiles(files);
}

test('several are picked, seen, and sent with a text; the other sees them with their sizes kept free', async () => {
  await pick(ana, [file('wide.png', wide), file('tall.png', tall)]);
  const list = ana.page.getByRole('list', { name: 'Images to send' });
  assert.equal(await list.getByRole('listitem').count(), 2);
  await ana.assertAccessible('images before they are sent');
  await ana.shoot('attachments');
  await ana.say('two colours');
  await thumbs(bo, 'two colours').first().waitFor();
  assert.equal(await thumbs(bo, 'two colours').count(), 2);
  await bo.sees(() => [...document.querySelectorAll('.thumb img')].every((each) => each.complete && each.naturalWidth > 0));
  const shapes = await bo.page.locator('.thumb').evaluateAll((all) => all.map((each) => Math.round((100 * each.clientWidth) / each.clientHeight) / 100));
  assert.deepEqual(shapes, [2, 0.5]);
  await bo.assertAccessible('images of a message');
  await bo.shoot('images');
});

test('an image opens alone; arrows turn, Escape closes and gives the focus back', async () => {
  await thumbs(bo, 'two colours').first().click();
  const box = bo.page.getByRole('dialog', { name: 'Image' });
  await box.getByRole('img').waitFor();
  await bo.page.keyboard.press('ArrowRight');
  await bo.sees(() => { const image = document.querySelector('.lightbox img'); return image.complete && image.naturalHeight > image.naturalWidth; });
  await bo.assertAccessible('an image alone');
  await bo.shoot('lightbox');
  await bo.page.keyboard.press('Escape');
  await box.waitFor({ state: 'detached' });
  await bo.sees(() => document.activeElement.classList.contains('thumb'));
});

test('what an image shows is written beside it, and read to who does not see it', async () => {
  await pick(ana, [file('sea.png', wide)]);
  await ana.page.getByRole('textbox', { name: 'What sea.png shows' }).fill(' the sea at dawn ');
  await ana.say('described');
  const thumb = bo.message('described').getByRole('button', { name: 'the sea at dawn' });
  await thumb.click();
  await bo.page.getByRole('dialog', { name: 'Image' }).getByRole('img', { name: 'the sea at dawn' }).waitFor();
  await bo.page.keyboard.press('Escape');
});

test('pasted and dropped ones come too, and one is taken away again', async () => {
  await hand(ana, 'paste', 'pasted.png', wide);
  await hand(ana, 'drop', 'dropped.png', tall);
  await ana.button('Take pasted.png away').click();
  assert.equal(await ana.page.getByRole('list', { name: 'Images to send' }).getByRole('listitem').count(), 1);
  await ana.button('Send').click();
  await bo.sees(() => [...document.querySelectorAll('article')].at(-1).querySelectorAll('.thumb').length === 1);
});

test('what is no image is refused before it is sent, what is damaged by the server', async () => {
  await pick(ana, [file('notes.txt', Buffer.from('hello'), 'text/plain')]);
  await ana.page.getByText('notes.txt is no image of a kind that can be sent').waitFor();
  await pick(ana, [file('cut.png', wide.subarray(0, 200))]);
  await ana.page.getByText('cut.png did not get through.').waitFor();
  await ana.shoot('attachment-failed');
  await ana.assertAccessible('an image that failed');
  await ana.say('not without it');
  assert.equal(await ana.message('not without it').count(), 0);
  await ana.button('Take cut.png away').click();
  await ana.box.press('Enter');
  await ana.confirmed('not without it').waitFor();
});

test('sent while still on its way, a message goes out as soon as its images are there', async () => {
  let came;
  const held = new Promise((done) => { came = done; });
  await ana.page.route('**/api/uploads', (route) => came(route));
  await pick(ana, [file('slow.png', wide)]);
  await ana.say('with a slow picture');
  await ana.page.getByText('Goes out as soon as the images are there.').waitFor();
  await (await held).continue();
  await thumbs(bo, 'with a slow picture').waitFor();
  await ana.page.unroute('**/api/uploads');
});

test('an upload shows how far it is, and taking it away cancels it', async () => {
  const session = await ana.page.context().newCDPSession(ana.page);
  await session.send('Network.enable');
  await session.send('Network.emulateNetworkConditions', { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: 200_000 });
  const cancelled = ana.page.waitForEvent('requestfailed', (request) => request.url().endsWith('/api/uploads'));
  await pick(ana, [file('large.png', Buffer.concat([wide, Buffer.alloc(2_000_000)]))]);
  const bar = ana.page.getByRole('progressbar', { name: /large.png: \d+%/ });
  await bar.waitFor();
  await ana.sees(() => { const { value } = document.querySelector('.attachment progress'); return value > 0 && value < 100; });
  await ana.button('Take large.png away').click();
  await cancelled;
  await bar.waitFor({ state: 'detached' });
  await session.detach();
});

test('a file name with direction marks is shown harmlessly', async () => {
  await pick(ana, [file('photo\u202Egnp.exe.png', wide)]);
  await ana.button('Take photo□gnp.exe.png away').click();
});

test('images that load while reading move nothing', async () => {
  const writer = await stack.guest('writer');
  for (let n = 0; n < 40; n += 1) await writer.post('/api/rooms/1/messages', { text: `filler ${n}` });
  await bo.page.route('**/thumb', async (route) => { await bo.page.evaluate(() => new Promise(requestAnimationFrame)); await route.continue(); });
  await bo.page.reload();
  await bo.message('filler 39').waitFor();
  await bo.log.evaluate((log) => { log.scrollTop = 0; });
  await bo.message('two colours').waitFor();
  const before = await bo.message('filler 0').evaluate((each) => each.getBoundingClientRect().top);
  await bo.sees(() => [...document.querySelectorAll('.thumb img')].every((each) => each.complete));
  assert.equal(await bo.message('filler 0').evaluate((each) => each.getBoundingClientRect().top), before);
});

test('none of this made the browser complain', () => assert.deepEqual([...ana.complaints, ...bo.complaints], []));
