// The snapshot to start from, asked for again and again until the server gives it.
import { delayOf } from '../lib/backoff.js';
import { positionOf } from './shared-stream.js';

const PASSING = ['presence', 'read.moved', 'level.changed']; // stand nowhere in the log, whatever cursor they come with

export class Snapshot {
  #api;
  #attempt = 0;
  #timer = null;
  #wake = null;
  #closed = false;
  #listening = new Set();

  constructor(api) {
    this.#api = api;
  }

  /**
   * → the state, and in `newer` the events that were heard meanwhile and are not in it; or null when it is not wanted any more.
   * Throws a Problem when there is no session (401).
   */
  async fetch(query = {}) {
    const heard = [];
    this.#listening.add(heard);
    try {
      const state = await this.#get(query);
      return state && { ...state, newer: heard.filter(({ cursor, type }) => PASSING.includes(type) || positionOf(cursor) > positionOf(state.cursor)) };
    } finally {
      this.#listening.delete(heard);
    }
  }

  hear(event) {
    for (const heard of this.#listening) heard.push(event);
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

  async #get(query) {
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
