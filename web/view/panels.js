// Which side panels are open. The people's panel is remembered on wide screens; the list of rooms slides in on narrow ones.
import { signal } from '@preact/signals';

const KEY = 'parley.people';
const WIDE = matchMedia('(min-width: 1100px)');
const PHONE = matchMedia('(max-width: 759px)');

/** The list of rooms, as a drawer on narrow screens. */
export const drawerOpen = signal(false);
/** null, "people", "search", "pins", "mentions" or "reports": what stands at the right. */
export const side = signal(resting());

/** From the drawer, too, which would cover what is shown. */
export function showSide(name) {
  closeDrawer();
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

/** One goes to a place in the conversation: what covers it goes, on a phone also the list in which the place was chosen. */
export function uncover() {
  closeDrawer();
  if (PHONE.matches) closeSide();
}

function resting() {
  return WIDE.matches && localStorage.getItem(KEY) !== 'closed' ? 'people' : null;
}
