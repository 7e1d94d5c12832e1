// The address of the page as a signal.
import { signal } from '@preact/signals';
import { parseRoute } from '../lib/route.js';

export const route = signal(parseRoute(location.hash));

addEventListener('hashchange', () => { route.value = parseRoute(location.hash); });

export function go(path, { replace = false } = {}) {
  if (replace) history.replaceState(null, '', path);
  else location.hash = path;
  route.value = parseRoute(path);
}
