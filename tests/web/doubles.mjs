// Stand-ins for what the browser and the server offer to the model.
import { webcrypto } from 'node:crypto';

globalThis.crypto ??= webcrypto; // Node 18 has it, but not under this name

/** An API whose answers a test gives: `api.answers['GET /rooms/1/messages'] = (body, query) => …`; throws what is a Problem. */
export class FakeApi {
  answers = {};
  calls = [];

  async call(method, path, body, query) {
    this.calls.push({ method, path, body, query });
    const answer = this.answers[`${method} ${path}`];
    if (!answer) return null;
    const value = await answer(body ?? query);
    if (value instanceof Error) throw value;
    return value;
  }

  get = (path, query) => this.call('GET', path, undefined, query);
  post = (path, body) => this.call('POST', path, body);
  put = (path, body) => this.call('PUT', path, body);
  patch = (path, body) => this.call('PATCH', path, body);
  delete = (path, body) => this.call('DELETE', path, body);
}

/** localStorage in memory. */
export class FakeArea {
  #items = new Map();
  get length() { return this.#items.size; }
  key(index) { return [...this.#items.keys()][index]; }
  getItem(key) { return this.#items.get(key) ?? null; }
  setItem(key, value) { this.#items.set(key, value); }
  removeItem(key) { this.#items.delete(key); }
}

/** WebSocket: `FakeWebSocket.all.at(-1).say({cursor, type, data})`, `.fail(code)`. */
export class FakeWebSocket {
  static all = [];

  constructor(url) {
    this.url = url;
    FakeWebSocket.all.push(this);
  }

  close() {}
  say(message) { this.onmessage({ data: JSON.stringify(message) }); }
  fail(code) { this.onclose({ code }); }
}

/** EventSource: `FakeEventSource.all.at(-1).say('ready', {}, '1.a')`, `.fail()`. */
export class FakeEventSource {
  static all = [];
  readyState = 0;
  #heard = new Map();

  constructor(url) {
    this.url = url;
    FakeEventSource.all.push(this);
  }

  addEventListener(type, hear) { this.#heard.set(type, hear); }
  close() { this.readyState = 2; }

  say(type, data, lastEventId = '') {
    this.readyState = 1;
    this.#heard.get(type)?.({ data: JSON.stringify(data), lastEventId });
  }

  fail({ closed = false } = {}) {
    this.readyState = closed ? 2 : 0;
    this.#heard.get('error')?.({});
  }
}

/** Web Locks of one browser: one holder, the others wait; `steal` takes it away. */
export class FakeLocks {
  #holder = null;
  #waiting = [];

  request(name, { steal = false }, run) {
    return new Promise((done, fail) => {
      const entry = { run, done, fail };
      if (steal && this.#holder) {
        this.#holder.fail(new Error('AbortError'));
        this.#holder = null;
        this.#waiting.unshift(entry);
      } else {
        this.#waiting.push(entry);
      }
      this.#next();
    });
  }

  #next() {
    if (this.#holder || !this.#waiting.length) return;
    const holder = this.#waiting.shift();
    this.#holder = holder;
    Promise.resolve(holder.run()).then((value) => {
      if (this.#holder !== holder) return;
      this.#holder = null;
      holder.done(value);
      this.#next();
    });
  }
}

/** BroadcastChannel between the pages of one browser. */
export function fakeChannels() {
  const open = new Set();
  return class {
    onmessage = null;
    constructor() { open.add(this); }
    postMessage(data) { for (const other of open) if (other !== this) other.onmessage?.({ data: structuredClone(data) }); }
    close() { open.delete(this); }
  };
}

export const message = (n, more) => ({
  id: n * 10, n, room_id: 1, user: { id: 9, name: 'bo' }, text: `line ${n}`, at: '2026-11-23T10:00:00.000Z', deleted: null,
  client_id: `c${n}`, reply_to: null, images: [], reactions: [], mentions: [], ...more,
});

export const messages = (from, to) => Array.from({ length: to - from + 1 }, (_, index) => message(from + index));

/** Lets everything that was promised happen, without waiting for time to pass. */
export const settled = () => new Promise((done) => { setImmediate(done); });

/** indexedDB as far as model/store.js goes: one thing, in `thing`. */
export class FakeDatabase {
  thing = null;
  forbidden = false;

  open() {
    if (this.forbidden) throw new Error('SecurityError');
    const request = { result: { transaction: () => this.#transaction(), close() {}, createObjectStore() {} } };
    queueMicrotask(() => request.onsuccess());
    return request;
  }

  #transaction() {
    const things = {
      get: () => ({ result: this.thing ?? undefined }),
      put: (thing) => { this.thing = structuredClone(thing); return {}; },
      delete: () => { this.thing = null; return {}; },
    };
    const transaction = { objectStore: () => things, commit: () => queueMicrotask(() => transaction.oncomplete()) };
    return transaction;
  }
}
