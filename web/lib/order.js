// The order of names, as the reader's language has it.
import { once } from './once.js';
import { words } from './words.js';

const collator = once(() => new Intl.Collator(words.language));

export const compareNames = (a, b) => collator().compare(a, b);
