// One thing that this browser keeps in its database: written whole or not at all, also while the page is going away.

const NAME = 'parley';
const THINGS = 'things';
const KEY = 'kept';

export class Store {
  #database;

  /** @param database globalThis.indexedDB */
  constructor(database) {
    this.#database = database;
  }

  read() { return this.#do('readonly', (things) => things.get(KEY)); }
  write(thing) { return this.#do('readwrite', (things) => things.put(thing, KEY)); }
  clear() { return this.#do('readwrite', (things) => things.delete(KEY)); }

  async #do(mode, act) {
    const opened = await this.#open();
    try {
      return await new Promise((done, fail) => {
        const transaction = opened.transaction(THINGS, mode);
        const request = act(transaction.objectStore(THINGS));
        transaction.oncomplete = () => done(request.result);
        transaction.onerror = transaction.onabort = () => fail(transaction.error);
        transaction.commit(); // now, and not when this page hears that it was done
      });
    } finally {
      opened.close();
    }
  }

  #open() {
    return new Promise((done, fail) => {
      const request = this.#database.open(NAME);
      request.onupgradeneeded = () => request.result.createObjectStore(THINGS);
      request.onsuccess = () => done(request.result);
      request.onerror = () => fail(request.error);
    });
  }
}
