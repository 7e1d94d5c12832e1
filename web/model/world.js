// Everything of one signed-in account: made at sign-in, closed at sign-out. The only place that knows all parts.
import { batch, signal } from '@preact/signals-core';
import { openingQuery } from '../lib/opening.js';
import { apply } from './events.js';
import { Connection } from './connection.js';
import { Drafts } from './drafts.js';
import { Members } from './members.js';
import { Mentions } from './mentions.js';
import { Moderation } from './moderation.js';
import { Outbox } from './outbox.js';
import { People } from './people.js';
import { Pins } from './pins.js';
import { Reading } from './reading.js';
import { Rooms } from './rooms.js';
import { Search } from './search.js';
import { Sending } from './sending.js';
import { SharedStream } from './shared-stream.js';
import { Snapshot } from './snapshot.js';
import { Storage } from './storage.js';
import { Timelines } from './timelines.js';
import { Typing } from './typing.js';
import { Uploads } from './uploads.js';

export class World {
  ready = signal(false);
  /** Shown is what this browser has kept, because the server has not answered yet. */
  offline = signal(false);
  /** What the reader should hear of, once: {key, values, undo?}; the view has the words. */
  notice = signal(null);
  /** The last event of what the page does not keep: {type, data}. */
  news = signal(null);
  /** The last message that somebody else wrote, for announcements. */
  last = signal(null);
  /** The server gives out a newer version of the page than this one is. */
  outdated = signal(false);
  #ended;
  #closed = false;
  #state;
  #companions = new Set();

  /**
   * @param env   {api, area, EventSource, WebSocket, XMLHttpRequest, URL, fetch, locks, BroadcastChannel}
   * @param ended called with the reason when this session is over
   */
  constructor(env, me, ended) {
    const { api } = env;
    const storage = new Storage(env.area, me.id);
    this.#ended = ended;
    this.#state = new Snapshot(api);
    this.api = api;
    this.storage = storage;
    this.people = new People();
    this.people.me.value = me;
    this.rooms = new Rooms(this.people, storage);
    this.members = new Members({ api, people: this.people, rooms: this.rooms });
    this.timelines = new Timelines(api);
    this.pins = new Pins(api);
    this.mentions = new Mentions(api);
    this.drafts = new Drafts(storage);
    this.typing = new Typing(api);
    this.search = new Search(api);
    this.moderation = new Moderation(api);
    this.uploads = new Uploads(env, (key, ...values) => this.notify(key, ...values));
    this.reading = new Reading({ api, rooms: this.rooms, told: (read) => { this.rooms.read(read.room_id, read); this.stream.share('read.moved', read); } });
    this.outbox = new Outbox({ api, storage, confirmed: (message) => this.#confirm(message) });
    this.sending = new Sending({ drafts: this.drafts, uploads: this.uploads, outbox: this.outbox });
    this.stream = new SharedStream(env, `parley.${me.id}`, (told) => new Connection({ ...env, prefersSocket: () => this.prefersSocket }, told), {
      event: (event) => this.#hear(event),
      refused: () => this.#askWhoIAm(),
    });
  }

  get me() { return this.people.me.value; }

  /** What is loaded later hears each event after the page has, and ends with this world. @param part {event({type, data}), close()} */
  join(part) { if (this.#closed) part.close(); else this.#companions.add(part); }

  /** As open() takes it, once there is something to see. */
  get snapshot() {
    return !this.#closed && this.ready.value && { me: this.me, rooms: [...this.rooms.rooms.value.values()], users: [...this.people.users.value.values()], pages: this.timelines.pages };
  }

  /** Events by WebSocket instead of by event stream: a wish of this browser. */
  get prefersSocket() { return this.storage.read('transport') === 'websocket'; }

  set prefersSocket(wish) {
    this.storage.write('transport', wish ? 'websocket' : null);
    this.stream.tryNow();
  }

  /** Notifications, in this browser; the page that leads may be another one. */
  get wantsNotices() { return this.storage.read('notify') === true; }

  set wantsNotices(wish) {
    this.storage.write('notify', wish || null);
    this.stream.share('notices.wanted', {});
  }

  /**
   * Loads the snapshot, then follows the stream from its cursor; tries again until it gets there.
   * @param address where the page is to open; with a room's messages the snapshot spares a second call
   * @param given   the snapshot, when signing in has brought it
   */
  async start(address = {}, given = null) {
    const state = given ?? await this.#fetchState(openingQuery(address, this.rooms.last()));
    if (!state || this.#closed) return;
    const renewed = this.offline.value ? this.#renew(state) : batch(() => { this.#take(state); this.timelines.take(state.page); });
    this.ready.value = true;
    this.stream.start(state.cursor);
    this.outbox.retryAll();
    await renewed;
  }

  /** Shows what this browser has kept, until start() has an answer. */
  open(kept) {
    batch(() => {
      this.#take(kept);
      for (const page of kept.pages) this.timelines.take(page);
      this.offline.value = true;
      this.ready.value = true;
    });
  }

  /** The reader pressed "try now", the network came back. */
  tryNow() {
    if (!this.#state.hurry()) this.stream.tryNow();
  }

  /** The stream lost its place: everything afresh, from one snapshot. */
  async reload() {
    const state = await this.#fetchState();
    if (state) await this.#renew(state);
  }

  async #renew(state) {
    this.members.forget();
    this.pins.forget();
    batch(() => { this.#take(state); this.offline.value = false; for (const event of state.newer) apply(this, event); });
    await Promise.all([this.timelines.refresh(), this.mentions.refresh()]);
  }

  /** A room that the page does not hold yet; throws a Problem. */
  async fetchRoom(id) {
    const { room } = await this.api.get(`/rooms/${id}`);
    this.rooms.put(room);
    return room;
  }

  /** The connection is back: what failed for want of it is tried again. */
  retryAll() {
    this.outbox.retryAll();
    this.uploads.retryAll();
    this.reading.tell();
  }

  heard(message) { this.last.value = message; }

  /** What notifies me of a room; the server tells it to no other page. */
  async setLevel(room, level) {
    await this.api.put(`/rooms/${room}/level`, { level });
    this.rooms.change(room, { level });
    this.stream.share('level.changed', { room_id: room, level });
  }

  /** Settings of my account, in all my browsers. */
  async setSettings(settings) {
    const { user } = await this.api.patch('/me', { settings });
    this.people.learn([user]);
    this.stream.share('user.changed', user);
  }

  notify(key, ...values) { this.notice.value = { key, values }; }
  /** The same of something that was done, with the way back: undo() → promise. */
  notifyWithUndo(undo, key, ...values) { this.notice.value = { key, values, undo }; }
  complain(problem) { this.notice.value = { problem }; }

  ended(reason) {
    this.close();
    this.#ended(reason);
  }

  close() {
    this.#closed = true;
    for (const part of [this.sending, this.outbox, this.typing, this.reading, this.timelines, this.uploads, this.#state, ...this.#companions]) part.close();
    this.stream.stop();
  }

  #hear(event) {
    if (this.#closed) return;
    if (event.type === 'ready') this.retryAll();
    this.#state.hear(event);
    apply(this, event);
    for (const part of this.#companions) part.event(event);
  }

  #confirm(message) {
    batch(() => {
      this.rooms.posted(message, this.me.id);
      this.timelines.of(message.room_id)?.append(message);
      this.outbox.arrived(message.client_id);
    });
  }

  #take(state) {
    batch(() => { this.people.load(state); this.rooms.load(state.rooms); });
  }

  /** → null when this account is not in any more: the session is over, or another page has come in as somebody else. */
  async #fetchState(query) {
    const state = await this.#state.fetch(query).catch(() => this.ended('other'));
    return state && state.me.id !== this.me.id ? this.ended('other') : state;
  }

  /** The stream was refused: the session may be over, or only the way is blocked. */
  async #askWhoIAm() {
    const hello = await this.api.get('/hello').catch(() => null);
    if (hello && hello.me?.id !== this.me.id) this.ended('other');
  }
}
