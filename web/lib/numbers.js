// Numbers, plurals, lists and amounts as a language has them.
import { once } from './once.js';

export function createNumbers(language) {
  const number = once(() => new Intl.NumberFormat(language));
  const percent = once(() => new Intl.NumberFormat(language, { style: 'percent' }));
  const plural = once(() => new Intl.PluralRules(language));
  const list = once(() => new Intl.ListFormat(language, { type: 'conjunction' }));
  const relative = once(() => new Intl.RelativeTimeFormat(language));
  const bytes = once(() => new Intl.NumberFormat(language, { style: 'unit', unit: 'megabyte', unitDisplay: 'short' }));

  return {
    number: (n) => number().format(n),
    /** "1 room", "2 rooms" */
    count: (n, one, many) => `${number().format(n)} ${plural().select(n) === 'one' ? one : many}`,
    /** Of what is known in hundredths. */
    percent: (n) => percent().format(n / 100),
    list: (names) => list().format(names),
    megabytes: (n) => bytes().format(n),
    /** "in 5 seconds" */
    soon: (n, unit) => relative().format(n, unit),
    /** "1 hour", "7 days" */
    time: (n, unit) => new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long' }).format(n),
  };
}
