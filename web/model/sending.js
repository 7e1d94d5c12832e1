// Sends what was written in a room: its text, what it answers, its images. When images are still on their way it goes
// out as soon as they are there, whichever room is looked at by then.
import { effect, signal, untracked } from '@preact/signals-core';
import { unescaped } from '../lib/commands.js';
import { lengthOf } from '../lib/text.js';

const LONGEST = 8000;

export class Sending {
  /** The rooms whose draft waits for its images. */
  waiting = signal(new Set());
  #drafts;
  #uploads;
  #outbox;
  #stop;

  constructor({ drafts, uploads, outbox }) {
    this.#drafts = drafts;
    this.#uploads = uploads;
    this.#outbox = outbox;
    this.#stop = effect(() => { for (const room of this.waiting.value) this.#look(room, this.#state(room)); });
  }

  /** By how many characters the text is too long; 0 when it is not. */
  over(room) {
    return Math.max(0, lengthOf(this.#drafts.of(room).value.text) - LONGEST);
  }

  /** Whether there is something to send, and nothing wrong with it. */
  can(room) {
    return this.#state(room) !== 'empty';
  }

  send(room) {
    const state = this.#state(room);
    this.#wait(room, state === 'waiting');
    if (state === 'ready') this.#sendNow(room);
  }

  close() {
    this.#stop();
  }

  /** "empty" (or wrong), "waiting" for images, "ready" */
  #state(room) {
    const uploads = this.#uploads.of(room);
    const something = this.#drafts.of(room).value.text.trim() || uploads.length;
    if (!something || this.over(room) || uploads.some((upload) => upload.problem)) return 'empty';
    return uploads.every((upload) => upload.image) ? 'ready' : 'waiting';
  }

  #look(room, state) {
    if (state !== 'waiting') untracked(() => this.send(room));
  }

  #wait(room, on) {
    if (this.waiting.value.has(room) === on) return;
    const rooms = new Set(this.waiting.value);
    if (on) rooms.add(room); else rooms.delete(room);
    this.waiting.value = rooms;
  }

  #sendNow(room) {
    const { text, replyTo } = this.#drafts.of(room).value;
    this.#outbox.send({ room, text: unescaped(text.trim()), replyTo, images: this.#uploads.take(room) });
    this.#drafts.clear(room);
  }
}
