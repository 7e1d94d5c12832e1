// One search: its results, newest first, and older ones on demand. Only the answer to the latest question counts.
import { batch, signal } from '@preact/signals-core';

const PAGE = 30;

export class Search {
  query = signal('');
  /** null before the first answer */
  messages = signal(null);
  more = signal(false);
  problem = signal(null);
  #api;
  #asked = 0;
  #before = null;

  constructor(api) {
    this.#api = api;
  }

  async ask(query) {
    if (query === this.query.value && !this.problem.value) return;
    batch(() => { this.query.value = query; this.messages.value = null; this.problem.value = null; });
    if (query) await this.#fetch({});
  }

  async askOlder() {
    await this.#fetch({ before: this.#before });
  }

  async #fetch(where) {
    const mine = (this.#asked += 1);
    try {
      const page = await this.#api.get('/search', { q: this.query.value, limit: PAGE, ...where });
      if (mine === this.#asked) batch(() => this.#take(page));
    } catch (problem) {
      if (mine === this.#asked) this.problem.value = problem;
    }
  }

  #take(page) {
    const fresh = [...page.messages].sort((a, b) => b.id - a.id);
    this.messages.value = [...this.messages.value ?? [], ...fresh];
    this.more.value = Boolean(page.more_before);
    // A long search stops when its time is up, and says how far it came.
    this.#before = page.reached ?? fresh.at(-1)?.id;
  }
}
