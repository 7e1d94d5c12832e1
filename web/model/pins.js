// The pinned messages of a room: loaded when looked at, loaded again when the stream says that they changed.
import { signal } from '@preact/signals-core';

export class Pins {
  /** room → [message] */
  rooms = signal(new Map());
  #api;
  /** room → how often it was asked for; only the latest answer counts */
  #asked = new Map();

  constructor(api) {
    this.#api = api;
  }

  of(room) {
    return this.rooms.value.get(room) ?? null;
  }

  has(room, message) {
    return Boolean(this.of(room)?.some((each) => each.id === message));
  }

  async load(room) {
    const mine = (this.#asked.get(room) ?? 0) + 1;
    this.#asked.set(room, mine);
    const { pins } = await this.#api.get(`/rooms/${room}/pins`);
    if (mine === this.#asked.get(room)) this.rooms.value = new Map(this.rooms.value).set(room, pins);
  }

  put(message) { return this.#api.put(`/messages/${message}/pin`); }
  remove(message) { return this.#api.delete(`/messages/${message}/pin`); }

  changed(room) {
    if (this.#asked.has(room)) this.load(room).catch(() => {});
  }

  forget() {
    this.rooms.value = new Map();
  }
}
