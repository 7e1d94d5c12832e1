// Completion of @names while writing. Pure: text and place of the cursor in, candidates or new text out.
import { compareNames } from './order.js';

const MOST = 6;
const LONGEST = 40;

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

/** → {text, cursor} with the name in place of what was typed. */
export function complete(text, cursor, { at }, name) {
  const begin = `${text.slice(0, at)}@${name} `;
  return { text: begin + text.slice(cursor).replace(/^ /, ''), cursor: begin.length };
}

const startsWith = (person, wanted) => person.name.toLocaleLowerCase().startsWith(wanted);
