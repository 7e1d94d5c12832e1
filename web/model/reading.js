// Moves my read mark: at once on this page, soon after on the server, and never backwards.

const GATHER_MS = 400;

export class Reading {
  #api;
  #rooms;
  #told;
  /** room → the message up to which I have read, to be told */
  #waiting = new Map();
  #timer = null;

  /** @param told (read) after the server has moved the mark: {room_id, up_to, n, unread, mentions} */
  constructor({ api, rooms, told }) {
    this.#api = api;
    this.#rooms = rooms;
    this.#told = told;
  }

  /** The reader has seen this message. */
  seen(room, message) {
    const { my } = this.#rooms.of(room) ?? {};
    if (!my || !message?.n || message.n <= my.read_n) return;
    this.#rooms.read(room, { up_to: message.id, n: message.n });
    this.#waiting.set(room, message);
    this.#timer ??= setTimeout(() => this.tell(), GATHER_MS);
  }

  /** What waits; what cannot be told now waits on, until the connection is back or something else is read. */
  tell() {
    clearTimeout(this.#timer);
    this.#timer = null;
    const waiting = this.#waiting;
    this.#waiting = new Map();
    for (const [room, message] of waiting) this.#tellOne(room, message);
  }

  async #tellOne(room, message) {
    try {
      const read = await this.#api.put(`/rooms/${room}/read`, { up_to: message.id });
      this.#told({ room_id: room, ...read, n: read.up_to === message.id ? message.n : undefined });
    } catch (problem) {
      if (problem.passes && !this.#waiting.has(room)) this.#waiting.set(room, message);
    }
  }

  close() {
    clearTimeout(this.#timer);
  }
}
