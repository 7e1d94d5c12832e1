// People who write and people who read, as clients do: what is not answered is sent again with the same client_id, a stream that
// ends is opened again from its cursor. Whoever asks afterwards gets told what was acknowledged and what each reader saw.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { Client } from '../harness/client.mjs';
import { until } from '../harness/owned.mjs';
import { Socket } from '../harness/websocket.mjs';

const PAUSE_MS = 50; // before something that failed is tried again

const pause = () => new Promise((done) => setTimeout(done, PAUSE_MS));

/** Writes one message after the other until it is told to stop. */
export class Writer {
  /** client_id → id of the message, as it was acknowledged */
  acknowledged = new Map();
  refusals = 0;
  /** the longest time from the first attempt to the acknowledgement */
  longestMs = 0;
  #stopped = false;

  constructor(client, room) {
    this.client = client;
    this.room = room;
    this.done = this.#write();
  }

  async #write() {
    for (let i = 1; !this.#stopped; i++) await this.#post({ text: `${this.client.user.name} ${i}`, client_id: randomUUID() });
  }

  async #post(message) {
    const began = performance.now();
    for (;;) {
      const answer = await this.client.post(`/api/rooms/${this.room}/messages`, message).catch(() => null);
      if (answer && (answer.status === 200 || answer.status === 201)) {
        this.acknowledged.set(message.client_id, answer.body.message.id);
        this.longestMs = Math.max(this.longestMs, performance.now() - began);
        return;
      }
      if (answer && answer.status < 500) throw new Error(`refused: ${answer.status} ${answer.text}`);
      this.refusals++;
      await pause();
    }
  }

  stop() {
    this.#stopped = true;
    return this.done;
  }
}

/** A WebSocket as what an EventReader is to a Reader. */
class SocketStream {
  #taken = 0;
  seen = [];

  static async open(client, since) {
    return Object.assign(new SocketStream(), { socket: await Socket.open(client.url, { token: client.token, since }) });
  }

  get ended() {
    this.#take();
    return this.socket.ended;
  }

  async changed() {
    await this.socket.changed();
    this.#take();
  }

  #take() {
    for (; this.#taken < this.socket.messages.length; this.#taken++) {
      const { type, cursor, data } = this.socket.messages[this.#taken];
      this.seen.push({ kind: type, id: cursor, data });
    }
  }

  close() {
    this.socket.destroy();
  }
}

/** Follows the stream across everything that ends it. */
export class Reader {
  /** the posted messages, in the order in which they came */
  seen = [];
  resets = []; // their reasons
  opened = 0;
  #stopped = false;
  #stream = null;

  constructor(client, cursor, { bySocket = false } = {}) {
    this.client = client;
    this.cursor = cursor;
    this.bySocket = bySocket;
    this.done = this.#follow();
  }

  async #follow() {
    while (!this.#stopped) {
      this.#stream = await this.#open().catch(() => null);
      this.opened++;
      if (this.#stream) await this.#read(this.#stream);
      if (!this.#stopped) await pause();
    }
  }

  #open() {
    return this.bySocket ? SocketStream.open(this.client, this.cursor) : this.client.events({ lastEventId: this.cursor });
  }

  async #read(stream) {
    let taken = 0;
    while (!stream.ended || taken < stream.seen.length) {
      for (; taken < stream.seen.length; taken++) this.#take(stream.seen[taken]);
      await stream.changed();
    }
  }

  #take({ kind, id, data }) {
    if (id) this.cursor = id;
    if (kind === 'message.posted') this.seen.push(data);
    if (kind === 'reset') this.resets.push(data.reason);
  }

  stop() {
    this.#stopped = true;
    this.#stream?.close();
    return this.done;
  }
}

/** Writers and readers of one room; every second reader has a WebSocket. */
export class Crowd {
  static async gather(url, { writers, readers, room = 1 }) {
    const crowd = new Crowd();
    const guest = (name) => new Client(url).signIn('/api/session/guest', { name });
    crowd.witness = await guest('witness');
    const names = [...Array(readers).keys()].map((i) => `reader ${i}`);
    for (const name of names) {
      const client = await guest(name);
      crowd.readers.push(new Reader(client, (await client.get('/api/state')).body.cursor, { bySocket: crowd.readers.length % 2 === 1 }));
    }
    for (let i = 0; i < writers; i++) crowd.writers.push(new Writer(await guest(`writer ${i}`), room));
    return crowd;
  }

  writers = [];
  readers = [];

  get acknowledged() {
    return new Map(this.writers.flatMap(({ acknowledged }) => [...acknowledged]));
  }

  /** Until that many more posts were acknowledged. */
  async posts(count, timeout = 30_000) {
    const goal = this.acknowledged.size + count;
    await until(`${count} more posts`, () => this.acknowledged.size >= goal, timeout);
  }

  /** The writers stop; the readers get the time to see the rest. */
  async settle() {
    await Promise.all(this.writers.map((writer) => writer.stop()));
    const last = Math.max(...this.acknowledged.values());
    for (const reader of this.readers) await until('a reader saw the last message', () => reader.seen.at(-1)?.id >= last, 30_000);
    await Promise.all(this.readers.map((reader) => reader.stop()));
  }

  /** The whole history of the room, ascending. */
  async history(room = 1) {
    const messages = [];
    for (let after = 0, more = true; more;) {
      const { body } = await this.witness.get(`/api/rooms/${room}/messages?after=${after}&limit=200`);
      messages.push(...body.messages);
      more = body.more_after;
      after = messages.at(-1)?.id ?? after;
    }
    return messages;
  }
}

/** The writers stop, the readers see the rest; then every claim is held against the room's history. */
export async function assertNothingLost(crowd) {
  await crowd.settle();
  const history = await crowd.history();
  assert.deepEqual(history.map(({ n }) => n), history.map((_, i) => i + 1), 'the room is numbered without a gap');
  const written = history.filter(({ user }) => user.name.startsWith('writer'));
  const stored = new Map(written.map(({ client_id: client, id }) => [client, id]));
  assert.equal(stored.size, written.length, 'each client_id is there once');
  for (const [client, id] of crowd.acknowledged) assert.equal(stored.get(client), id, `the acknowledged message ${id} is there`);
  for (const reader of crowd.readers) {
    assert.deepEqual(reader.resets, []);
    assert.deepEqual(reader.seen.map(({ id }) => id), history.map(({ id }) => id), 'every reader saw each message once, in order');
  }
}
