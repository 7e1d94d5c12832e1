// What was last read, kept in this browser for a time without a server: who I am, my rooms, and their last messages. It belongs to one
// account, is never shown to another, and goes when its owner signs out. Where a browser forbids it, nothing is kept: nothing here throws.

const CACHE = 'parley-kept';
const KEY = '/kept';
const SHARED = 'parley-shared'; // what the service worker has laid aside is its owner's, too
const EVERY_MS = 5_000;

/** → {me, rooms, users, pages} of this account, or null */
export async function readKept(caches, owner) {
  try {
    const kept = await (await caches.match(KEY, { cacheName: CACHE }))?.json();
    return kept?.me.id === owner ? kept : null;
  } catch {
    return null;
  }
}

export async function clearKept(caches) {
  await Promise.allSettled([CACHE, SHARED].map(async (name) => caches.delete(name)));
}

export class Kept {
  #caches;
  #snapshot;
  #timer = null;

  /** @param snapshot () → what is to be kept now */
  constructor(caches, snapshot) {
    this.#caches = caches;
    this.#snapshot = snapshot;
  }

  /** Something has changed. */
  soon() {
    if (this.#caches) this.#timer ??= setTimeout(() => this.now(), EVERY_MS);
  }

  async now() {
    clearTimeout(this.#timer);
    this.#timer = null;
    try {
      const body = JSON.stringify(this.#snapshot());
      await (await this.#caches.open(CACHE)).put(KEY, new Response(body));
    } catch { /* full or forbidden */ }
  }

  close() {
    clearTimeout(this.#timer);
    this.#caches = null;
  }
}
