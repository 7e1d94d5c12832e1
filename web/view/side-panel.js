// What stands at the right: the people of the room, pinned messages, mentions, or what was found.
import { words } from '../lib/words.js';
import { html, useWorld } from './html.js';
import { Icon } from './icons.js';
import { later } from './later.js';
import { showSide, side } from './panels.js';
import { PeoplePanel } from './people-panel.js';

const PANELS = {
  people: [words.people, PeoplePanel],
  pins: [words.pins, later(async () => (await import('./pins-panel.js')).PinsPanel)],
  mentions: [words.mentions, later(async () => (await import('./mentions-panel.js')).MentionsPanel)],
  search: [words.searchResults, later(async () => (await import('./search-panel.js')).SearchPanel)],
};

const OF_A_ROOM = new Set(['people', 'pins']);

export function SidePanel({ roomId }) {
  const inside = Boolean(useWorld().rooms.rooms.value.get(roomId));
  if (!side.value || (!inside && OF_A_ROOM.has(side.value))) return null;
  const [title, Panel] = PANELS[side.value];
  return html`
    <aside class="side" aria-label=${title} onKeyDown=${(event) => { if (event.key === 'Escape') showSide(null); }}>
      <header class="side-head">
        <h2>${title}</h2>
        <button class="button-icon" aria-label=${words.close} title=${words.close} onClick=${() => showSide(null)}><${Icon} name="close" /></button>
      </header>
      <${Panel} key=${`${side.value} ${roomId}`} roomId=${roomId} />
    </aside>`;
}
