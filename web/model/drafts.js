// What is being written, by room: text, and the message that it answers.
import { signal } from '@preact/signals-core';

const KEY = 'draft.';
const EMPTY = Object.freeze({ text: '', replyTo: null });

export class Drafts {
  #drafts = new Map();
  #storage;

  constructor(storage) {
    this.#storage = storage;
  }

  /** A signal with {text, replyTo}. */
  of(room) {
    if (!this.#drafts.has(room)) this.#drafts.set(room, signal({ ...EMPTY, ...this.#storage.read(KEY + room) }));
    return this.#drafts.get(room);
  }

  change(room, how) {
    const draft = this.of(room);
    draft.value = { ...draft.value, ...how };
    const empty = !draft.value.text && !draft.value.replyTo;
    this.#storage.write(KEY + room, empty ? null : draft.value);
  }

  clear(room) {
    this.change(room, EMPTY);
  }
}
