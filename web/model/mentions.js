// The inbox of what mentions me or answers me, newest first: loaded when it is looked at, then followed.
import { signal } from '@preact/signals-core';

const PAGE = 30;

export class Mentions {
  /** null before they were looked at */
  messages = signal(null);
  more = signal(false);
  problem = signal(null);
  #api;

  constructor(api) {
    this.#api = api;
  }

  async load() {
    this.messages.value = null;
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
    if (known && !known.some(({ id }) => id === message.id)) this.messages.value = [message, ...known];
  }

  async #fetch(where) {
    this.problem.value = null;
    try {
      const page = await this.#api.get('/mentions', { limit: PAGE, ...where });
      this.messages.value = [...this.messages.value ?? [], ...page.mentions.reverse()];
      this.more.value = page.more_before;
    } catch (problem) {
      this.problem.value = problem;
    }
  }
}
