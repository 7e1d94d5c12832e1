// Who is in a room: loaded when the list is looked at, then followed.
import { signal } from '@preact/signals-core';

const PAGE = 200;
const MOST = 600; // larger rooms are not listed to their end

export class Members {
  /** room → [{user, role, muted_until}] */
  rooms = signal(new Map());
  #api;
  #people;
  #rooms;

  constructor({ api, people, rooms }) {
    this.#api = api;
    this.#people = people;
    this.#rooms = rooms;
  }

  of(room) {
    return this.rooms.value.get(room) ?? null;
  }

  roleOf(room, user) {
    return this.of(room)?.find((member) => member.user.id === user)?.role ?? 'member';
  }

  /** Not of whom is known to be elsewhere; a large room is not known to its end. */
  mayHold(room, user) {
    const known = this.of(room);
    return !known || known.length >= MOST || known.some((member) => member.user.id === user);
  }

  async load(room) {
    const all = [];
    let page;
    do {
      page = await this.#api.get(`/rooms/${room}/members`, { limit: PAGE, before: all[0]?.user.id });
      all.unshift(...page.members);
    } while (page.more_before && all.length < MOST);
    this.#people.learn(all.map((member) => member.user));
    this.#set(room, all);
  }

  add(room, user, role) { return this.#api.put(`/rooms/${room}/members/${user.id}`, { role }); }
  takeOut(room, user) { return this.#api.delete(`/rooms/${room}/members/${user.id}`); }

  joined(room, user) {
    const known = this.of(room);
    if (known?.some((member) => member.user.id === user.id)) return;
    this.#rooms.countMembers(room, 1);
    if (known) this.#set(room, [...known, { user, role: 'member', muted_until: null }]);
  }

  left(room, user) {
    const known = this.of(room);
    if (known && !known.some((member) => member.user.id === user.id)) return;
    this.#rooms.countMembers(room, -1);
    if (known) this.#set(room, known.filter((member) => member.user.id !== user.id));
  }

  changed(room, user, how) {
    const known = this.of(room);
    if (known) this.#set(room, known.map((member) => (member.user.id === user.id ? { ...member, ...how } : member)));
  }

  forget() {
    this.rooms.value = new Map();
  }

  #set(room, members) {
    this.rooms.value = new Map(this.rooms.value).set(room, members);
  }
}
