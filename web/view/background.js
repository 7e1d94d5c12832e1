// What goes on beside the page once its first picture stands: what was read is kept for a time without a server, notifications are shown
// to who wants them, and the service worker is told which files this version consists of.
import { effect } from '@preact/signals-core';
import { once } from '../lib/once.js';
import { Kept } from '../model/kept.js';
import { go } from './location.js';

const VERSION = /^\/v\/(\w+)\//.exec(new URL(import.meta.url).pathname)?.[1];
const LIVE = 'live'; // files that somebody is working on: they have no version

export async function accompany(world) {
  keepReading(world);
  notify(world);
  world.join({ event: ({ type }) => { if (type === 'notices.wanted') notify(world); }, close() {} }); // by another tab of this browser
  watchForNewer(world);
  await installed();
}

/** An upgrade ends all streams: whoever is back after it looks. */
function watchForNewer(world) {
  let lost = false;
  const stop = effect(() => {
    const { phase } = world.stream.state.value;
    if (lost && phase === 'live') lookForNewer(world);
    lost = phase === 'lost';
  });
  world.join({ event() {}, close: stop });
}

async function lookForNewer(world) {
  const page = await fetch('/', { cache: 'no-cache' }).then((answer) => (answer.ok ? answer.text() : ''), () => '');
  world.outdated.value = Boolean(VERSION) && page.includes('/app.js') && !page.includes(`/v/${VERSION}/app.js`);
}

async function notify(world) {
  if (world.wantsNotices) (await import('./desk.js')).noticesOf(world);
}

function keepReading(world) {
  const seen = () => document.visibilityState === 'visible';
  const kept = new Kept(indexedDB, world, seen);
  const look = () => (seen() ? kept.soon() : kept.now());
  document.addEventListener('visibilitychange', look);
  world.join({ event: (event) => kept.event(event), close: () => { document.removeEventListener('visibilitychange', look); kept.close(); } });
}

/** Once a page, whoever is in. */
const installed = once(install);

async function install() {
  const workers = navigator.serviceWorker;
  if (!workers || !VERSION || VERSION === LIVE) return;
  workers.addEventListener('message', ({ data }) => { if (data.kind === 'open' && data.path.startsWith('#/')) go(data.path); });
  const paths = collectFiles();
  await workers.register('/sw.js');
  const registration = await workers.ready; // whose `active` is a newer one after an upgrade
  const keep = () => registration.active?.postMessage({ kind: 'keep', version: VERSION, paths: paths() });
  keep();
  // What has been loaded since, such as dialogs, is to be there without a network, too.
  document.addEventListener('visibilitychange', () => { if (document.visibilityState === 'hidden') keep(); });
}

/** → () → the paths of all files that came so far. Observed, because what the browser remembers by itself ends at 250, calls of the API among them. */
function collectFiles() {
  const paths = new Set();
  const take = (entries) => {
    const came = entries.filter(({ responseStatus = 200 }) => responseStatus < 400).map(({ name }) => new URL(name));
    for (const { origin, pathname } of came) if (origin === location.origin && !pathname.startsWith('/api/')) paths.add(pathname);
  };
  const observer = new PerformanceObserver((list) => take(list.getEntries()));
  observer.observe({ type: 'resource', buffered: true });
  return () => { take(observer.takeRecords()); return [...paths]; };
}
