// Asks the server for what the first picture needs while the rest of the page is still being loaded: index.html runs this module
// by itself, at once, and app.js imports the same one.
import { queryOf } from './lib/api.js';
import { loadWords } from './lib/language.js';
import { openingQuery } from './lib/opening.js';
import { parseRoute } from './lib/route.js';

loadWords().catch(() => {}); // lib/words.js waits for them, and says what went wrong

const ask = (path) => fetch(`/api${path}`, { headers: { accept: 'application/json' } }).then((answer) => (answer.ok ? answer.json() : null)).catch(() => null);

/** Promises of the answers of GET /api/hello and of GET /api/state, which only somebody who was in the last time will get; or null. */
export const early = { hello: ask('/hello'), state: askState() };

function askState() {
  const me = remembered('parley.browser.me');
  return me && ask(`/state${queryOf(openingQuery(parseRoute(location.hash), remembered(`parley.${me}.room`)))}`);
}

function remembered(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null; // forbidden, or not ours
  }
}
