// A WebSocket client that can also say what no library would: frames byte by byte (RFC 6455, 5.2).
//
//     const socket = await Socket.open(stack.url, { token: ana.token });
//     const { data } = await socket.event('message.posted', ({ text }) => text === 'hi');
//     const { status, body } = await socket.call('POST', '/api/rooms/1/messages', { text: 'hi' });
import { createHash, randomBytes } from 'node:crypto';
import net from 'node:net';

export const TEXT = 1, BINARY = 2, CLOSE = 8, PING = 9, PONG = 10;

/** The bytes of one frame; clients mask theirs. */
export function frame(opcode, payload = '', { fin = true, rsv = 0, masked = true, length = null } = {}) {
  const content = Buffer.from(payload);
  const size = length ?? content.length;
  const head = [(fin ? 0x80 : 0) | (rsv << 4) | opcode];
  const mask = masked ? 0x80 : 0;
  if (size < 126) head.push(mask | size);
  else if (size < 65536) head.push(mask | 126, size >> 8, size & 0xff);
  else head.push(mask | 127, 0, 0, 0, 0, (size >>> 24) & 0xff, (size >>> 16) & 0xff, (size >>> 8) & 0xff, size & 0xff);
  if (!masked) return Buffer.concat([Buffer.from(head), content]);
  const key = randomBytes(4);
  return Buffer.concat([Buffer.from(head), key, content.map((byte, i) => byte ^ key[i % 4])]);
}

/** What a close frame says. */
export function closing(code, reason = '') {
  return Buffer.concat([Buffer.from([code >> 8, code & 0xff]), Buffer.from(reason)]);
}

export class Socket {
  /** All frames so far: {opcode, payload}; all messages as JSON. */
  frames = [];
  messages = [];
  /** {code, reason} of the server's close frame, or null. */
  closed = null;
  ended = false;
  #socket;
  #rest = Buffer.alloc(0);
  #wake = [];
  #calls = 0;

  /** Resolves with an open socket, or rejects with an error that has `status`, `headers` and `body`. */
  static async open(url, { token = null, cookie = null, since = null, headers = {} } = {}) {
    const { hostname, port, host } = new URL(url);
    const key = randomBytes(16).toString('base64');
    const all = {
      host, upgrade: 'websocket', connection: 'Upgrade', 'sec-websocket-version': 13, 'sec-websocket-key': key,
      ...(token ? { authorization: `Bearer ${token}` } : {}), ...(cookie ? { cookie: `parley=${cookie}` } : {}), ...headers,
    };
    const head = Object.entries(all).filter(([, value]) => value !== null).map(([name, value]) => `${name}: ${value}\r\n`).join('');
    const socket = new Socket();
    socket.#socket = net.connect(port, hostname);
    socket.#socket.write(`GET /api/socket${since ? `?since=${since}` : ''} HTTP/1.1\r\n${head}\r\n`);
    const answer = await socket.#readHead();
    if (answer.status !== 101) throw Object.assign(new Error(`the handshake was answered with ${answer.status}`), answer);
    const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
    if (answer.headers['sec-websocket-accept'] !== accept) throw new Error('the wrong Sec-WebSocket-Accept');
    socket.#parse();
    return socket;
  }

  async #readHead() {
    this.#socket.on('data', (bytes) => { this.#rest = Buffer.concat([this.#rest, bytes]); this.#wakeAll(); });
    this.#socket.on('error', () => {});
    this.#socket.on('close', () => { this.ended = true; this.#wakeAll(); });
    const end = await this.#until('an answer to the handshake', () => {
      const at = this.#rest.indexOf('\r\n\r\n');
      return at >= 0 ? at : null;
    });
    const [first, ...lines] = this.#rest.subarray(0, end).toString().split('\r\n');
    const status = Number(first.split(' ')[1]);
    const headers = Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 2)]));
    this.#rest = this.#rest.subarray(end + 4);
    if (status !== 101) {
      await this.#until('the end of the answer', () => this.ended || this.#rest.length >= Number(headers['content-length'] ?? Infinity) || this.#rest.toString().endsWith('0\r\n\r\n') || null);
      const text = this.#rest.toString().replace(/^[0-9a-f]+\r\n|\r\n0\r\n\r\n$/g, '');
      this.#socket.destroy();
      return { status, headers, body: /json/.test(headers['content-type'] ?? '') ? JSON.parse(text) : text };
    }
    this.#socket.on('data', () => this.#parse());
    return { status, headers };
  }

  #parse() {
    for (;;) {
      if (this.#rest.length < 2) break;
      const opcode = this.#rest[0] & 15;
      let size = this.#rest[1], from = 2;
      if (size === 126) { if (this.#rest.length < 4) break; size = this.#rest.readUInt16BE(2); from = 4; }
      else if (size === 127) { if (this.#rest.length < 10) break; size = Number(this.#rest.readBigUInt64BE(2)); from = 10; }
      if (this.#rest.length < from + size) break;
      this.#take(opcode, this.#rest.subarray(from, from + size));
      this.#rest = this.#rest.subarray(from + size);
    }
    this.#wakeAll();
  }

  #take(opcode, payload) {
    this.frames.push({ opcode, payload });
    if (opcode === TEXT) this.messages.push(JSON.parse(payload.toString()));
    if (opcode === CLOSE) this.send(frame(CLOSE, payload));
    if (opcode === CLOSE) this.closed = { code: payload.length >= 2 ? payload.readUInt16BE(0) : null, reason: payload.subarray(2).toString() };
    if (opcode === PING && this.answersPings) this.send(frame(PONG, payload));
  }

  answersPings = true;

  #wakeAll() {
    for (const wake of this.#wake.splice(0)) wake();
  }

  /** Waits until `check` gives something that is not null. */
  async #until(what, check, timeout = 5_000) {
    const deadline = Date.now() + timeout;
    for (;;) {
      const result = check();
      if (result !== null && result !== undefined) return result;
      if (this.ended) throw new Error(`the connection ended before ${what}; closed: ${JSON.stringify(this.closed)}`);
      let timer;
      const late = new Promise((_, fail) => {
        timer = setTimeout(() => fail(new Error(`no ${what} within ${timeout} ms; got ${JSON.stringify(this.messages).slice(0, 2000)}`)), Math.max(0, deadline - Date.now()));
      });
      await Promise.race([new Promise((wake) => this.#wake.push(wake)), late]).finally(() => clearTimeout(timer));
    }
  }

  send(bytes) {
    this.#socket.write(bytes);
  }

  /** A call in one text message; resolves with the answer. */
  async call(method, path, body, ref = `call ${++this.#calls}`) {
    this.send(frame(TEXT, JSON.stringify({ ref, method, path, body })));
    return this.answer(ref);
  }

  answer(ref, timeout = 5_000) {
    return this.#until(`answer to ${ref}`, () => this.messages.find((message) => message.ref === ref && 'status' in message) ?? null, timeout);
  }

  /** The first event of a type, {cursor, type, data}, for which `predicate(data)` holds. */
  event(type, predicate = () => true) {
    return this.#until(type, () => this.messages.find((message) => message.type === type && predicate(message.data)) ?? null);
  }

  nextFrame(opcode, payload = null) {
    return this.#until(`frame ${opcode}`, () => this.frames.find((one) => one.opcode === opcode && (payload === null || one.payload.equals(Buffer.from(payload)))) ?? null);
  }

  /** The server's close frame. */
  close(timeout = 5_000) {
    return this.#until('close frame', () => this.closed, timeout);
  }

  /** The end of the connection. */
  async end(timeout = 5_000) {
    await this.#until('the end', () => (this.ended ? true : null), timeout);
  }

  /** Resolves when something has come, or the end. */
  changed() {
    return new Promise((wake) => this.#wake.push(wake));
  }

  get types() {
    return this.messages.filter(({ type }) => type && type !== 'ping' && type !== 'presence').map(({ type }) => type);
  }

  get cursor() {
    return this.messages.filter(({ cursor }) => cursor).at(-1)?.cursor;
  }

  /** Stops reading, as a client that is too slow. */
  pause() {
    this.#socket.pause();
  }

  resume() {
    this.#socket.resume();
  }

  destroy() {
    this.#socket.destroy();
  }
}
