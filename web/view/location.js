// The address of the page as a signal: a new object at each visit, also when the same place is asked for again.
import { signal } from '@preact/signals';
import { parseRoute } from '../lib/route.js';

export const route = signal(parseRoute(location.hash));

let current = location.hash;

addEventListener('hashchange', () => { if (location.hash !== current) visit(); });
// A link to where one is changes nothing in the address, but whoever follows it wants to be taken there.
addEventListener('click', (event) => {
  const link = event.target.closest?.('a[href^="#/"]');
  if (link && link.hash === location.hash) visit();
});

export function go(path, { replace = false } = {}) {
  if (replace) history.replaceState(null, '', path);
  else location.hash = path;
  visit();
}

function visit() {
  current = location.hash;
  route.value = parseRoute(current);
}
