// The hours of the day in which nobody is to be disturbed: {from: "22:00", to: "07:00"}, by the reader's own clock.
import { once } from './once.js';

const clock = once(() => new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }));
const TIME = /^([01]\d|2[0-3]):[0-5]\d$/;

/** Over midnight, too; the same time twice is never. What is no such pair disturbs nobody's notifications. */
export function isQuiet(hours, now = Date.now()) {
  const { from, to } = hours ?? {};
  if (!TIME.test(from) || !TIME.test(to)) return false;
  const time = clock().format(now);
  return from <= to ? from <= time && time < to : time >= from || time < to;
}
