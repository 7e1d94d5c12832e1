// One connection to the event stream, from a cursor on: opens, listens, tells when it is over.
// Decides nothing about silence and coming back; that is connection.js.

const OPENING_MS = 15_000;

export const EVENTS = ['message.posted', 'message.edited', 'message.deleted', 'reaction.added', 'reaction.removed',
  'room.created', 'room.changed', 'user.hidden', 'user.shown', 'member.joined', 'member.left', 'member.changed',
  'user.changed', 'pin.added', 'pin.removed', 'block.changed', 'report.opened', 'report.resolved', 'rule.changed', 'settings.changed',
  'read.moved', 'presence', 'typing', 'ready', 'ping', 'reset', 'bye', 'session.ended'];

export class Source {
  #stream;
  #timer;
  #told;

  /**
   * @param told {event({cursor, type, data}), over({closed, mute})}; `over` comes once.
   *   closed: EventSource gave up for good; mute: it was not refused, but said nothing either
   */
  constructor(EventSource, cursor, told) {
    this.#told = told;
    this.#stream = new EventSource(`/api/events${cursor ? `?since=${encodeURIComponent(cursor)}` : ''}`);
    for (const type of EVENTS) this.#stream.addEventListener(type, (event) => this.#hear(type, event));
    this.#stream.addEventListener('error', () => this.#end());
    this.#timer = setTimeout(() => this.#end({ mute: true }), OPENING_MS);
  }

  close() {
    clearTimeout(this.#timer);
    this.#stream.close();
    this.#told = null;
  }

  #hear(type, event) {
    clearTimeout(this.#timer);
    this.#told?.event({ cursor: event.lastEventId || null, type, data: JSON.parse(event.data || '{}') });
  }

  #end({ mute = false } = {}) {
    const told = this.#told;
    const closed = this.#stream.readyState === 2;
    this.close();
    told?.over({ closed, mute });
  }
}
