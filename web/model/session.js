// Who is using the page: nobody yet, or an account with its world.
import { signal } from '@preact/signals-core';
import { delayOf } from '../lib/backoff.js';
import { Storage } from './storage.js';
import { World } from './world.js';

const SHOWN = ['name', 'registration']; // by a page that somebody is in; what who comes in may do is asked for when they have left
const SPREAD_MS = 2_000;
const PATIENCE_MS = 5_000;

export class Session {
  hello = signal(null);
  /** The world of the account that is signed in, or null. */
  world = signal(null);
  /** Why the last session ended, for the sign-in page. */
  endedBy = signal(null);
  waiting = signal(false);
  #env;
  #otherPages;
  #browser;

  /**
   * @param env what a World needs, address() → {room?, message?}, where the page is to open, reload(), which begins anew, forget(), which clears
   *            what else this browser has of whoever was in, and early:
   *            {hello, state}, promises of what was asked for before there was a session
   */
  constructor(env) {
    this.#env = env;
    this.#browser = new Storage(env.area, 'browser');
    this.#otherPages = env.BroadcastChannel && new env.BroadcastChannel('parley');
    if (this.#otherPages) this.#otherPages.onmessage = ({ data }) => this.#follow(data);
  }

  get api() { return this.#env.api; }

  /** The language that was chosen in this browser, or null for the browser's own; the page begins anew in it. */
  get language() { return this.#browser.read('language'); }

  set language(language) {
    this.#browser.write('language', language);
    if (!this.world.value?.uploads.pending) this.#env.reload();
  }

  async start() {
    const { hello, state } = this.#env.early ?? {};
    this.hello.value = hello ? await patiently(hello) : null;
    if (!this.hello.value && await this.#openKept()) return;
    await this.#greet();
    const { me } = this.hello.value;
    if (me) this.#enter({ user: me, state: mine(me, await state) });
  }

  /** Without a server: what this browser has kept of who was in the last time. */
  async #openKept() {
    const hello = this.#browser.read('hello');
    const me = this.#browser.read('me');
    const kept = hello && me ? await this.#kept(({ readKept }) => readKept(this.#env.indexedDB, me)) : null;
    if (!kept) return false;
    this.hello.value = hello;
    this.#enter({ user: kept.me, kept });
    return true;
  }

  /** How the server calls itself and what it allows may have changed. */
  async #learn() {
    this.hello.value = await this.api.get('/hello').catch(() => this.hello.value);
  }

  async #greet() {
    for (let attempt = 0; !this.hello.value; attempt += 1) {
      this.hello.value = await this.api.get('/hello').catch(() => null);
      if (this.hello.value) break;
      this.waiting.value = true;
      await new Promise((done) => { setTimeout(done, delayOf(attempt)); });
    }
    this.waiting.value = false;
  }

  comeAsGuest(name) { return this.#comeIn('/session/guest', { name }); }
  signIn(name, password) { return this.#comeIn('/session', { name, password }); }
  useLink(token) { return this.#comeIn('/session/link', { token }); }
  register(name, password, invite) { return this.#comeIn('/users', { name, password, ...(invite && { invite }) }); }

  async signOut() {
    await this.api.delete('/session');
    this.world.value?.ended('signed_out');
  }

  /** All pages of a browser have one cookie: when another page came in as somebody else, what is written here would be theirs. */
  #follow({ me }) {
    if (this.world.value && this.world.value.me.id !== me) this.#env.reload();
  }

  /** With the snapshot to start from in the same answer. */
  async #comeIn(path, who) {
    this.#enter(await this.api.post(path, { ...who, state: true }));
  }

  #enter({ user: me, state, kept }) {
    this.#browser.write('me', me.id);
    this.#browser.write('hello', { ...this.hello.value, me });
    this.#otherPages?.postMessage({ me: me.id });
    this.world.value?.close();
    this.endedBy.value = null;
    const world = new World(this.#env, me, (reason) => this.#leave(world, reason));
    this.world.value = world;
    world.news.subscribe((told) => { if (told?.type === 'settings.changed') this.#hearOfSettings(told.data); });
    if (kept) world.open(kept);
    const started = world.start(this.#env.address(), state);
    if (kept) started.then(() => this.#learn());
  }

  /** What the page shows of the server is another: asked for again, not by all pages at once. */
  #hearOfSettings({ keys = [] }) {
    if (!keys.some((key) => SHOWN.includes(key))) return;
    setTimeout(() => this.#learn(), Math.random() * SPREAD_MS);
  }

  /** Seldom wanted, and not worth making everybody wait; a page that cannot load it has kept nothing either. */
  async #kept(use) {
    return import('./kept.js').then(use).catch(() => null);
  }

  #leave(world, reason) {
    if (this.world.value !== world) return;
    this.#browser.write('me', null);
    this.#browser.write('hello', null);
    this.#kept(({ clearKept }) => clearKept(this.#env.indexedDB));
    this.#env.forget?.();
    if (world.offline.value) { this.#env.reload(); return; } // what is known of the server is as old as what was kept
    this.endedBy.value = reason;
    this.world.value = null;
    this.#learn();
  }
}

/** The answer, or null when it takes too long. */
async function patiently(answer) {
  let timer;
  const late = new Promise((done) => { timer = setTimeout(done, PATIENCE_MS, null); });
  return Promise.race([answer, late]).finally(() => clearTimeout(timer));
}

/** What was asked for early was asked as whoever was in then. */
const mine = (me, state) => (state?.me.id === me.id ? state : null);
