// The page's side of the service worker: registers it, tells it which files this version consists of once they are all here, and goes
// where a notification leads. Loaded when the first picture stands.
import { go } from './location.js';

const VERSION = /^\/v\/(\w+)\//.exec(new URL(import.meta.url).pathname)?.[1];

export async function install() {
  const workers = navigator.serviceWorker;
  if (!workers || !VERSION) return;
  workers.addEventListener('message', ({ data }) => { if (data.kind === 'open' && data.path.startsWith('#/')) go(data.path); });
  await workers.register('/sw.js');
  const { active } = await workers.ready;
  const keep = () => active.postMessage({ kind: 'keep', version: VERSION, paths: filesOfThisPage() });
  keep();
  // What has been loaded since, such as dialogs, is to be there without a network, too.
  document.addEventListener('visibilitychange', () => { if (document.visibilityState === 'hidden') keep(); });
}

function filesOfThisPage() {
  const came = performance.getEntriesByType('resource').filter(({ responseStatus = 200 }) => responseStatus < 400);
  const here = came.map(({ name }) => new URL(name)).filter(({ origin }) => origin === location.origin);
  return [...new Set(here.map(({ pathname }) => pathname))];
}
