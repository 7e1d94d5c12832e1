// A message in one line of words, where it is not shown whole: spoken, quoted, found.
import { plainLine, shortened } from './text.js';
import { words } from './words.js';

const LONGEST = 200;

/** Why a message has no text, or null when it has. */
export function missingOf({ deleted, blocked }) {
  if (blocked) return words.blockedMessage;
  if (!deleted) return null;
  return deleted.by === 'author' ? words.removedByAuthor : words.removedByModerator;
}

export const summaryOf = (message) => missingOf(message) ?? (shortened(plainLine(message.text ?? ''), LONGEST) || words.imageView);
