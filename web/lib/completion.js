// Completion of @names, :emoji and /commands while writing. Pure: text and place of the cursor in, candidates or new text out.
import { compareNames } from './order.js';

const MOST = 6;
const LONGEST = 40;

/** What is being written at the cursor and can be completed: {kind, at, typed}, or null. */
export function placeAt(text, cursor) {
  return of('command', commandAt(text, cursor)) ?? of('emoji', emojiAt(text, cursor)) ?? of('person', mentionAt(text, cursor));
}

const of = (kind, place) => place && { kind, ...place };

/** A /word at the very beginning. */
export function commandAt(text, cursor) {
  const [, typed] = /^\/(\w*)$/.exec(text.slice(0, cursor)) ?? [];
  return typed === undefined ? null : { at: 0, typed };
}

/** A :word of two letters or more, not that of a time or an address. */
export function emojiAt(text, cursor) {
  const [whole, typed] = /(?<![\p{L}\p{N}:/]):([\p{L}\p{N}_+-]{2,})$/u.exec(text.slice(Math.max(0, cursor - LONGEST), cursor)) ?? [];
  return whole ? { at: cursor - whole.length, typed } : null;
}

/** The unfinished @word that the cursor stands behind: {at, typed}, or null. */
export function mentionAt(text, cursor) {
  const before = text.slice(0, cursor);
  const at = before.lastIndexOf('@');
  if (at < 0 || cursor - at > LONGEST || (at > 0 && /[\p{L}\p{N}]/u.test(before[at - 1]))) return null;
  const typed = before.slice(at + 1);
  return typed.includes('\n') || typed.startsWith(' ') ? null : { at, typed };
}

/** People whose name begins so first, then those who have it anywhere; `recent` ids come before others. */
export function candidatesFor(typed, people, recent = []) {
  const wanted = typed.toLocaleLowerCase();
  const rank = (person) => {
    const spoke = recent.indexOf(person.id);
    return (startsWith(person, wanted) ? 0 : 1000) + (spoke < 0 ? 999 : spoke);
  };
  return people.filter((person) => person.name.toLocaleLowerCase().includes(wanted))
    .sort((a, b) => rank(a) - rank(b) || compareNames(a.name, b.name)).slice(0, MOST);
}

/** → {text, cursor} with `whole` in place of what was typed. */
export function complete(text, cursor, { at }, whole) {
  const begin = `${text.slice(0, at)}${whole} `;
  return { text: begin + text.slice(cursor).replace(/^ /, ''), cursor: begin.length };
}

const startsWith = (person, wanted) => person.name.toLocaleLowerCase().startsWith(wanted);
