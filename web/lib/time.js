// Times as people read them, by the language and the zone of the browser.
import { once } from './once.js';

export const FOREVER = '9999-12-31T23:59:59.999Z'; // how the server shows what has no end
const MINUTE_MS = 60_000;
const REMEMBERED = 5_000; // formatting is slow, and every row asks again at every drawing
const DAY_MS = 24 * 60 * MINUTE_MS;

export function createClock(language, timeZone) {
  const shape = (options) => once(() => new Intl.DateTimeFormat(language, { timeZone, ...options }));
  const time = shape({ hour: 'numeric', minute: '2-digit' });
  const day = shape({ weekday: 'long', day: 'numeric', month: 'long' });
  const dayWithYear = shape({ day: 'numeric', month: 'long', year: 'numeric' });
  const full = shape({ dateStyle: 'full', timeStyle: 'medium' });
  const short = shape({ day: 'numeric', month: 'short' });
  // Of the language that is asked for anyway: the formats of a second one would cost as much again.
  const key = shape({ calendar: 'gregory', numberingSystem: 'latn', year: 'numeric', month: '2-digit', day: '2-digit' });
  const relative = once(() => new Intl.RelativeTimeFormat(language, { numeric: 'auto' }));
  const days = new Map();
  const dayKey = (at) => {
    if (!days.has(at)) {
      if (days.size > REMEMBERED) days.clear();
      days.set(at, isoDate(key().formatToParts(new Date(at))));
    }
    return days.get(at);
  };
  const daysAgo = (at, now) => Math.round((Date.parse(dayKey(now)) - Date.parse(dayKey(at))) / DAY_MS);

  return {
    dayKey,
    time: (at) => time().format(new Date(at)),
    /** The time without "AM" or "PM", where there is little room and the whole is near. */
    tinyTime: (at) => time().formatToParts(new Date(at)).filter(({ type }) => type !== 'dayPeriod').map(({ value }) => value).join('').trim(),
    full: (at) => full().format(new Date(at)),
    /** "today", "yesterday", "Monday, 23 November", "3 March 2024" */
    day(at, now = Date.now()) {
      const ago = daysAgo(at, now);
      if (ago >= 0 && ago < 2) return capital(relative().format(-ago, 'day'), language);
      return (ago < 180 ? day : dayWithYear)().format(new Date(at));
    },
    /** The time for today, else the date: for lists. */
    brief(at, now = Date.now()) {
      return dayKey(at) === dayKey(now) ? time().format(new Date(at)) : short().format(new Date(at));
    },
  };
}

function isoDate(parts) {
  const of = Object.fromEntries(parts.map(({ type, value }) => [type, value]));
  return `${of.year}-${of.month}-${of.day}`;
}

const capital = (text, language) => text.charAt(0).toLocaleUpperCase(language) + text.slice(1);

export const hasEnd = (until) => Boolean(until) && until < FOREVER;
export const minutesBetween = (a, b) => Math.abs(Date.parse(b) - Date.parse(a)) / MINUTE_MS;
