// Who is using the page: nobody yet, or an account with its world.
import { signal } from '@preact/signals-core';
import { delayOf } from '../lib/backoff.js';
import { World } from './world.js';

export class Session {
  hello = signal(null);
  /** The world of the account that is signed in, or null. */
  world = signal(null);
  /** Why the last session ended, for the sign-in page. */
  endedBy = signal(null);
  waiting = signal(false);
  #env;
  #otherPages;

  /** @param env what a World needs, address() → {room?, message?}, where the page is to open, and reload(), which begins anew */
  constructor(env) {
    this.#env = env;
    this.#otherPages = env.BroadcastChannel && new env.BroadcastChannel('parley');
    if (this.#otherPages) this.#otherPages.onmessage = ({ data }) => this.#follow(data);
  }

  get api() { return this.#env.api; }

  async start() {
    for (let attempt = 0; !this.hello.value; attempt += 1) {
      this.hello.value = await this.api.get('/hello').catch(() => null);
      if (this.hello.value) break;
      this.waiting.value = true;
      await new Promise((done) => { setTimeout(done, delayOf(attempt)); });
    }
    this.waiting.value = false;
    if (this.hello.value.me) this.#enter(this.hello.value.me);
  }

  async comeAsGuest(name) { this.#enter((await this.api.post('/session/guest', { name })).user); }
  async signIn(name, password) { this.#enter((await this.api.post('/session', { name, password })).user); }
  async useLink(token) { this.#enter((await this.api.post('/session/link', { token })).user); }

  async register(name, password, invite) {
    this.#enter((await this.api.post('/users', { name, password, ...(invite && { invite }) })).user);
  }

  async signOut() {
    await this.api.delete('/session');
    this.world.value?.ended('signed_out');
  }

  /** All pages of a browser have one cookie: when another page came in as somebody else, what is written here would be theirs. */
  #follow({ me }) {
    if (this.world.value && this.world.value.me.id !== me) this.#env.reload();
  }

  #enter(me) {
    this.#otherPages?.postMessage({ me: me.id });
    this.world.value?.close();
    this.endedBy.value = null;
    const world = new World(this.#env, me, (reason) => this.#leave(world, reason));
    this.world.value = world;
    world.start(this.#env.address());
  }

  #leave(world, reason) {
    if (this.world.value !== world) return;
    this.endedBy.value = reason;
    this.world.value = null;
  }
}
