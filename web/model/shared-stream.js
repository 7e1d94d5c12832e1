// One event stream for all pages of a browser that are signed in as the same person: the page that holds a Web
// Lock leads, keeps the connection and passes on what it hears over a BroadcastChannel. When it goes, the lock
// goes to another page, which continues at the last cursor that it heard of. Where a browser lacks either, each
// page leads itself. Applying an event twice must do no harm: a new leader may begin a little before the end.
import { effect, signal } from '@preact/signals-core';

const LEADER_SILENCE_MS = 60_000; // a living leader passes on a ping or a state at least every 30 s
const TICK_MS = 10_000;

/** A cursor's place in the log. */
export const positionOf = (cursor) => Number.parseInt(cursor, 10);

export class SharedStream {
  state = signal({ phase: 'starting', since: Date.now(), retryAt: null });
  #name;
  #locks;
  #channel;
  #connection;
  #told;
  #cursor = null;
  #leading = false;
  #release = null;
  #heardAt = Date.now();
  #timer = null;
  #stopEcho;

  /**
   * @param env        {locks?, BroadcastChannel?}
   * @param connect    (told) → a Connection
   * @param told       {event(event), refused()}
   */
  constructor(env, name, connect, told) {
    this.#name = name;
    this.#told = told;
    this.#connection = connect({ event: (event) => this.#lead(event), refused: () => told.refused() });
    if (env.locks && env.BroadcastChannel) {
      this.#locks = env.locks;
      this.#channel = new env.BroadcastChannel(name);
      this.#channel.onmessage = ({ data }) => this.#hear(data);
    }
    this.#stopEcho = effect(() => this.#echo(this.#connection.state.value));
  }

  start(cursor) {
    this.#cursor = cursor;
    if (!this.#locks) return this.#takeLead();
    this.#say({ kind: 'hello' });
    this.#queueForLead();
    this.#watchLeader();
    return undefined;
  }

  stop() {
    clearTimeout(this.#timer);
    this.#stopEcho();
    this.#connection.stop();
    this.#release?.();
    this.#channel?.close();
    this.#channel = null;
    this.#locks = null;
  }

  /** Of all pages of this browser, this one holds the stream. */
  get leads() { return this.#leading; }

  tryNow() {
    if (this.#leading) this.#connection.tryNow();
    else this.#say({ kind: 'try' });
  }

  check() {
    if (this.#leading) this.#connection.check();
    else this.#say({ kind: 'check' });
  }

  /** Tells the other pages what this one did; the server tells it only to other streams, and they share this one. */
  share(type, data) {
    this.#say({ kind: 'aside', event: { cursor: null, type, data } });
  }

  #queueForLead(options = {}) {
    this.#locks?.request(this.#name, options, () => this.#holdLead()).catch(() => this.#loseLead());
  }

  #holdLead() {
    if (!this.#channel) return undefined;
    this.#takeLead();
    return new Promise((release) => { this.#release = release; });
  }

  #takeLead() {
    this.#leading = true;
    this.#connection.start(this.#cursor);
  }

  /** Another page took the lock from us because we were asleep: follow it. */
  #loseLead() {
    if (!this.#leading || !this.#channel) return;
    this.#leading = false;
    this.#connection.stop();
    this.#heardAt = Date.now();
    this.#queueForLead();
  }

  #lead(event) {
    this.#say({ kind: 'event', event });
    this.#pass(event);
  }

  #echo(state) {
    if (!this.#leading) return;
    this.state.value = state;
    this.#say({ kind: 'state', state });
  }

  #hear({ kind, event, state, cursor }) {
    if (kind === 'aside') return this.#told.event(event);
    if (this.#leading) return this.#answer(kind);
    if (kind === 'state' || kind === 'event') this.#heardAt = Date.now();
    if (kind === 'state') this.state.value = state;
    if (kind === 'event') this.#pass(event);
    if (cursor) this.#catchUp(cursor);
    return undefined;
  }

  #pass(event) {
    if (event.cursor) this.#cursor = event.cursor;
    this.#told.event(event);
  }

  /** The leader had passed on more than our snapshot has before we listened: nobody says that again. */
  #catchUp(cursor) {
    if (positionOf(cursor) > positionOf(this.#cursor)) this.#pass({ cursor, type: 'reset', data: { cursor, reason: 'joined_late' } });
  }

  #answer(kind) {
    if (kind === 'hello') this.#say({ kind: 'state', state: this.#connection.state.value, cursor: this.#cursor });
    if (kind === 'try') this.#connection.tryNow();
    if (kind === 'check') this.#connection.check();
  }

  #watchLeader() {
    this.#timer = setTimeout(() => {
      if (!this.#leading && Date.now() - this.#heardAt > LEADER_SILENCE_MS) this.#queueForLead({ steal: true });
      this.#watchLeader();
    }, TICK_MS);
  }

  #say(message) {
    this.#channel?.postMessage(message);
  }
}
