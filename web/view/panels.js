// Which side panels are open. The people's panel is remembered on wide screens; the list of rooms slides in on narrow ones.
import { signal } from '@preact/signals';

const KEY = 'parley.people';
const WIDE = matchMedia('(min-width: 1100px)');

/** The list of rooms, as a drawer on narrow screens. */
export const drawerOpen = signal(false);
/** null, "people", "search", "pins", "mentions" or "reports": what stands at the right. */
export const side = signal(resting());

export function showSide(name) {
  if (WIDE.matches && (name === 'people' || side.value === 'people')) localStorage.setItem(KEY, name === null ? 'closed' : 'open');
  side.value = name;
}

/** What was looked at goes; the people, when they were there before, come back. */
export function closeSide() {
  if (side.value === 'people') showSide(null);
  else side.value = resting();
}

export const toggleSide = (name) => (side.value === name ? closeSide() : showSide(name));
export const toggleDrawer = () => { drawerOpen.value = !drawerOpen.value; };
export const closeDrawer = () => { drawerOpen.value = false; };

function resting() {
  return WIDE.matches && localStorage.getItem(KEY) !== 'closed' ? 'people' : null;
}
