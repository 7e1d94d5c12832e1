// The inbox of what mentions me or answers me, newest first: loaded when it is looked at, then followed.
import { signal } from '@preact/signals-core';

const PAGE = 30;

export class Mentions {
  /** null before they were looked at */
  messages = signal(null);
  more = signal(false);
  problem = signal(null);
  #api;
  #asked = 0;
  /** What arrives while the first page is on its way, and may be missing from it. */
  #late = null;

  constructor(api) {
    this.#api = api;
  }

  async load() {
    this.messages.value = null;
    this.#late = [];
    await this.#fetch({});
  }

  /** What is held may be wrong: the stream was told to start afresh. */
  refresh() {
    return this.messages.value && this.load();
  }

  async loadOlder() {
    await this.#fetch({ before: this.messages.value.at(-1).id });
  }

  arrived(message) {
    const known = this.messages.value;
    if (!known) this.#late?.push(message);
    else if (!known.some(({ id }) => id === message.id)) this.messages.value = [message, ...known];
  }

  /** Only the answer to the latest question counts. */
  async #fetch(where) {
    const mine = (this.#asked += 1);
    this.problem.value = null;
    try {
      const page = await this.#api.get('/mentions', { limit: PAGE, ...where });
      if (mine !== this.#asked) return;
      this.messages.value = [...this.messages.value ?? [], ...page.mentions.reverse()];
      this.more.value = page.more_before;
      this.#late?.splice(0).forEach((message) => this.arrived(message));
    } catch (problem) {
      if (mine === this.#asked) this.problem.value = problem;
    }
  }
}
