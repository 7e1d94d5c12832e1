// All channels that one may enter.
import { harmless } from '../../lib/text.js';
import { roomPath } from '../../lib/route.js';
import { words } from '../../lib/words.js';
import { Dialog, closeDialog, openDialog } from '../dialogs.js';
import { Finder } from '../finder.js';
import { html, useWorld } from '../html.js';
import { Icon } from '../icons.js';

export function Browse() {
  const { api } = useWorld();
  const find = async (text) => (await api.get('/rooms', { all: 1, q: text })).rooms;
  return html`
    <${Dialog} title=${words.browse}>
      <${Finder} label=${words.browseFind} find=${find} empty=${words.browseEmpty} draw=${(room) => html`<${Channel} key=${room.id} room=${room} />`}>
        <button class="button" onClick=${() => openDialog('newRoom')}>${words.newRoom}</button>
      </${Finder}>
    </${Dialog}>`;
}

const Channel = ({ room }) => html`
  <li>
    <a class="row-button channel" href=${roomPath(room.id)} onClick=${closeDialog}>
      <${Icon} name="hash" />
      <span class="channel-text">
        <bdi class="room-name">${harmless(room.name)}</bdi>
        ${room.topic && html`<span class="hint" dir="auto">${harmless(room.topic)}</span>`}
      </span>
      <span class="told">${words.members(room.members)}</span>
    </a>
  </li>`;
