// Moves my read mark: at once on this page, soon after on the server, and never backwards.

const GATHER_MS = 400;

export class Reading {
  #api;
  #rooms;
  #told;
  #waiting = new Map();
  #timer = null;

  /** @param told (read) after the server has moved the mark: {room_id, up_to, unread, mentions} */
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
    this.#waiting.set(room, message.id);
    this.#timer ??= setTimeout(() => this.tell(), GATHER_MS);
  }

  tell() {
    clearTimeout(this.#timer);
    this.#timer = null;
    for (const [room, id] of this.#waiting) this.#tellOne(room, id);
    this.#waiting.clear();
  }

  async #tellOne(room, id) {
    const read = await this.#api.put(`/rooms/${room}/read`, { up_to: id }).catch(() => null);
    if (read) this.#told({ room_id: room, ...read });
  }

  close() {
    clearTimeout(this.#timer);
  }
}
