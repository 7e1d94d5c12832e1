// Everybody whom the page has heard of, and who of them is here now.
import { computed, signal } from '@preact/signals-core';

export class People {
  users = signal(new Map());
  online = signal(new Set());
  idle = signal(new Set());
  me = signal(null);
  /** room → how many are here, of rooms that are too large to be told of each */
  counts = signal(new Map());
  /** The names to find mentions by, in one object that only changes when a name does. */
  names = computed(() => new Map([...this.users.value].map(([id, user]) => [id, user.name])));

  load({ me, users, online = [], idle = [] }) {
    this.me.value = me;
    this.users.value = new Map([...users, me].map((user) => [user.id, user]));
    this.online.value = new Set(online);
    this.idle.value = new Set(idle);
  }

  /** Takes in people as an answer or an event shows them; a brief form never hides what is known. */
  learn(users) {
    const fresh = users.filter(Boolean).map(whole).filter((user) => differs(this.users.value.get(user.id), user));
    if (!fresh.length) return;
    const all = new Map(this.users.value);
    for (const user of fresh) all.set(user.id, { ...all.get(user.id), ...user });
    this.users.value = all;
    const me = all.get(this.me.value?.id);
    if (me) this.me.value = me;
  }

  /** All that is known of whom an answer or an event names in brief. */
  known(user) {
    return this.users.value.get(user.id) ?? user;
  }

  nameOf(user) {
    return this.users.value.get(user.id)?.name ?? user.name;
  }

  /** "online", "idle" or "offline" */
  presenceOf(id) {
    if (this.idle.value.has(id)) return 'idle';
    return this.online.value.has(id) || id === this.me.value?.id ? 'online' : 'offline';
  }

  applyPresence({ online = [], idle = [], offline = [], counts }) {
    if (counts) this.counts.value = new Map([...this.counts.value, ...Object.entries(counts).map(([room, count]) => [Number(room), count])]);
    const here = new Set(this.online.value);
    const away = new Set(this.idle.value);
    for (const id of online) { here.add(id); away.delete(id); }
    for (const id of idle) { here.delete(id); away.add(id); }
    for (const id of offline) { here.delete(id); away.delete(id); }
    this.online.value = here;
    this.idle.value = away;
  }
}

/** A form with a role is no brief one: what it does not say of a ban is that there is none. */
const whole = (user) => (user.role ? { banned: undefined, ...user } : user);
const differs = (known, user) => !known || Object.keys(user).some((key) => known[key] !== user[key]);
