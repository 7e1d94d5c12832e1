// A clock that a test moves: setTimeout, clearTimeout and Date.now stand still until tick(). (Node 18's own mock timers
// know neither Date nor the call that newer ones have.)

const real = { setTimeout, clearTimeout, now: Date.now };

export const clock = {
  /** Stops the time. */
  stop() {
    let now = 1_700_000_000_000;
    let last = 0;
    const waiting = new Map();
    globalThis.setTimeout = (run, ms = 0) => {
      last += 1;
      waiting.set(last, { run, at: now + ms });
      return last;
    };
    globalThis.clearTimeout = (id) => waiting.delete(id);
    Date.now = () => now;
    this.tick = (ms) => {
      const end = now + ms;
      for (;;) {
        const [id, next] = [...waiting].sort(([a, one], [b, two]) => one.at - two.at || a - b)[0] ?? [];
        if (!next || next.at > end) break;
        waiting.delete(id);
        now = Math.max(now, next.at);
        next.run();
      }
      now = end;
    };
  },

  /** Lets it go on. */
  release() {
    globalThis.setTimeout = real.setTimeout;
    globalThis.clearTimeout = real.clearTimeout;
    Date.now = real.now;
  },
};
