// The reader's own clock: the language of the words, the zone of the browser.
import { createClock } from '../lib/time.js';
import { words } from '../lib/words.js';

const alike = navigator.languages?.find((language) => language.split('-')[0] === words.language);

export const clock = createClock(alike ?? words.language);
