// The page as an application: what makes it one, the shell and what was last read without a server, a new version without a lost draft,
// nothing left for the next person, and what other apps share.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { until } from '../harness/owned.mjs';
import { png } from '../harness/pictures.mjs';
import { stackForTests } from '../harness/stack.mjs';
import { browserForTests } from './page.mjs';

const WORKER = { serviceWorkers: 'allow' };

const stack = await stackForTests();
const browser = await browserForTests(stack);
const bo = await stack.guest('bo');
const say = (text, room = 1) => bo.post(`/api/rooms/${room}/messages`, { text });

/** Somebody whose page is kept, with what it shows. */
async function installed(client, path = '/#/rooms/1') {
  const person = await browser.signedIn(client, WORKER, path);
  await person.page.addInitScript(addReadKept);
  await person.page.evaluate(addReadKept);
  await kept(person, `"me":{"id":${client.user.id},`);
  return person;
}

/** The service worker has the files, and the browser this text. */
const kept = (person, text) => person.sees(async (wanted) => {
  const shell = await caches.match('/', { cacheName: 'parley-shell' });
  return Boolean(shell && navigator.serviceWorker.controller) && (await globalThis.readKept()).includes(wanted);
}, text);

/** Text of all that the browser's database holds; in every page. */
function addReadKept() {
  globalThis.readKept = () => new Promise((done) => {
    const request = indexedDB.open('parley');
    request.onupgradeneeded = () => request.transaction.abort();
    request.onerror = () => done('');
    request.onsuccess = () => {
      const all = request.result.transaction('things').objectStore('things').getAll();
      all.onsuccess = () => { request.result.close(); done(JSON.stringify(all.result)); };
    };
  });
}

/** The server can be reached again. */
function back() {
  stack.startNginx();
  return until('the server answers', () => stack.client().get('/api/health').then(({ status }) => status === 200, () => false));
}

const offline = (person) => person.status.filter({ hasText: /^Offline/ });

describe('what makes it an application', () => {
  test('a manifest that the browser has no complaint of, with icons for every place', async () => {
    const person = await browser.stranger(WORKER);
    const session = await person.page.context().newCDPSession(person.page);
    const { errors, data, url } = await session.send('Page.getAppManifest');
    assert.deepEqual(errors, []);
    const manifest = JSON.parse(data);
    assert.deepEqual(manifest.icons.map(({ purpose, sizes }) => `${purpose} ${sizes}`), ['any any', 'any 192x192', 'any 512x512', 'maskable 512x512']);
    for (const { src, sizes, type } of [...manifest.icons, { src: '/icons/icon-maskable-180.png', sizes: '180x180', type: 'image/png' }]) {
      const { status, headers } = await stack.client().get(src);
      assert.deepEqual([status, headers['content-type']], [200, type], src);
      if (type !== 'image/png') continue;
      const png = readFileSync(fileURLToPath(new URL(`../../web${src}`, import.meta.url)));
      assert.equal(`${png.readUInt32BE(16)}x${png.readUInt32BE(20)}`, sizes, src);
    }
    const { installabilityErrors } = await session.send('Page.getInstallabilityErrors');
    assert.deepEqual(installabilityErrors.filter(({ errorId }) => errorId !== 'in-incognito'), []);
    assert.equal(new URL(url).pathname, '/manifest.webmanifest');
    await person.close();
  });

  test('the service worker is asked for anew each time, and bound to this server', async () => {
    const { status, headers } = await stack.client().get('/sw.js');
    assert.deepEqual([status, headers['cache-control'], headers['content-type']], [200, 'no-cache', 'text/javascript; charset=utf-8']);
    assert.equal(headers['content-security-policy'], "default-src 'none'; connect-src 'self'");
    const page = await stack.client().get('/');
    assert.match(page.headers['content-security-policy'], /manifest-src 'self'; worker-src 'self'/);
    assert.equal((await stack.client().get('/manifest.webmanifest')).headers['cache-control'], 'no-cache');
  });
});

test('without a server: the shell, what was last read and a word on it; what is written is sent when it is back', async () => {
  const ana = await stack.guest('ana');
  await say('read before it was dark');
  const person = await installed(ana);
  const { room } = (await bo.post('/api/rooms', { kind: 'channel', name: 'second' })).body;
  await say('in the second room', room.id);
  await ana.post(`/api/rooms/${room.id}/join`);
  await person.enter('second');
  await person.message('in the second room').waitFor();
  await person.enter('lobby');
  await person.box.fill('a draft over the night');
  await kept(person, 'in the second room');

  await stack.processes.nginx.stop('SIGKILL');
  await person.page.reload();
  await person.message('read before it was dark').waitFor();
  await offline(person).waitFor();
  assert.equal(await person.box.inputValue(), 'a draft over the night');
  await person.enter('second');
  await person.message('in the second room').waitFor();
  assert.equal(await person.page.locator('.toast').count(), 0);
  await person.assertAccessible('without a server');
  await person.shoot('offline');
  await person.say('written in the dark');
  await person.message('written in the dark').getByRole('button', { name: 'Retry' }).waitFor();

  await back();
  await say('and there was light', room.id);
  await person.confirmed('written in the dark').waitFor();
  await person.message('and there was light').waitFor();
  await offline(person).waitFor({ state: 'detached' });
  assert.equal(await person.message('written in the dark').count(), 1);
  await say('live again', room.id);
  await person.message('live again').waitFor();
  assert.deepEqual(person.complaints, []);
  await person.close();
});

test('signed out, nothing of anybody is left for the next one, and no answer of the API was ever kept', async () => {
  const cy = await stack.guest('cy');
  await say('a secret of the lobby');
  const person = await installed(cy);
  await kept(person, 'a secret of the lobby');
  const keptPaths = () => person.page.evaluate(async () => {
    const all = await Promise.all((await caches.keys()).map(async (name) => (await (await caches.open(name)).keys()).map(({ url }) => `${name} ${new URL(url).pathname}`)));
    return all.flat();
  });
  assert.deepEqual((await keptPaths()).filter((path) => path.includes('/api/')), []);
  await person.button(/Your account/).click();
  await person.button('Sign out').click();
  await person.button('Join').waitFor();
  await person.sees(async () => await globalThis.readKept() === '[]');
  assert.deepEqual((await keptPaths()).filter((path) => !path.startsWith('parley-shell')), []);
  await stack.processes.nginx.stop('SIGKILL');
  await person.page.reload();
  await person.page.getByText('The server does not answer. Trying again…').waitFor();
  assert.equal(await person.page.getByText('a secret of the lobby').count(), 0);
  await back();
  await person.button('Join').waitFor();
  await person.close();
});

test('a session that ended meanwhile: what was kept goes as soon as the server says so', async () => {
  const dee = await stack.guest('dee');
  const person = await installed(dee);
  await stack.processes.nginx.stop('SIGKILL');
  await person.page.reload();
  await offline(person).waitFor();
  await stack.sql(`delete from data.session where person_id = ${dee.user.id}`);
  await back();
  await person.button('Join').waitFor();
  assert.equal(await person.page.evaluate(() => globalThis.readKept()), '[]');
  await person.close();
});

test('a new version is told of, takes over whole at the next load, and the draft is still there', async () => {
  const eve = await stack.guest('eve');
  const person = await installed(eve);
  await person.box.fill('half a sentence');
  const versionOf = () => person.page.evaluate(() => /\/v\/(\w+)\//.exec(document.querySelector('script[src$="/app.js"]').src)[1]);
  const old = await versionOf();
  await stack.renamePage('anewversion1');
  const reload = person.button('New version: reload');
  await reload.waitFor(); // as soon as the stream is back
  await person.assertAccessible('a new version');
  await person.shoot('new-version');
  await person.page.locator('input[type=file]').setInputFiles({ name: 'unsent.png', mimeType: 'image/png', buffer: png(40, 30) });
  await reload.waitFor({ state: 'detached' }); // it would lose the image
  await person.page.keyboard.press('Control+k'); // of the old version, which is gone
  await person.page.locator('.toast', { hasText: 'New version: reload' }).waitFor();
  await person.button('Take unsent.png away').click();
  await reload.click();
  await person.page.waitForURL((url) => url.hash === '#/rooms/1', { waitUntil: 'load' });
  await reload.waitFor({ state: 'detached' });
  await person.log.waitFor();
  assert.equal(await versionOf(), 'anewversion1');
  assert.equal(await person.box.inputValue(), 'half a sentence');
  await person.sees(async () => (await (await caches.match('/', { cacheName: 'parley-shell' })).text()).includes('/v/anewversion1/app.js'));
  await person.sees(async (gone) => !(await (await caches.open('parley-shell')).keys()).some(({ url }) => url.includes(`/v/${gone}/`)), old);
  await stack.processes.nginx.stop('SIGKILL');
  await person.page.reload();
  await offline(person).waitFor();
  assert.equal(await versionOf(), 'anewversion1');
  await back();
  await person.close();
});

test('what is loaded late, after hundreds of calls, is there without a server, too', async () => {
  const person = await installed(await stack.guest('hal'));
  await person.page.evaluate(async () => { for (let n = 0; n < 300; n += 1) await (await fetch('/api/health')).text(); });
  await person.page.keyboard.press('Control+k');
  await person.dialog.waitFor();
  await person.page.keyboard.press('Escape');
  await person.page.evaluate(() => {
    Object.defineProperty(document, 'visibilityState', { value: 'hidden' });
    document.dispatchEvent(new Event('visibilitychange'));
  });
  await person.sees(async () => (await (await caches.open('parley-shell')).keys()).some(({ url }) => url.endsWith('/view/dialogs/switcher.js')));
  await person.close();
});

describe('what another app shares', () => {
  /** As the system does it: a form with a file is posted to the address of the manifest. */
  const share = (person, text, picture) => person.page.evaluate(async ([what, base64]) => {
    const form = Object.assign(document.createElement('form'), { method: 'post', action: '/share', enctype: 'multipart/form-data' });
    const field = (name, value) => form.append(Object.assign(document.createElement('textarea'), { name, value }));
    field('title', 'A page');
    field('text', what);
    field('url', 'https://example.org/');
    const input = Object.assign(document.createElement('input'), { type: 'file', name: 'images', multiple: true });
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    const transfer = new DataTransfer();
    transfer.items.add(new File([bytes], 'holiday.png', { type: 'image/png' }));
    transfer.items.add(new File(['<script>'], 'page.html', { type: 'text/html' }));
    input.files = transfer.files;
    form.append(input);
    document.body.append(form);
    form.submit();
  }, [text, picture.toString('base64')]);

  test('lands in the room that is chosen, as draft and image, and is sent by hand', async () => {
    const fay = await stack.guest('fay');
    await fay.post('/api/rooms', { kind: 'channel', name: 'pictures' });
    const person = await installed(fay);
    await share(person, 'look at this', png(40, 30));
    await person.dialog.getByText('A page look at this https://example.org/ · 1 image').waitFor();
    await person.dialog.getByRole('button', { name: 'pictures' }).waitFor();
    await person.assertAccessible('sharing');
    await person.shoot('share');
    await person.dialog.getByRole('textbox', { name: 'Find a room' }).fill('pict');
    await person.dialog.getByRole('button', { name: 'lobby' }).waitFor({ state: 'detached' });
    await person.dialog.getByRole('button', { name: 'pictures' }).click();
    await person.page.getByRole('heading', { level: 1, name: 'pictures' }).waitFor();
    assert.equal(await person.box.inputValue(), 'A page\nlook at this\nhttps://example.org/');
    await person.page.getByRole('list', { name: 'Images to send' }).getByRole('img', { name: 'holiday.png' }).waitFor();
    await person.button('Send').click();
    await person.confirmed('look at this').getByRole('button', { name: /^Image from/ }).waitFor();
    assert.equal(await person.page.evaluate(() => caches.has('parley-shared')), false);
    await person.close();
  });

  test('a notification of the service worker leads to its message', async () => {
    const gil = await stack.guest('gil');
    const { message } = (await say('come here')).body;
    const person = await installed(gil, '/');
    const worker = person.page.context().serviceWorkers()[0];
    await worker.evaluate((path) => self.dispatchEvent(Object.assign(new Event('notificationclick'), {
      notification: { close() {}, data: { path } }, waitUntil() {},
    })), `#/rooms/1/${message.id}`);
    await person.sees((hash) => location.hash === hash, `#/rooms/1/${message.id}`);
    await person.close();
  });
});
