// Notifications outside of the page: one a room, with what waits there; one sound a burst; withdrawn when it is read, here or
// elsewhere, or gone. Of all pages of a browser only the one that leads the stream shows them. What can be seen lies with the desk.
import { effect, untracked } from '@preact/signals-core';
import { notifies } from '../lib/notify.js';
import { isQuiet } from '../lib/quiet-hours.js';

const GATHER_MS = 1_000; // what is read within it, in whichever tab, is not worth one; and what comes together is shown together
const MOST = 100; // a room: of what waits there longer, only the number is told
const BURST_MS = 10_000; // so long after the last one, the next makes a sound again

export class Notices {
  #desk;
  #world;
  /** room → the messages that wait there, the newest ones, oldest first */
  #waiting = new Map();
  #fresh = new Set();
  #shown = new Set();
  #timer = null;
  #lastAt = -Infinity;
  #stop;
  #handlers = {
    'message.posted': (message) => this.#heard(message),
    'message.edited': (message) => this.#edited(message),
    'message.deleted': (removal) => this.#removed(removal),
    'user.hidden': ({ user }) => this.#silence(user),
    'block.changed': ({ user, blocked }) => blocked && this.#silence(user),
  };

  /**
   * @param desk {permission, ask(), looking(), show(room, name, messages, {count, silent}), close(room)}
   */
  constructor(desk, world) {
    this.#desk = desk;
    this.#world = world;
    this.#stop = effect(() => {
      const rooms = world.rooms.rooms.value; // and nothing else: not everybody whom the page hears of
      untracked(() => this.#sweep(rooms));
    });
  }

  /** "granted", "denied", "default" (nobody has asked yet), or "unavailable" */
  get permission() { return this.#desk.permission; }

  /** Whether the reader wants them in this browser, and the browser allows it. */
  get on() { return this.permission === 'granted' && this.#world.wantsNotices; }

  get sound() { return this.#world.storage.read('notify.silent') !== true; }

  set sound(on) { this.#world.storage.write('notify.silent', on ? null : true); }

  /** Only after a press of a person: browsers may ask for their permission. */
  async switchOn() {
    this.#world.wantsNotices = true;
    return await this.#desk.ask() === 'granted';
  }

  switchOff() {
    this.#world.wantsNotices = false;
    for (const room of [...this.#waiting.keys()]) this.#forget(room);
  }

  event({ type, data }) { this.#handlers[type]?.(data); }

  close() {
    this.#stop();
    clearTimeout(this.#timer);
    for (const room of [...this.#waiting.keys()]) this.#forget(room);
  }

  #heard(message) {
    if (!this.on || !this.#world.stream.leads || !this.#deserves(message)) return;
    this.#waiting.set(message.room_id, [...this.#waiting.get(message.room_id) ?? [], message].slice(-MOST));
    this.#fresh.add(message.room_id);
    this.#timer ??= setTimeout(() => this.#gathered(), GATHER_MS);
  }

  #edited(message) {
    this.#change(message.room_id, (all) => all.map((each) => (each.id === message.id ? message : each)).filter((each) => this.#deserves(each)));
  }

  #removed({ id, room_id: room }) {
    this.#change(room, (all) => all.filter((each) => each.id !== id));
  }

  /** Somebody whose words I am not to see any more: blocked by me, or hidden by a ban. */
  #silence(user) {
    for (const room of [...this.#waiting.keys()]) this.#change(room, (all) => all.filter((each) => each.user.id !== user.id));
  }

  #deserves(message, rooms = this.#world.rooms.rooms.value) {
    return notifies(message, rooms.get(message.room_id)?.my, this.#world.people.me.value.id);
  }

  #gathered() {
    this.#timer = null;
    const quiet = isQuiet(this.#world.people.me.value.settings?.quiet);
    const rooms = [...this.#fresh];
    this.#fresh.clear();
    for (const room of rooms) {
      if (quiet || (this.#desk.looking() && this.#world.rooms.open.value === room)) this.#forget(room);
      else this.#show(room, { silent: !this.sound || Date.now() - this.#lastAt < BURST_MS });
    }
  }

  #show(room, { silent }) {
    this.#lastAt = Date.now();
    this.#shown.add(room);
    this.#put(room, silent);
  }

  #put(id, silent) {
    const room = this.#world.rooms.of(id);
    const messages = this.#waiting.get(id);
    const count = messages.length < MOST ? messages.length : room.my.unread;
    this.#desk.show(room, this.#world.rooms.nameOf(room), messages, { count, silent });
  }

  /** Rooms were read, left, or are not to notify any more. */
  #sweep(rooms) {
    for (const room of [...this.#waiting.keys()]) this.#change(room, (all) => all.filter((each) => this.#deserves(each, rooms)));
  }

  /** What waits in a room is another now: what is shown of it follows, without a sound. */
  #change(room, how) {
    const before = this.#waiting.get(room);
    if (!before) return;
    const after = how(before);
    if (!after.length) { this.#forget(room); return; }
    this.#waiting.set(room, after);
    const same = after.length === before.length && after.every((each, index) => each === before[index]);
    if (!same && this.#shown.has(room)) this.#put(room, true);
  }

  #forget(room) {
    this.#waiting.delete(room);
    this.#fresh.delete(room);
    if (this.#shown.delete(room)) this.#desk.close(room);
  }
}
