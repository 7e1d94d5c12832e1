// The pinned messages of the open room.
import { useEffect } from 'preact/hooks';
import { words } from '../lib/words.js';
import { Empty } from './empty.js';
import { html, useWorld } from './html.js';
import { ResultList } from './result-list.js';

export function PinsPanel({ roomId }) {
  const world = useWorld();
  const pins = world.pins.of(roomId);
  useEffect(() => { if (!pins) world.pins.load(roomId).catch((problem) => world.complain(problem)); }, [roomId, !pins]);
  if (!pins) return null;
  return html`
    <div class="side-scroll" tabindex="0" role="group" aria-label=${words.pins}>
      ${pins.length ? html`<${ResultList} messages=${pins} />` : html`<${Empty} small title=${words.pinsEmpty} />`}
    </div>`;
}
