// Goes to a room by some letters of its name; with none, first to where something is unread.
import { useState } from 'preact/hooks';
import { bestOf } from '../../lib/fuzzy.js';
import { more } from '../../lib/more.js';
import { roomPath } from '../../lib/route.js';
import { harmless } from '../../lib/text.js';
import { words } from '../../lib/words.js';
import { Choices, ownerOf, useChoice } from '../choice.js';
import { Dialog, closeDialog } from '../dialogs.js';
import { Empty } from '../empty.js';
import { html, useWorld } from '../html.js';
import { go } from '../location.js';
import { RoomMark } from '../rooms-nav.js';

const LIST = 'switcher-list';
const MOST = 50;

export function Switcher() {
  const { rooms } = useWorld();
  const [text, setText] = useState('');
  const found = bestOf(inOrder(rooms), text, (room) => rooms.nameOf(room)).slice(0, MOST);
  const choose = (room) => { closeDialog(); go(roomPath(room.id)); };
  const choice = useChoice(found, choose);
  const draw = (room) => html`
    <${RoomMark} room=${room} name=${rooms.nameOf(room)} />
    <bdi class="room-name">${harmless(rooms.nameOf(room))}</bdi>
    ${room.my.unread > 0 && html`<span class="badge">${words.count(room.my.unread)}<span class="unseen"> ${words.unreadWord}</span></span>`}`;
  return html`
    <${Dialog} title=${more.switcher}>
      <div class="finder">
        <input type="text" class="input" role="combobox" aria-label=${more.switcherFind} placeholder=${more.switcherFind} dir="auto" autocomplete="off" autofocus
          aria-expanded="true" ...${ownerOf(LIST, found, choice.index)} onKeyDown=${choice.onKeyDown}
          onInput=${(event) => { setText(event.currentTarget.value); choice.reset(); }} />
        <div class="finder-list">
          ${found.length ? html`<${Choices} id=${LIST} label=${words.rooms} items=${found} index=${choice.index} choose=${choose} keyOf=${({ id }) => id} draw=${draw} />`
            : html`<${Empty} small title=${more.switcherEmpty} />`}
        </div>
      </div>
    </${Dialog}>`;
}

/** Where one is comes last: nobody wants to go there. */
function inOrder(rooms) {
  const rank = (room) => (room.id === rooms.open.value ? 2 : room.my.unread > 0 ? 0 : 1);
  return [...rooms.sorted.value].sort((a, b) => rank(a) - rank(b));
}
