// Speaks what others write in the open room, and nothing else: history that is loaded stays silent.
import { harmless } from '../lib/text.js';
import { words } from '../lib/words.js';
import { html, useWorld } from './html.js';

const LONGEST = 200;

export function Announcer() {
  const world = useWorld();
  const message = world.last.value;
  const here = message && message.room_id === world.rooms.open.value;
  const text = here ? words.said(harmless(world.people.nameOf(message.user)), [...(message.text ?? '')].slice(0, LONGEST).join('')) : '';
  return html`<div class="unseen" aria-live="polite">${text}</div>`;
}
