// What another app has shared with the page, and the service worker (sw.js) has laid aside until it has a room.

const LAID_ASIDE = 'parley-shared';
const TEXT = '/share/text';

/** → {text, images}: files with their names. It stays where it is. */
export async function readShared() {
  const cache = await caches.open(LAID_ASIDE);
  const text = await (await cache.match(TEXT))?.text() ?? '';
  const found = (await cache.keys()).filter(({ url }) => new URL(url).pathname !== TEXT);
  const images = await Promise.all(found.map(async (request) => {
    const answer = await cache.match(request);
    return new File([await answer.blob()], decodeURIComponent(answer.headers.get('x-name')), { type: answer.headers.get('content-type') });
  }));
  return { text, images };
}

export const forgetShared = () => globalThis.caches?.delete(LAID_ASIDE).catch(() => {});
