// The beginning of a room: whose it is, and what to do in it.
import { harmless } from '../lib/text.js';
import { words } from '../lib/words.js';
import { html, useWorld } from './html.js';

export function LogStart({ roomId, empty }) {
  const { rooms } = useWorld();
  const room = rooms.of(roomId);
  if (!room) return null;
  const name = harmless(rooms.nameOf(room));
  const direct = room.kind === 'direct';
  return html`
    <div class="log-start">
      <p class="log-start-title">${direct ? words.emptyDirect(name) : words.emptyRoom(name)}</p>
      ${room.topic && html`<p dir="auto">${harmless(room.topic)}</p>`}
      ${empty && html`<p>${direct ? words.emptyDirectNext : words.emptyRoomNext}</p>`}
    </div>`;
}
