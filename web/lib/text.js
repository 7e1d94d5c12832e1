// Measuring and taming text that other people wrote.
import { once } from './once.js';

// Marks that turn the direction of what follows, and other invisible ones that can disguise a name.
const DISGUISES = /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/gu;
const HUES = 360;
const HUE_STEP = 137.508; // the golden angle: neighbours in id are far apart in colour

/** A name or file name with direction and control characters made visible as a small box. */
export const harmless = (text) => String(text ?? '').replace(DISGUISES, '\u25a1');

/** Length as the server counts it: in code points. */
export const lengthOf = (text) => [...text].length;

export function initialsOf(name) {
  const parts = harmless(name).trim().split(/[\s._-]+/u).filter(Boolean);
  const first = parts.length > 1 ? [parts[0], parts.at(-1)] : parts;
  return first.map(firstLetter).join('').toLocaleUpperCase() || '?';
}

export const hueOf = (id) => Math.round((id * HUE_STEP) % HUES);

const segmenter = once(() => (Intl.Segmenter ? new Intl.Segmenter() : null));

const PLAIN = /^[\p{L}\p{N}](?=[\p{L}\p{N}]|$)/u;

/** As a person counts letters: an emoji of several code points, or a letter with its accents, is one. A segmenter is dear to make. */
function firstLetter(word) {
  const [plain] = PLAIN.exec(word) ?? [];
  if (plain) return plain;
  const segments = segmenter()?.segment(word) ?? [...word].map((segment) => ({ segment }));
  for (const { segment } of segments) return segment;
  return '';
}

/** One line of text without the commonest marks of Markdown: for quotes, where nothing is drawn. */
export const plainLine = (text) => text.replace(/```[^\n]*\n?|(?<!\w)[*_~`]{1,3}(?=\S)|(?<=\S)[*_~`]{1,3}(?!\w)|^(?:>+|#+) ?/gm, '').replace(/\s+/g, ' ').trim();

/** At most so many characters, never half of one. */
export function shortened(text, length) {
  const points = [...text];
  return points.length > length ? `${points.slice(0, length).join('')}…` : text;
}

/** Cuts text into plain and marked pieces by [[start, length], …] in code points. */
export function splitByMarks(text, marks = []) {
  const points = [...text];
  const pieces = [];
  let at = 0;
  for (const [start, length] of [...marks].sort((a, b) => a[0] - b[0])) {
    if (start < at) continue;
    if (start > at) pieces.push({ text: points.slice(at, start).join(''), marked: false });
    pieces.push({ text: points.slice(start, start + length).join(''), marked: true });
    at = start + length;
  }
  if (at < points.length) pieces.push({ text: points.slice(at).join(''), marked: false });
  return pieces;
}

/** A cut-out around the first mark, for lists of results. */
export function excerptOf(text, marks = [], before = 60, whole = 220) {
  const points = [...text];
  const first = marks[0]?.[0] ?? 0;
  const start = first > before ? first - before : 0;
  const shift = start > 0 ? 1 : 0;
  const cut = points.slice(start, start + whole).join('');
  return {
    text: (start > 0 ? '…' : '') + cut + (points.length > start + whole ? '…' : ''),
    marks: marks.map(([at, length]) => [at - start + shift, length]).filter(([at]) => at >= shift),
  };
}
