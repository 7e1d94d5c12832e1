// Who is writing in which room; said to the others at most every few seconds.
import { signal } from '@preact/signals-core';

const SHOWN_MS = 5_000;
const SAID_EVERY_MS = 3_000;

export class Typing {
  /** room → Map(user id → name) */
  rooms = signal(new Map());
  #api;
  #timers = new Map();
  #saidAt = new Map();

  constructor(api) {
    this.#api = api;
  }

  of(room) {
    return this.rooms.value.get(room) ?? new Map();
  }

  show({ room_id: room, user }) {
    const key = `${room} ${user.id}`;
    clearTimeout(this.#timers.get(key));
    this.#timers.set(key, setTimeout(() => this.hide(room, user.id), SHOWN_MS));
    if (!this.of(room).has(user.id)) this.#set(room, new Map(this.of(room)).set(user.id, user.name));
  }

  hide(room, user) {
    if (!this.of(room).has(user)) return;
    const left = new Map(this.of(room));
    left.delete(user);
    this.#set(room, left);
  }

  say(room, now = Date.now()) {
    if (now - (this.#saidAt.get(room) ?? 0) < SAID_EVERY_MS) return;
    this.#saidAt.set(room, now);
    this.#api.post(`/rooms/${room}/typing`).catch(() => {});
  }

  /** The message is out: the next letter is said at once. */
  stopSaying(room) {
    this.#saidAt.delete(room);
  }

  close() {
    for (const timer of this.#timers.values()) clearTimeout(timer);
  }

  #set(room, users) {
    this.rooms.value = new Map(this.rooms.value).set(room, users);
  }
}
