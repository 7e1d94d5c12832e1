// The keys of the whole page. The dialog of "?" lists them.
import { useEffect } from 'preact/hooks';
import { roomPath } from '../lib/route.js';
import { openDialog } from './dialogs.js';
import { go, route } from './location.js';
import { closeDrawer, drawerOpen } from './panels.js';

const ACTIONS = {
  'Ctrl+k': () => openDialog('switcher'),
  'Alt+ArrowUp': (world) => goBy(world, -1, () => true),
  'Alt+ArrowDown': (world) => goBy(world, 1, () => true),
  'Alt+Shift+ArrowUp': (world) => goBy(world, -1, isUnread),
  'Alt+Shift+ArrowDown': (world) => goBy(world, 1, isUnread),
  Escape: (world) => (drawerOpen.value ? closeDrawer() : markRead(world)),
};

export function useKeys(world) {
  useEffect(() => {
    const look = (event) => onKeyDown(world, event);
    addEventListener('keydown', look);
    return () => removeEventListener('keydown', look);
  }, [world]);
}

function onKeyDown(world, event) {
  if (event.defaultPrevented || event.isComposing) return;
  const chord = chordOf(event);
  const action = Object.hasOwn(ACTIONS, chord) ? ACTIONS[chord] : event.key === '?' && !isField(event.target) && (() => openDialog('keys'));
  if (!action || (chord === 'Escape' && holdsText(event.target))) return;
  if (document.querySelector('dialog[open]')) {
    if (chord === 'Ctrl+k') event.preventDefault(); // or the browser would take it
    return;
  }
  event.preventDefault();
  action(world);
}

function chordOf({ ctrlKey, metaKey, altKey, shiftKey, key }) {
  const letter = key.length === 1 ? key.toLowerCase() : key;
  return [(ctrlKey || metaKey) && 'Ctrl', altKey && 'Alt', shiftKey && 'Shift', letter].filter(Boolean).join('+');
}

const isField = (element) => Boolean(element.closest?.('input, textarea, select'));
/** A field to search in has a use of its own for Escape while there is something in it. */
const holdsText = (element) => element.matches?.('input') && Boolean(element.value);
const isUnread = ({ my }) => my.unread > 0 && my.level !== 'none';

/** To the next room of this kind, in the order of the list, from the end to the beginning. */
function goBy({ rooms }, step, fits) {
  const all = rooms.sorted.value;
  const id = route.value.room ?? rooms.open.value; // the address is there already, the room only when it is drawn
  const here = all.findIndex((room) => room.id === id);
  for (let n = 1; n <= all.length; n += 1) {
    const room = all.at((here + step * n + all.length * 2) % all.length);
    if (fits(room) && room.id !== id) return go(roomPath(room.id));
  }
  return undefined;
}

/** All of the open room is read, and one is at its end. */
function markRead(world) {
  const room = world.rooms.of(world.rooms.open.value);
  const timeline = room && world.timelines.of(room.id);
  if (!room?.my || !timeline) return;
  world.reading.seen(room.id, { id: room.last_message_id, n: room.last_n });
  timeline.newAfter.value = null;
  if (route.value.message) go(roomPath(room.id), { replace: true });
  else timeline.goToEnd();
}
