// For how long, and since when: what one chooses from, in hours, and the times that are meant.

const HOUR_MS = 3_600_000;

export const HOURS = [1, 24, 7 * 24, 30 * 24];

/** @param hours as a form has it: empty is until somebody lifts it */
export const untilOf = (hours, now = Date.now()) => (hours === '' ? null : new Date(now + Number(hours) * HOUR_MS).toISOString());

/** @param hours as a form has it: empty is from the beginning */
export const sinceOf = (hours, now = Date.now()) => (hours ? new Date(now - Number(hours) * HOUR_MS).toISOString() : undefined);
