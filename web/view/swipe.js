// On a phone the panels lie side by side, the rooms, the conversation, the people: a swipe goes from one to the next.
import { useEffect } from 'preact/hooks';
import { closeDrawer, closeSide, drawerOpen, showSide, side, toggleDrawer } from './panels.js';

const FAR_PX = 56;
const EDGE_PX = 20; // from there the browser itself goes back
const SLOW_MS = 600;
const STEEPNESS = 2; // so many times wider than high, or it is scrolling
const NARROW = matchMedia('(max-width: 759px)');

export function useSwipe(hasPeople) {
  useEffect(() => {
    let start = null;
    const down = (event) => { start = event.touches.length === 1 && NARROW.matches ? startOf(event) : null; };
    const up = (event) => { if (start) turn(directionOf(start, event), hasPeople); start = null; };
    const away = () => { start = null; };
    addEventListener('touchstart', down, { passive: true });
    addEventListener('touchend', up, { passive: true });
    addEventListener('touchcancel', away, { passive: true });
    return () => {
      removeEventListener('touchstart', down);
      removeEventListener('touchend', up);
      removeEventListener('touchcancel', away);
    };
  }, [hasPeople]);
}

function startOf({ target, touches: [{ clientX, clientY }], timeStamp }) {
  const atEdge = clientX < EDGE_PX || clientX > innerWidth - EDGE_PX;
  return atEdge || hasOwnUse(target) ? null : { clientX, clientY, timeStamp };
}

/** What scrolls sideways itself, text that is being selected, what lies above all panels. */
function hasOwnUse(target) {
  if (!document.getSelection().isCollapsed || target.closest('dialog, input, textarea')) return true;
  for (let each = target; each && each !== document.body; each = each.parentElement) {
    if (each.scrollWidth > each.clientWidth && getComputedStyle(each).overflowX === 'auto') return true;
  }
  return false;
}

/** 1 towards what stands at the end of the line, -1 towards its beginning, 0 for no swipe. */
function directionOf({ clientX, clientY, timeStamp }, event) {
  const [touch] = event.changedTouches;
  const [x, y] = [touch.clientX - clientX, touch.clientY - clientY];
  if (Math.abs(x) < FAR_PX || Math.abs(x) < Math.abs(y) * STEEPNESS || event.timeStamp - timeStamp > SLOW_MS) return 0;
  return getComputedStyle(document.documentElement).direction === 'rtl' ? Math.sign(x) : -Math.sign(x);
}

function turn(direction, hasPeople) {
  if (direction < 0 && side.value) closeSide();
  else if (direction < 0 && !drawerOpen.value) toggleDrawer();
  else if (direction > 0 && drawerOpen.value) closeDrawer();
  else if (direction > 0 && !side.value && hasPeople) showSide('people');
}
