// The rooms that I am in, what is unread in each, and which one is open.
import { computed, signal } from '@preact/signals-core';
import { mentions } from '../lib/mention.js';
import { compareNames } from '../lib/order.js';

const KINDS = ['channel', 'group', 'direct'];

export class Rooms {
  rooms = signal(new Map());
  /** Rooms that the page shows without being in them (a channel's front door). */
  strangers = signal(new Map());
  open = signal(null);
  #people;
  #storage;

  sorted = computed(() => [...this.rooms.value.values()].sort((a, b) => this.#order(a, b)));
  unread = computed(() => sum(this.sorted.value, (room) => (room.my.level === 'none' ? 0 : room.my.unread)));
  mentions = computed(() => sum(this.sorted.value, (room) => room.my.mentions + (room.kind === 'direct' ? room.my.unread : 0)));

  constructor(people, storage) {
    this.#people = people;
    this.#storage = storage;
  }

  load(rooms) {
    this.#people.learn(rooms.map((room) => room.peer).filter(Boolean));
    this.rooms.value = new Map(rooms.map((room) => [room.id, room]));
  }

  of(id) {
    return this.rooms.value.get(id) ?? this.strangers.value.get(id) ?? null;
  }

  nameOf(room) {
    return room.kind === 'direct' ? this.#people.nameOf(room.peer ?? { name: '' }) : room.name;
  }

  /** A room as an answer or an event shows it; an event's has no `my`. */
  put(room) {
    if (room.peer) this.#people.learn([room.peer]);
    const known = this.rooms.value.get(room.id);
    if (known || room.my) this.#set({ ...known, ...room, my: room.my ?? known.my });
    else this.strangers.value = new Map(this.strangers.value).set(room.id, room);
  }

  remove(id) {
    const rooms = new Map(this.rooms.value);
    if (rooms.delete(id)) this.rooms.value = rooms;
  }

  remember(id) {
    this.open.value = id;
    if (id) this.#storage.write('room', id);
  }

  /** The room that was open the last time. */
  last() {
    return this.#storage.read('room');
  }

  /** Where to go without an address: the room of the last time, else the first one. */
  home() {
    const last = this.last();
    return this.rooms.value.has(last) ? last : this.sorted.value[0]?.id ?? null;
  }

  /** A message was posted: counts follow from the room's number n. */
  posted(message, me) {
    const room = this.rooms.value.get(message.room_id);
    if (!room || message.n <= room.last_n) return;
    const mine = message.user.id === me;
    const mentioned = mentions(message, me) ? 1 : 0;
    const my = mine ? { ...room.my, read_n: message.n, read_up_to: message.id, mentions: 0 }
      : { ...room.my, mentions: room.my.mentions + mentioned };
    this.#set(counted({ ...room, my, last_n: message.n, last_message_id: message.id }));
  }

  /** I have read up to this message (n is exact), or another page of mine has (then the server's count is, of what it had by then). */
  read(id, { up_to: upTo, n, unread, mentions: left }) {
    const room = this.rooms.value.get(id);
    if (!room || upTo < room.my.read_up_to || (upTo === room.my.read_up_to && !n)) return;
    const readN = Math.max(room.my.read_n, n ?? room.last_n - unread);
    const current = n === undefined || n + unread === room.last_n;
    const unseen = (current ? left : null) ?? (readN >= room.last_n ? 0 : room.my.mentions);
    this.#set(counted({ ...room, my: { ...room.my, read_up_to: upTo, read_n: readN, mentions: unseen } }));
  }

  change(id, my) {
    const room = this.rooms.value.get(id);
    if (room) this.#set({ ...room, my: { ...room.my, ...my } });
  }

  countMembers(id, by) {
    const room = this.rooms.value.get(id);
    if (room) this.#set({ ...room, members: room.members + by });
  }

  #set(room) {
    this.rooms.value = new Map(this.rooms.value).set(room.id, room);
  }

  #order(a, b) {
    return KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) || compareNames(this.nameOf(a), this.nameOf(b)) || a.id - b.id;
  }
}

function counted(room) {
  const begin = Math.max(room.my.read_n, (room.first_n ?? 1) - 1);
  return { ...room, my: { ...room.my, unread: Math.max(0, room.last_n - begin) } };
}

const sum = (rooms, of) => rooms.reduce((total, room) => total + of(room), 0);
