// One connection to the same events as a WebSocket, from a cursor on. As source.js, and for the same owner.

const OPENING_MS = 15_000;
const SESSION_ENDED = [4001, 4003];

export class SocketSource {
  #socket;
  #timer;
  #told;
  #heard = false;

  /**
   * @param told {event({cursor, type, data}), over({closed, mute, unopened})}; `over` comes once.
   *   closed: the session is over; unopened: it never said a word, whatever the reason
   */
  constructor(WebSocket, cursor, told) {
    this.#told = told;
    this.#socket = new WebSocket(`${globalThis.location?.origin.replace(/^http/, 'ws') ?? ''}/api/socket${cursor ? `?since=${encodeURIComponent(cursor)}` : ''}`);
    this.#socket.onmessage = ({ data }) => this.#hear(JSON.parse(data));
    this.#socket.onclose = ({ code }) => this.#end(code);
    this.#timer = setTimeout(() => this.#end(), OPENING_MS);
  }

  close() {
    clearTimeout(this.#timer);
    this.#told = null;
    this.#socket.close();
  }

  #hear({ cursor = null, type, data }) {
    clearTimeout(this.#timer);
    this.#heard = true;
    this.#told?.event({ cursor, type, data });
  }

  #end(code) {
    const told = this.#told;
    this.close();
    told?.over({ closed: SESSION_ENDED.includes(code), mute: false, unopened: !this.#heard });
  }
}
