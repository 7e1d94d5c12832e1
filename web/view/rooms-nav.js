// The list of rooms, with what is unread in each, and who I am.
import { harmless } from '../lib/text.js';
import { moderatesServer } from '../lib/rights.js';
import { roomPath } from '../lib/route.js';
import { words } from '../lib/words.js';
import { openDialog } from './dialogs.js';
import { classes, html, memo, useWorld } from './html.js';
import { Icon } from './icons.js';
import { showSide } from './panels.js';
import { Avatar, PresenceDot } from './person.js';
import { SearchBox } from './search-box.js';

const SECTIONS = [['channel', words.channels], ['group', words.groups], ['direct', words.directs]];

export function RoomsNav({ session }) {
  const world = useWorld();
  return html`
    <div class="sidebar">
      <header class="sidebar-head">
        <strong class="server-name">${harmless(session.hello.value.name)}</strong>
        <button class="button-icon" aria-label=${words.newRoom} title=${words.newRoom}
          onClick=${() => openDialog('newRoom')}><${Icon} name="plus" /></button>
      </header>
      <${SearchBox} />
      <nav class="rooms" aria-label=${words.rooms}>
        ${SECTIONS.map(([kind, title]) => html`<${Section} key=${kind} kind=${kind} title=${title} />`)}
      </nav>
      <div class="sidebar-more">
        ${world.outdated.value && !world.uploads.pending && html`<button class="row-button" onClick=${() => location.reload()}><${Icon} name="down" />${words.newVersion}</button>`}
        <button class="row-button" onClick=${() => showSide('mentions')}><${Icon} name="at" />${words.mentions}</button>
        ${moderatesServer(world.me) && html`
          <button class="row-button" onClick=${() => showSide('reports')}><${Icon} name="flag" />${words.reports}</button>
          <button class="row-button" onClick=${() => openDialog('moderation')}><${Icon} name="shield" />${words.moderation}</button>`}
        <button class="row-button" onClick=${() => openDialog('browse')}><${Icon} name="search" />${words.browse}</button>
        <button class="row-button" onClick=${() => openDialog('newDirect')}><${Icon} name="bubble" />${words.newDirect}</button>
      </div>
      <${Me} user=${world.me} />
    </div>`;
}

function Section({ kind, title }) {
  const { rooms } = useWorld();
  const those = rooms.sorted.value.filter((room) => room.kind === kind);
  if (!those.length) return null;
  return html`
    <h2 class="rooms-title">${title}</h2>
    <ul>
      ${those.map((room) => html`
        <${RoomLink} key=${room.id} room=${room} name=${rooms.nameOf(room)} open=${rooms.open.value === room.id} />`)}
    </ul>`;
}

const RoomLink = memo(({ room, name, open }) => {
  const { unread, mentions, level } = room.my;
  const loud = mentions > 0 || (room.kind === 'direct' && unread > 0);
  return html`
    <li>
      <a href=${roomPath(room.id)} aria-current=${open ? 'page' : undefined}
        class=${classes('room-link', unread > 0 && level !== 'none' && 'room-unread', room.archived && 'room-archived')}>
        <${RoomMark} room=${room} name=${name} />
        <bdi class="room-name">${harmless(name)}</bdi>
        ${unread > 0 && html`
          <span class=${classes('badge', loud && 'badge-loud')}>
            <span class="unseen">${' '}</span>${words.count(unread)}<span class="unseen"> ${words.unreadWord}${loud ? `, ${words.mentionsYou}` : ''}</span>
          </span>`}
      </a>
    </li>`;
});

export function RoomMark({ room, name }) {
  if (room.kind !== 'direct') return html`<span class="room-mark"><${Icon} name=${room.kind === 'group' ? 'group' : 'hash'} /></span>`;
  return html`
    <span class="room-mark">
      <${Avatar} id=${room.peer?.id ?? 0} name=${name} size="small" />
      <${PresenceDot} id=${room.peer?.id} />
    </span>`;
}

const Me = ({ user }) => html`
  <button class="me" onClick=${() => openDialog('account')}>
    <span class="unseen">${words.profile}${words.colon}</span>
    <${Avatar} id=${user.id} name=${user.name} size="small" />
    <bdi class="room-name">${harmless(user.name)}</bdi>
    <${Icon} name="settings" />
  </button>`;
