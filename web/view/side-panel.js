// What stands at the right: the people of the room, pinned messages, mentions, reports, or what was found.
import { words } from '../lib/words.js';
import { html, useWorld } from './html.js';
import { Icon } from './icons.js';
import { later } from './later.js';
import { closeSide, side } from './panels.js';

const PANELS = {
  people: [words.people, later(async () => (await import('./people-panel.js')).PeoplePanel, closeSide)],
  pins: [words.pins, later(async () => (await import('./pins-panel.js')).PinsPanel, closeSide)],
  mentions: [words.mentions, later(async () => (await import('./mentions-panel.js')).MentionsPanel, closeSide)],
  reports: [words.reports, later(async () => (await import('./reports-panel.js')).ReportsPanel, closeSide)],
  search: [words.searchResults, later(async () => (await import('./search-panel.js')).SearchPanel, closeSide)],
};

const OF_A_ROOM = new Set(['people', 'pins']);

/** What stands at the right now, or null: people and pins are only those of a room that one is in. */
export function shownSide(world, roomId) {
  return OF_A_ROOM.has(side.value) && !world.rooms.rooms.value.has(roomId) ? null : side.value;
}

export function SidePanel({ roomId }) {
  const shown = shownSide(useWorld(), roomId);
  if (!shown) return null;
  const [title, Panel] = PANELS[shown];
  return html`
    <aside class="side" aria-label=${title} onKeyDown=${(event) => { if (event.key === 'Escape') { event.preventDefault(); closeSide(); } }}>
      <header class="side-head">
        <h2>${title}</h2>
        <button class="button-icon" aria-label=${words.close} title=${words.close} onClick=${closeSide}><${Icon} name="close" /></button>
      </header>
      <${Panel} key=${`${shown} ${roomId}`} roomId=${roomId} />
    </aside>`;
}
