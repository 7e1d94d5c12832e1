// What another app shares goes into a room that is chosen here: the text into its draft, the images beside it. It is sent there, by hand.
import { useEffect, useState } from 'preact/hooks';
import { mayWrite } from '../../lib/rights.js';
import { roomPath } from '../../lib/route.js';
import { harmless, plainLine, shortened } from '../../lib/text.js';
import { words } from '../../lib/words.js';
import { Dialog, closeDialog } from '../dialogs.js';
import { Finder } from '../finder.js';
import { html, useWorld } from '../html.js';
import { go } from '../location.js';
import { RoomMark } from '../rooms-nav.js';
import { forgetShared, readShared } from '../shared.js';

const SHOWN = 140;

export function Share() {
  const world = useWorld();
  const [shared, setShared] = useState(null);
  useEffect(() => { readShared().then(setShared, () => setShared({ text: '', images: [] })); }, []);
  if (!shared) return null;
  const nameOf = (room) => world.rooms.nameOf(room);
  const find = async (text) => world.rooms.sorted.value.filter((room) => mayWrite(room) && nameOf(room).toLocaleLowerCase().includes(text.toLocaleLowerCase()));
  const draw = (room) => html`
    <li key=${room.id}>
      <button class="row-button" onClick=${() => putInto(world, room, shared)}>
        <${RoomMark} room=${room} name=${nameOf(room)} /><bdi class="room-name">${harmless(nameOf(room))}</bdi>
      </button>
    </li>`;
  const nothing = !shared.text && !shared.images.length;
  return html`
    <${Dialog} title=${words.share}>
      ${nothing ? html`<p>${words.shareNothing}</p>` : html`
        <p class="hint" dir="auto">${[shortened(harmless(plainLine(shared.text)), SHOWN), shared.images.length > 0 && words.shareImages(shared.images.length)].filter(Boolean).join(' · ')}</p>
        <${Finder} label=${words.shareFind} find=${find} empty=${words.shareEmpty} draw=${draw} />`}
    </${Dialog}>`;
}

function putInto(world, room, { text, images }) {
  const draft = world.drafts.of(room.id).value.text;
  if (text) world.drafts.change(room.id, { text: draft ? `${draft}\n${text}` : text });
  world.uploads.add(room.id, images);
  forgetShared();
  closeDialog();
  go(roomPath(room.id));
}
