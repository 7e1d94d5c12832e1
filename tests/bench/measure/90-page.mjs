import { launch } from '../../browser/page.mjs';
import { Client } from '../../harness/client.mjs';
import { atMost } from '../targets.mjs';

export const title = 'The page in Chromium (fast 3G: 1.6 Mbit/s, 150 ms a round trip; ms are medians until the next frame is drawn)';

const ROUNDS = 5;
const PROCESSOR = 4; // so many times slower
const FAST_3G = { offline: false, latency: 150, downloadThroughput: 1_600_000 / 8, uploadThroughput: 750_000 / 8 };
const RAIN = { seconds: 10, perSecond: 50 };
const PHONE = { width: 390, height: 844 };
const FEW = 50; // what a room is opened with
const MANY = 100_000;
const ALIKE = 1.15; // what two measurements of the same differ by

const median = (numbers) => Math.round([...numbers].sort((a, b) => a - b)[numbers.length >> 1]);

/** A browser with nothing in its cache, and a page in it. */
async function freshPage(chrome, bench, token = null) {
  const context = await chrome.newContext({ viewport: PHONE });
  if (token) await context.addCookies([{ name: 'parley', value: token, url: bench.url }]);
  await context.addInitScript(watchPage);
  const page = await context.newPage();
  return { context, page, inspector: await context.newCDPSession(page) };
}

/** Runs in the page: `drawn(what)` resolves to the time when the frame with it was drawn, since the navigation began. */
function watchPage() {
  globalThis.drawn = (what) => new Promise((done) => {
    const look = () => (document.querySelector(what) ? requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now()))) : requestAnimationFrame(look));
    look();
  });
}

async function slowDown(inspector, network = FAST_3G) {
  await inspector.send('Network.enable');
  if (network) await inspector.send('Network.emulateNetworkConditions', network);
  await inspector.send('Emulation.setCPUThrottlingRate', { rate: PROCESSOR });
}

async function times(rounds, measureOnce) {
  const all = [];
  for (let round = 0; round < rounds; round += 1) all.push(await measureOnce(round));
  return median(all);
}

/** From pressing Join to the room's messages. */
async function join(chrome, bench, round) {
  const { context, page, inspector } = await freshPage(chrome, bench);
  await page.goto(bench.url);
  await page.getByRole('textbox', { name: 'Name' }).fill(`visitor ${round}`);
  await slowDown(inspector);
  const time = await page.evaluate(async () => {
    const pressed = performance.now();
    document.querySelector('form button').click();
    return await globalThis.drawn('[role="log"] article') - pressed;
  });
  await context.close();
  return time;
}

/** The first visit of all with an empty cache, and one when the files are known. */
async function visits(chrome, bench, token) {
  const { context, page, inspector } = await freshPage(chrome, bench, token);
  await slowDown(inspector);
  const visit = async () => {
    await page.goto('about:blank');
    await page.goto(`${bench.url}/#/rooms/1`, { waitUntil: 'commit' });
    return page.evaluate(() => globalThis.drawn('[role="log"] article'));
  };
  const first = await visit();
  const again = await times(ROUNDS, visit);
  await context.close();
  return { first: Math.round(first), again };
}

/** All that goes over the wire until somebody has come in and a message of theirs stands there. */
async function weigh(chrome, bench) {
  const { context, page, inspector } = await freshPage(chrome, bench);
  let bytes = 0;
  await inspector.send('Network.enable');
  inspector.on('Network.loadingFinished', ({ encodedDataLength }) => { bytes += encodedDataLength; });
  await page.goto(bench.url);
  await page.getByRole('textbox', { name: 'Name' }).fill('weigher');
  await page.getByRole('button', { name: 'Join' }).click();
  await page.getByRole('textbox', { name: 'Message', exact: true }).fill('weighed');
  await page.keyboard.press('Enter');
  await page.locator('article[data-id]').filter({ hasText: 'weighed' }).waitFor();
  await context.close();
  return Math.round(bytes / 1000);
}

/** Opening a room by its link in the list, the page being there: name → ms until `sign` is drawn. */
async function openRooms(chrome, bench, token, rooms) {
  const { context, page, inspector } = await freshPage(chrome, bench, token);
  await slowDown(inspector, null);
  const open = async ({ id, sign }) => {
    await page.goto('about:blank'); // or the page would hold the messages already
    await page.goto(`${bench.url}/#/rooms/1`);
    await page.locator('article').first().waitFor();
    return page.evaluate(async ([link, what]) => {
      const pressed = performance.now();
      document.querySelector(link).click();
      return await globalThis.drawn(what) - pressed;
    }, [`a[href="#/rooms/${id}"]`, sign]);
  };
  const all = rooms.map(() => []);
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [index, room] of rooms.entries()) all[index].push(await open(room));
  }
  await context.close();
  return all.map(median);
}

/** Others post fifty a second while somebody who follows the end of the room types. */
async function rain(chrome, bench, token, posters) {
  const { context, page } = await freshPage(chrome, bench, token);
  const reader = new Client(bench.url, { token });
  const { last_message_id: last } = (await reader.get('/api/rooms/1')).body.room;
  await reader.put('/api/rooms/1/read', { up_to: last });
  await page.goto(`${bench.url}/#/rooms/1`);
  await page.locator(`article[data-id="${last}"]`).waitFor();
  const box = page.getByRole('textbox', { name: 'Message', exact: true });
  await box.fill('');
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready; // it is made ready once, and not while it rains
    globalThis.long = [];
    globalThis.keys = [];
    new PerformanceObserver((list) => globalThis.long.push(...list.getEntries().map((each) => each.duration))).observe({ type: 'longtask' });
    new PerformanceObserver((list) => globalThis.keys.push(...list.getEntries().map((each) => each.duration))).observe({ type: 'event', durationThreshold: 16 });
  });
  const posting = bench.post({ tokens: posters, connections: posters.length, seconds: RAIN.seconds, rate: RAIN.perSecond });
  const typed = 'the quick brown fox jumps over the lazy dog '.repeat(5).trim();
  await box.pressSequentially(typed, { delay: 40 });
  await posting;
  const seen = await page.evaluate(() => ({ long: globalThis.long, keys: globalThis.keys, text: document.querySelector('.composer textarea').value }));
  await context.close();
  return { longest: Math.round(Math.max(0, ...seen.long)), slowest: Math.round(Math.max(0, ...seen.keys)), dropped: typed.length - seen.text.length };
}

/** A room of the reader's with so many messages and more, and what is seen at its end. */
async function roomOf(bench, owner, posters, name, count) {
  const { room } = (await owner.post('/api/rooms', { kind: 'channel', name })).body;
  for (const each of posters) await new Client(bench.url, { token: each }).post(`/api/rooms/${room.id}/join`);
  const last = async () => (await owner.get(`/api/rooms/${room.id}`)).body.room;
  while ((await last()).last_n < count) await bench.post({ tokens: posters, room: room.id, ...(count > FEW ? { seconds: 4 } : { seconds: 1, rate: FEW }) });
  const { last_message_id: id } = await last();
  await owner.put(`/api/rooms/${room.id}/read`, { up_to: id });
  return { id: room.id, sign: `article[data-id="${id}"]` };
}

export async function* measure(bench) {
  await bench.start();
  const [reader, ...posters] = bench.people('person', 9);
  const owner = new Client(bench.url, { token: reader });
  for (let n = 0; n < 120; n += 1) await new Client(bench.url, { token: posters[n % 8] }).post('/api/rooms/1/messages', { text: `Message ${n} of a room that talks about **this** and that.` });
  const chrome = await launch();
  bench.stopsLater(() => chrome.close());

  const joined = await times(ROUNDS, (round) => join(chrome, bench, round));
  yield { what: 'from Join to the room, 4 × slower processor, fast 3G', figure: joined, ...atMost(joined, 1000) };
  const { first, again } = await visits(chrome, bench, reader);
  yield { what: 'coming back, signed in, files known', figure: again, ...atMost(again, 1000) };
  yield { what: 'the first visit of all, nothing known', figure: first };
  const weight = await weigh(chrome, bench);
  yield { what: 'kB over the wire until a message is sent', figure: weight, ...atMost(weight, 250) };

  const { room } = (await owner.post('/api/rooms', { kind: 'channel', name: 'empty' })).body;
  const [empty, few, full] = await openRooms(chrome, bench, reader, [{ id: room.id, sign: '.log-start' },
    await roomOf(bench, owner, posters, 'few', FEW), await roomOf(bench, owner, posters, 'full', MANY)]);
  yield { what: 'opening an empty room, 4 × slower processor', figure: empty };
  yield { what: 'opening a room of 50 messages, the same: as many as are drawn', figure: few };
  yield { what: 'opening a room of 100,000 messages, the same', figure: full, ...atMost(full, Math.round(few * ALIKE)) };

  const { longest, slowest, dropped } = await rain(chrome, bench, reader, posters);
  yield { what: '50 messages/s for 10 s while typing: longest task', figure: longest, ...atMost(longest, 50) };
  yield { what: 'from a key to the frame with its letter, the slowest', figure: slowest, ...atMost(slowest, 100) };
  yield { what: 'letters lost', figure: dropped, ...atMost(dropped, 0) };
}
