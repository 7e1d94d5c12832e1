// How long to wait before the next try: doubling, capped, and spread so that many pages do not return at once.

const FIRST_MS = 1_000;
const LONGEST_MS = 30_000;

export function delayOf(attempt, random = Math.random()) {
  const full = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.max(0, attempt));
  return Math.round(full / 2 + (full / 2) * random);
}
