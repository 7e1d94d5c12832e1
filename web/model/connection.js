// Keeps the event stream alive: comes back by its cursor after every loss, with growing pauses; falls back to
// asking again and again (`?once=1`) behind proxies that hold streams back. A reader who wishes it gets a WebSocket, and
// the event stream where none opens. One state signal for the view.
import { signal } from '@preact/signals-core';
import { delayOf } from '../lib/backoff.js';
import { parseEvents } from '../lib/sse.js';
import { SocketSource } from './socket-source.js';
import { Source } from './source.js';

const UNOPENED_SOCKETS = 2; // that many in a row that did not open: something between does not let them through
const MUTE_OPENINGS = 3; // that many streams in a row opened without a word: something holds them back
const SILENCE_MS = 40_000; // the server says something at least every 15 s
const STALE_MS = 20_000;
const TICK_MS = 5_000;

export class Connection {
  /** {phase: "starting" | "live" | "lost", since, retryAt} */
  state = signal({ phase: 'starting', since: Date.now(), retryAt: null });
  cursor = null;
  #env;
  #told;
  #source = null;
  #retryTimer = null;
  #wakeTimer = null;
  #attempt = 0;
  #mute = 0;
  #unopened = 0;
  #heardAt = Date.now();
  #closed = true;

  /**
   * @param env  {EventSource, fetch, WebSocket?, prefersSocket?, random?}; prefersSocket() is asked at each connecting
   * @param told {event(event), refused()}; refused: the server may not know this session any more
   */
  constructor(env, told) {
    this.#env = env;
    this.#told = told;
  }

  start(cursor) {
    this.cursor = cursor;
    this.#closed = false;
    this.#watchSilence();
    this.#connect();
  }

  stop() {
    this.#closed = true;
    this.#source?.close();
    this.#source = null;
    clearTimeout(this.#retryTimer);
    clearTimeout(this.#wakeTimer);
  }

  /** The reader pressed "try now", the network came back, the machine woke up. */
  tryNow() {
    if (this.#closed) return;
    this.#attempt = 0;
    this.#connect();
  }

  /** Looks after the stream when the page comes to the front again. */
  check() {
    if (this.state.value.phase === 'lost' || Date.now() - this.#heardAt > STALE_MS) this.tryNow();
  }

  #connect() {
    clearTimeout(this.#retryTimer);
    this.#source?.close();
    this.#source = null;
    this.#heardAt = Date.now();
    if (this.#mute >= MUTE_OPENINGS) return this.#askOnce();
    const told = { event: (event) => { this.#mute = 0; this.#hear(event); }, over: (how) => this.#lose(how) };
    this.#source = this.#takesSocket() ? new SocketSource(this.#env.WebSocket, this.cursor, told) : new Source(this.#env.EventSource, this.cursor, told);
    return undefined;
  }

  #takesSocket() {
    return Boolean(this.#env.WebSocket && this.#env.prefersSocket?.()) && this.#unopened < UNOPENED_SOCKETS;
  }

  #hear(event) {
    this.#heardAt = Date.now();
    if (event.cursor) this.cursor = event.cursor;
    if (this.state.value.phase !== 'live') this.#live();
    if (event.type === 'bye') this.#comeBack(event.data.retry_ms ?? delayOf(0));
    this.#told.event(event);
  }

  #live() {
    this.#attempt = 0;
    this.#unopened = 0;
    this.state.value = { phase: 'live', since: Date.now(), retryAt: null };
  }

  #lose({ closed = false, mute = false, unopened = false } = {}) {
    if (mute) this.#mute += 1;
    if (unopened) this.#unopened += 1;
    if (closed) this.#told.refused();
    this.#comeBack(delayOf(this.#attempt, this.#env.random?.()));
  }

  #comeBack(wait) {
    if (this.#closed) return;
    this.#source?.close();
    this.#attempt += 1;
    clearTimeout(this.#retryTimer);
    this.#retryTimer = setTimeout(() => this.#connect(), wait);
    const since = this.state.value.phase === 'lost' ? this.state.value.since : Date.now();
    this.state.value = { phase: 'lost', since, retryAt: Date.now() + wait };
  }

  /** A question is a source like another: closed with its connection, so that two never go on side by side. */
  async #askOnce() {
    const question = new AbortController();
    this.#source = { close: () => question.abort() };
    try {
      const query = this.cursor ? `&since=${encodeURIComponent(this.cursor)}` : '';
      const answer = await this.#env.fetch(`/api/events?once=1${query}`, { signal: question.signal });
      const events = parseEvents(await answer.text());
      if (!answer.ok || !events.length) throw answer;
      for (const event of events) if (!question.signal.aborted) this.#hear(event);
      if (!question.signal.aborted) this.#connect();
    } catch (refusal) {
      if (question.signal.aborted) return;
      this.#mute -= 1; // next time the stream itself is tried once
      this.#lose({ closed: refusal.status === 401 || refusal.status === 403 });
    }
  }

  /** By the clock, not by one long timer, because timers stand still while the machine sleeps. */
  #watchSilence() {
    this.#wakeTimer = setTimeout(() => {
      const silent = Date.now() - this.#heardAt > SILENCE_MS;
      if (silent && this.state.value.phase === 'live' && this.#source) this.#lose();
      this.#watchSilence();
    }, TICK_MS);
  }
}
