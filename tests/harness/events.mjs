// Reads a stream of Server-Sent Events.
//
//     const events = await ana.events({ since: cursor });
//     const { id, data } = await events.next('message.posted', (data) => data.text === 'hi');
//     events.close();
import http from 'node:http';

export class EventReader {
  /** Called with each event of each reader; throws when it is not as it should be. */
  static check = () => {};
  status;
  headers;
  /** All events so far: {kind, id, data}. */
  seen = [];
  /** The last `retry:` in ms, or null. */
  retry = null;
  /** True when the server has ended the stream (or the connection broke). */
  ended = false;
  /** Everything as it came. */
  text = '';

  #request;
  #position = 0;
  #wake = [];
  #rest = '';

  /** `more` are options of node:http, such as localAddress. */
  static open(url, headers, more = {}) {
    const reader = new EventReader();
    return new Promise((done, fail) => {
      reader.#request = http.get(url, { headers, agent: false, ...more }, (response) => {
        reader.#follow(response);
        done(reader);
      });
      reader.#request.on('error', fail);
    });
  }

  #follow(response) {
    this.status = response.statusCode;
    this.headers = response.headers;
    response.setEncoding('utf8');
    response.on('data', (text) => { this.#parse(text); this.#wakeAll(); });
    response.on('error', () => {});
    response.on('close', () => { this.ended = true; this.#wakeAll(); });
  }

  #parse(text) {
    this.text += text;
    const blocks = (this.#rest + text).split('\n\n');
    this.#rest = blocks.pop();
    for (const block of blocks) this.#parseBlock(block);
  }

  #parseBlock(block) {
    const event = { kind: null, id: null, data: null };
    const data = [];
    for (const line of block.split('\n')) {
      const [, field, value] = /^([^:]*):? ?(.*)$/.exec(line);
      if (field === 'event') event.kind = value;
      else if (field === 'id') event.id = value;
      else if (field === 'data') data.push(value);
      else if (field === 'retry') this.retry = Number(value);
    }
    if (data.length === 0) return;
    event.data = JSON.parse(data.join('\n'));
    this.seen.push(event);
    EventReader.check(event);
  }

  #wakeAll() {
    for (const wake of this.#wake.splice(0)) wake();
  }

  /** The next event of this kind for which `predicate(data)` holds; those before it are passed over. */
  async next(kind, predicate = () => true, timeout = 5_000) {
    const deadline = Date.now() + timeout;
    for (;;) {
      while (this.#position < this.seen.length) {
        const event = this.seen[this.#position++];
        if (event.kind === kind && predicate(event.data)) return event;
      }
      await this.#change(deadline, `no ${kind} within ${timeout} ms`);
    }
  }

  /** Resolves when something has come, or the stream has ended. */
  changed() {
    return this.ended ? Promise.resolve() : new Promise((wake) => this.#wake.push(wake));
  }

  /** Resolves when the server has ended the stream. */
  async end(timeout = 5_000) {
    const deadline = Date.now() + timeout;
    while (!this.ended) await this.#change(deadline, `the stream did not end within ${timeout} ms`);
  }

  async #change(deadline, complaint) {
    const seen = () => this.seen.map(({ kind, id }) => `${kind} ${id}`).join(', ');
    if (this.ended) throw new Error(`the stream has ended; seen: ${seen()}`);
    let timer;
    const late = new Promise((_, fail) => {
      timer = setTimeout(() => fail(new Error(`${complaint}; seen: ${seen()}`)), Math.max(0, deadline - Date.now()));
    });
    await Promise.race([new Promise((wake) => this.#wake.push(wake)), late]).finally(() => clearTimeout(timer));
  }

  /** The kinds of all events so far, without pings. */
  get kinds() {
    return this.seen.map(({ kind }) => kind).filter((kind) => kind !== 'ping');
  }

  /** The cursor to continue from. */
  get cursor() {
    return [...this.seen].reverse().find(({ id }) => id)?.id;
  }

  close() {
    this.#request.destroy();
  }
}
