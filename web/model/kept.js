// What was last read, kept in this browser for a time without a server: who I am, my rooms, and their last messages. It belongs to one
// account, is never shown to another, and goes when its owner signs out. Where a browser forbids it, nothing is kept: nothing here throws.

const EVERY_MS = 2_000;

/** → {me, rooms, users, pages} of this account, or null */
export async function readKept(store, owner) {
  const kept = await store?.read().catch(() => null);
  return kept?.me.id === owner ? kept : null;
}

export const clearKept = (store) => store?.clear().catch(() => {});

export class Kept {
  #store;
  #snapshot;
  #timer = null;

  /** @param snapshot () → what is to be kept now, or null */
  constructor(store, snapshot) {
    this.#store = store;
    this.#snapshot = snapshot;
  }

  /** Something has changed. */
  soon() {
    if (this.#store) this.#timer ??= setTimeout(() => this.now(), EVERY_MS);
  }

  async now() {
    clearTimeout(this.#timer);
    this.#timer = null;
    const snapshot = this.#snapshot();
    if (snapshot) await this.#store?.write(snapshot).catch(() => {});
  }

  close() {
    clearTimeout(this.#timer);
    this.#store = null;
  }
}
