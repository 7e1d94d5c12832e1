// The timelines of the rooms that were looked at last, kept true by events, so that going back is instant.
import { Timeline } from './timeline.js';

const KEPT = 8;

export class Timelines {
  #timelines = new Map();
  #api;

  constructor(api) {
    this.#api = api;
  }

  /** The room's timeline if the page holds it. */
  of(room) {
    return this.#timelines.get(room);
  }

  /** The room's timeline, made when needed; the one unused for longest makes place. */
  use(room) {
    const timeline = this.#timelines.get(room) ?? new Timeline(this.#api, room);
    this.#timelines.delete(room);
    this.#timelines.set(room, timeline);
    if (this.#timelines.size > KEPT) this.drop(this.#timelines.keys().next().value);
    return timeline;
  }

  /** A room's page of messages that came with the snapshot: the room opens with it. */
  take(page) {
    if (page) this.use(page.room_id).take(page);
  }

  /** The last page of each room that is held, the one used last at the end. */
  get pages() {
    return [...this.#timelines].filter(([, timeline]) => !timeline.isEmpty).map(([room, timeline]) => ({ room_id: room, ...timeline.page }));
  }

  drop(room) {
    this.#timelines.get(room)?.close();
    this.#timelines.delete(room);
  }

  /** What these hold may be wrong: the open one, used last, loads again, the others are forgotten. */
  refresh(concerned = () => true) {
    const open = [...this.#timelines.keys()].pop();
    const wrong = [...this.#timelines].filter(([, timeline]) => concerned(timeline)).map(([room]) => room);
    for (const room of wrong) if (room !== open) this.drop(room);
    return wrong.includes(open) ? this.#timelines.get(open).refresh() : undefined;
  }

  /** All messages of this person are others now: nobody who holds none of them asks the server. */
  refreshOf(person) {
    return this.refresh((timeline) => timeline.holds(person));
  }

  close() {
    for (const room of [...this.#timelines.keys()]) this.drop(room);
  }
}
