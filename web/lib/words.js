// The words of the page in the language of its reader; one module per language.
import { en } from './words/en.js';

const LANGUAGES = { en };

export const words = LANGUAGES[globalThis.navigator?.language?.slice(0, 2)] ?? en;

/** One sentence for a person: the server's own, or ours when there was no answer. */
export function sentenceOf(problem) {
  if (problem?.title) return problem.title;
  return problem?.code === 'unreachable' ? words.problems.unreachable : words.problems.other;
}
