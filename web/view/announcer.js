// Speaks what others write in the open room, and nothing else: history that is loaded stays silent.
import { summaryOf } from '../lib/summary.js';
import { harmless } from '../lib/text.js';
import { words } from '../lib/words.js';
import { html, useWorld } from './html.js';

export function Announcer() {
  const world = useWorld();
  const message = world.last.value;
  const here = message && message.room_id === world.rooms.open.value;
  const text = here ? words.said(harmless(world.people.nameOf(message.user)), summaryOf(message)) : '';
  return html`<div class="unseen" aria-live="polite">${text}</div>`;
}
