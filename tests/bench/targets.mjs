// What a figure is held against: spread into a row, `yield { what, figure, ...atLeast(figure, 12_000) }`.
const written = (number) => number.toLocaleString('en-US');

export const atLeast = (figure, least) => ({ target: `≥ ${written(least)}`, met: figure >= least });
export const atMost = (figure, most) => ({ target: `≤ ${written(most)}`, met: figure <= most });
export const all = (figure, whole) => ({ target: 'all', met: figure === whole });

/** Several at once: all must be met. */
export const both = (...targets) => ({ target: targets.map(({ target }) => target).join(', '), met: targets.every(({ met }) => met) });

/** Held against another server of the same run: `times(ours, theirs, 1.4)` is "≥ 1.4 × nchan". */
export const times = (figure, other, factor, name) => ({ target: `≥ ${factor} × ${name}`, met: figure >= other * factor });
export const atMostTimes = (figure, other, factor, name) => ({ target: `≤ ${factor} × ${name}`, met: figure <= other * factor });
export const partOf = (figure, other, divisor, name) => ({ target: `≤ 1/${divisor} of ${name}`, met: figure <= other / divisor });
