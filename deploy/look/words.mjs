// Numbers as people say them.
const UNITS = [['days', 86400], ['hours', 3600], ['minutes', 60], ['seconds', 1]];

export function span(seconds) {
  const [unit, size] = UNITS.find(([, length]) => seconds >= 2 * length) ?? UNITS.at(-1);
  const number = Math.floor(seconds / size);
  return `${number} ${number === 1 ? unit.slice(0, -1) : unit}`;
}

export function bytes(number) {
  const power = number > 0 ? Math.min(4, Math.floor(Math.log2(number) / 10)) : 0;
  const scaled = number / 1024 ** power;
  return `${scaled >= 100 || power === 0 ? Math.round(scaled) : scaled.toFixed(1)} ${['B', 'KB', 'MB', 'GB', 'TB'][power]}`;
}

export const count = (number) => Math.round(number).toLocaleString('en-US');
export const percent = (share) => `${share > 0 && share < 0.01 ? '< 1' : Math.round(share * 100)} %`;

export function duration(seconds) {
  return seconds >= 1 ? `${seconds.toFixed(1)} s` : `${seconds >= 0.01 ? Math.round(seconds * 1000) : (seconds * 1000).toFixed(1)} ms`;
}
