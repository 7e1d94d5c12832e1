// What I do against somebody: blocking for myself, muting and banning where I may, reports and their queue.
import { signal } from '@preact/signals-core';

const PATHS = { mute: (room, user) => `/rooms/${room}/mutes/${user}`, roomBan: (room, user) => `/rooms/${room}/bans/${user}`, ban: (room, user) => `/bans/${user}` };

export class Moderation {
  /** the people whom I block, by id: {user, at}; null before they were asked for */
  blocked = signal(null);
  /** the open reports, oldest first; null before they were looked at */
  reports = signal(null);
  problem = signal(null);
  #api;

  constructor(api) {
    this.#api = api;
  }

  async loadBlocks() {
    const { blocks } = await this.#api.get('/blocks', { limit: 200 });
    this.blocked.value = new Map(blocks.map((block) => [block.user.id, block]));
  }

  async block(user, on) {
    await this.#api[on ? 'put' : 'delete'](`/blocks/${user}`);
    await this.loadBlocks();
  }

  /** @param kind "mute", "roomBan" or "ban" */
  sanction(kind, room, user, how) { return this.#api.put(PATHS[kind](room, user), how); }

  lift(kind, room, user) { return this.#api.delete(PATHS[kind](room, user)); }

  /** What a ban from the server would touch: {sessions, tokens, invites, messages, rooms} */
  preview(user, messages) { return this.#api.put(`/bans/${user}`, { messages, dry_run: true }); }

  report(message, reason) { return this.#api.post(`/messages/${message}/report`, { reason }); }

  async loadReports() {
    try {
      this.reports.value = (await this.#api.get('/reports', { state: 'open', limit: 200 })).reports;
      this.problem.value = null;
    } catch (problem) {
      this.problem.value = problem;
    }
  }

  /** Something happened to a report: look again, where somebody looks at all. */
  changed() {
    return this.reports.value && this.loadReports();
  }

  async resolve(report, action, how = {}) {
    await this.#api.post(`/reports/${report}/resolve`, { action, ...how });
    await this.loadReports();
  }

  /** Takes back what I did last to a message, each of these acts as the audit calls them; for admins. */
  async undo(actions, { id, room_id: room }, me) {
    for (const action of actions) {
      const { audit } = await this.#api.get('/audit', { actor: me.id, room, action });
      const act = audit.findLast(({ message_id: of }) => of === id);
      if (act) await this.#api.post('/undo', { act: act.id });
    }
  }
}
