// What I wrote and the server has not confirmed. Kept in the browser's storage under its client id, so that
// neither a reload nor a lost connection loses it, and sending it again never doubles it.
import { signal } from '@preact/signals-core';
import { makeId } from '../lib/ids.js';
import { delayOf } from '../lib/backoff.js';

const KEY = 'outbox.';
const BUSY_SECONDS = 5;
const PATIENCE = 5; // the first try of its own comes after 16 to 32 s: until then a person may press Retry

export class Outbox {
  /** [{client_id, room_id, text, reply_to, images, at, state: "sending" | "failed", problem}] */
  entries = signal([]);
  #api;
  #storage;
  #confirmed;
  #sending = new Set();
  #timers = new Map();
  #closed = false;

  /** @param confirmed called with each message that the server has taken */
  constructor({ api, storage, confirmed }) {
    this.#api = api;
    this.#storage = storage;
    this.#confirmed = confirmed;
    this.entries.value = storage.all(KEY).map(([, entry]) => entry).filter((entry) => entry?.client_id)
      .map((entry) => ({ ...entry, state: 'sending', problem: null, tries: 0 }))
      .sort((a, b) => a.at.localeCompare(b.at));
  }

  of(room) {
    return this.entries.value.filter((entry) => entry.room_id === room);
  }

  send({ room, text, replyTo = null, images = [] }) {
    const entry = {
      client_id: makeId(), room_id: room, text, reply_to: replyTo, images,
      at: new Date().toISOString(), state: 'sending', problem: null, tries: 0,
    };
    this.#storage.write(KEY + entry.client_id, entry);
    this.entries.value = [...this.entries.value, entry];
    this.flush();
  }

  /** Sends what waits: each room's in the order it was written, one at a time. What was refused for good holds up nothing. */
  flush() {
    for (const room of new Set(this.entries.value.map((entry) => entry.room_id))) this.#sendNext(room);
  }

  /** Everything that failed for a reason that passes is tried once more: the connection is back. */
  retryAll() {
    for (const entry of this.entries.value) if (entry.problem?.passes) this.retry(entry.client_id);
    this.flush();
  }

  /** And before it what failed in its room for a reason that passes. */
  retry(id) {
    const room = this.entries.value.find((entry) => entry.client_id === id)?.room_id;
    for (const { client_id: each, problem } of this.of(room)) {
      if (each !== id && !problem?.passes) continue;
      clearTimeout(this.#timers.get(each));
      this.#change(each, { state: 'sending', problem: null });
    }
    this.flush();
  }

  /** @returns the entry, so that its text can be put back into the writer's hands */
  discard(id) {
    clearTimeout(this.#timers.get(id));
    const entry = this.entries.value.find((each) => each.client_id === id);
    this.entries.value = this.entries.value.filter((each) => each.client_id !== id);
    this.#storage.write(KEY + id, null);
    const held = entry?.problem?.passes && this.of(entry.room_id).find(({ problem }) => problem?.passes);
    if (held) this.retry(held.client_id);
    return entry;
  }

  /** The stream showed a message with this client id: it has arrived, whatever the call says. */
  arrived(id) {
    if (this.entries.value.some((entry) => entry.client_id === id)) this.discard(id);
  }

  /** Nothing more goes out: the next call would be made as whoever has come in by then. */
  close() {
    this.#closed = true;
    for (const timer of this.#timers.values()) clearTimeout(timer);
  }

  async #sendNext(room) {
    const [entry, ...behind] = this.of(room).filter(({ problem }) => !problem || problem.passes);
    if (!entry || this.#closed || this.#sending.has(room)) return;
    const { problem: held } = entry;
    if (held) {
      for (const { client_id: id, problem } of behind) if (!problem) this.#change(id, { state: 'failed', problem: held });
      return;
    }
    this.#sending.add(room);
    try {
      const { message } = await this.#api.post(`/rooms/${room}/messages`, bodyOf(entry));
      this.#confirmed(message);
    } catch (problem) {
      this.#fail(entry, problem);
    } finally {
      this.#sending.delete(room);
    }
    this.#sendNext(room);
  }

  #fail(entry, problem) {
    const tries = (entry.tries ?? 0) + 1;
    this.#change(entry.client_id, { state: 'failed', problem, tries });
    if (!problem.passes || this.#closed) return;
    const wait = problem.retryAfter ? Math.max(problem.retryAfter, BUSY_SECONDS) * 1000 : delayOf(tries + PATIENCE - 1);
    this.#timers.set(entry.client_id, setTimeout(() => this.retry(entry.client_id), wait));
  }

  #change(id, how) {
    this.entries.value = this.entries.value.map((entry) => (entry.client_id === id ? { ...entry, ...how } : entry));
  }
}

function bodyOf({ text, client_id, reply_to: replyTo, images }) {
  const body = { text, client_id };
  if (replyTo) body.reply_to = replyTo.id;
  if (images?.length) body.images = images.map((image) => image.id);
  if (images?.some(({ alt }) => alt)) body.alts = Object.fromEntries(images.filter(({ alt }) => alt).map(({ id, alt }) => [id, alt]));
  return body;
}
