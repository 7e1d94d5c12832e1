// The words of the page in the language of its reader.
import { loadWords } from './language.js';

const OF_THE_SERVER = 'en'; // what the server says of a refusal is in this language, and knows more than its code does

export const words = await loadWords();

/** One sentence for a person: the server's own where it speaks the reader's language, else ours for its code. */
export function sentenceOf(problem) {
  const { code, title } = problem ?? {};
  if (title && words.language === OF_THE_SERVER) return title;
  const word = Object.hasOwn(words.problems, code) ? words.problems[code] : title ?? words.problems.other;
  return typeof word === 'function' ? word(problem) : word;
}

/** What is wrong with this field of a form, or undefined. */
export function complaintOf(problem, field) {
  const told = problem?.fields?.[field];
  if (!told || words.language === OF_THE_SERVER) return told;
  return words.faults[field] ?? words.problems.invalid;
}
