// What was last read, kept in this browser for a time without a server: who I am, my rooms, and their last messages. It belongs to one
// account, is never shown to another, and goes when its owner signs out. Where a browser forbids it, nothing is kept: nothing here throws.

import { Store } from './store.js';

const EVERY_MS = 2_000;

/** → {me, rooms, users, pages} of this account, or null; @param database globalThis.indexedDB */
export async function readKept(database, owner) {
  const kept = await new Store(database).read().catch(() => null);
  return kept?.me.id === owner ? kept : null;
}

export const clearKept = (database) => new Store(database).clear().catch(() => {});

export class Kept {
  #store;
  #world;
  #seen;
  #timer = null;

  /** @param seen () → whether somebody has this page before their eyes: one that lies behind others would write the little it holds over theirs */
  constructor(database, world, seen) {
    this.#store = new Store(database);
    this.#world = world;
    this.#seen = seen;
    this.soon();
  }

  event({ cursor }) {
    if (cursor) this.soon();
  }

  soon() {
    if (this.#seen()) this.#timer ??= setTimeout(() => this.now(), EVERY_MS);
  }

  async now() {
    clearTimeout(this.#timer);
    this.#timer = null;
    const { snapshot } = this.#world;
    if (snapshot) await this.#store?.write(snapshot).catch(() => {});
  }

  close() {
    clearTimeout(this.#timer);
    this.#store = null;
  }
}
