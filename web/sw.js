// The service worker: opens the page without a network, takes what other apps share, and leads from a notification to its message.
// It keeps files that are the same for everybody, as the page names them, and the document that belongs to them. A document is always
// asked for first, so a new version is there at the next load, whole; and the answers of the API never pass through here.

const SHELL = 'parley-shell';
const SHARED = 'parley-shared';
const DOCUMENT = '/';
const SHARE = '/share';
const FILE = /^\/(?:v\/(?!live\/)|vendor\/|icons\/)/; // `live` are files that somebody is working on
const PATIENCE_MS = 4_000; // a network that does not answer for so long counts as none
const MOST_IMAGES = 10;
const LONGEST = 8_000;

self.addEventListener('install', (event) => {
  self.skipWaiting(); // it has no version of its own that could mix with that of a page
  event.waitUntil(takeShortWays(event).catch(() => {}));
});

/** What a browser can do without asking us, where it can, is quicker. */
async function takeShortWays(event) {
  await event.addRoutes?.([
    { condition: { urlPattern: '/api/*' }, source: 'network' },
    { condition: { urlPattern: '/v/*' }, source: { cacheName: SHELL } },
    { condition: { urlPattern: '/vendor/*' }, source: { cacheName: SHELL } },
  ]);
}

self.addEventListener('activate', (event) => {
  event.waitUntil(Promise.all([self.clients.claim(), self.registration.navigationPreload?.enable()]));
});

self.addEventListener('fetch', (event) => {
  const { method, mode, url } = event.request;
  const { origin, pathname } = new URL(url);
  if (origin !== self.location.origin) return;
  if (method === 'POST' && pathname === SHARE) event.respondWith(takeShared(event.request));
  else if (mode === 'navigate' && method === 'GET' && pathname === DOCUMENT) event.respondWith(documentFor(event));
  else if (method === 'GET' && FILE.test(pathname)) event.respondWith(fileFor(event.request));
});

self.addEventListener('message', (event) => {
  const { kind, version, paths } = event.data;
  if (kind === 'keep') event.waitUntil(keep(version, paths.filter((path) => FILE.test(path))));
});

self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(openAt(event.notification.data.path));
});

/** The network's, for as long as one has patience; then the one that is kept. */
async function documentFor(event) {
  const kept = await caches.match(DOCUMENT, { cacheName: SHELL });
  const fresh = Promise.resolve(event.preloadResponse).then((answer) => answer ?? fetch(event.request));
  if (!kept) return fresh;
  const late = new Promise((done) => { setTimeout(done, PATIENCE_MS, kept); });
  return Promise.race([fresh.then((answer) => (answer.status < 500 ? answer : kept), () => kept), late]);
}

async function fileFor(request) {
  return await caches.match(request, { cacheName: SHELL, ignoreVary: true }) ?? fetch(request);
}

/** A page of this version is whole, and these are its files; those of the version before go. */
async function keep(version, paths) {
  const page = await fetch(DOCUMENT, { cache: 'no-cache' }).catch(() => null);
  if (!page?.ok || !(await page.clone().text()).includes(`/v/${version}/`)) return;
  const cache = await caches.open(SHELL);
  const before = await cache.match(DOCUMENT);
  const sameVersion = (await before?.text())?.includes(`/v/${version}/`);
  const there = new Map((await cache.keys()).map((request) => [new URL(request.url).pathname, request]));
  await Promise.all(paths.filter((path) => !there.has(path)).map((path) => cache.add(path)));
  await cache.put(DOCUMENT, page);
  if (sameVersion) return;
  for (const [path, request] of there) if (path !== DOCUMENT && !paths.includes(path)) await cache.delete(request);
}

/** Lays aside what another app shares, until its reader has chosen a room for it. */
async function takeShared(request) {
  const form = await request.formData();
  await caches.delete(SHARED);
  const cache = await caches.open(SHARED);
  const text = ['title', 'text', 'url'].map((name) => form.get(name)).filter((part) => typeof part === 'string' && part).join('\n');
  await cache.put(`${SHARE}/text`, new Response([...text].slice(0, LONGEST).join('')));
  const images = form.getAll('images').filter((image) => image instanceof File && image.type.startsWith('image/')).slice(0, MOST_IMAGES);
  await Promise.all(images.map((image, number) => cache.put(`${SHARE}/${number}`,
    new Response(image, { headers: { 'content-type': image.type, 'x-name': encodeURIComponent(image.name) } }))));
  return Response.redirect('/#/share', 303);
}

async function openAt(path) {
  const [page] = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  if (!page) return self.clients.openWindow(`/${path}`);
  page.postMessage({ kind: 'open', path });
  return page.focus();
}
