// Which side panels are open. The people's panel is remembered on wide screens; the list of rooms slides in on narrow ones.
import { signal } from '@preact/signals';

const KEY = 'parley.people';
const WIDE = matchMedia('(min-width: 1100px)');

/** The list of rooms, as a drawer on narrow screens. */
export const drawerOpen = signal(false);
/** null, "people", "search", "pins" or "mentions": what stands at the right. */
export const side = signal(WIDE.matches && localStorage.getItem(KEY) !== 'closed' ? 'people' : null);

export function showSide(name) {
  side.value = name;
  if (WIDE.matches && (name === 'people' || name === null)) localStorage.setItem(KEY, name ? 'open' : 'closed');
}

export const toggleSide = (name) => showSide(side.value === name ? null : name);
export const closeDrawer = () => { drawerOpen.value = false; };
