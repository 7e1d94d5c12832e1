// The snapshot to start from, asked for again and again until the server gives it.
import { delayOf } from '../lib/backoff.js';

export class Snapshot {
  #api;
  #attempt = 0;
  #timer = null;
  #wake = null;
  #closed = false;

  constructor(api) {
    this.#api = api;
  }

  /** → the state, or null when it is not wanted any more; throws a Problem when there is no session (401). */
  async fetch(query = {}) {
    while (!this.#closed) {
      try {
        const state = await this.#api.get('/state', query);
        this.#attempt = 0;
        return this.#closed ? null : state;
      } catch (problem) {
        if (problem.status === 401) throw problem;
        if (this.#closed) return null;
        await this.#pause();
      }
    }
    return null;
  }

  /** It is being waited for, and now is a good moment: → whether it was. */
  hurry() {
    this.#attempt = 0;
    this.#wake?.();
    return Boolean(this.#wake);
  }

  close() {
    this.#closed = true;
    this.#wake?.();
  }

  async #pause() {
    await new Promise((done) => {
      this.#wake = done;
      this.#timer = setTimeout(done, delayOf(this.#attempt));
    });
    clearTimeout(this.#timer);
    this.#wake = null;
    this.#attempt += 1;
  }
}
