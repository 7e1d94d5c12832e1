// The head of a room: its name and topic, and what can be looked at beside it.
import { harmless } from '../lib/text.js';
import { mayAdd } from '../lib/rights.js';
import { words } from '../lib/words.js';
import { openDialog } from './dialogs.js';
import { html, useWorld } from './html.js';
import { Icon } from './icons.js';
import { drawerOpen, side, toggleDrawer, toggleSide } from './panels.js';
import { RoomMark } from './rooms-nav.js';

export function RoomHead({ room }) {
  const world = useWorld();
  const name = world.rooms.nameOf(room);
  return html`
    <header class="room-head">
      <${MenuButton} />
      <div class="room-head-text">
        <h1><${RoomMark} room=${room} name=${name} /><bdi>${harmless(name)}</bdi></h1>
        ${room.topic && html`<p class="room-topic" dir="auto" title=${harmless(room.topic)}>${harmless(room.topic)}</p>`}
      </div>
      ${room.my && html`
        ${mayAdd(room) && html`<${HeadButton} icon="plus" label=${words.addPeople} onClick=${() => openDialog('addPeople', room.id)} />`}
        <${HeadButton} icon="pin" label=${words.pins} pressed=${side.value === 'pins'} onClick=${() => toggleSide('pins')} />
        <${HeadButton} icon="people" label=${side.value === 'people' ? words.hidePeople : words.showPeople}
          pressed=${side.value === 'people'} onClick=${() => toggleSide('people')} />
        <${HeadButton} icon="settings" label=${words.roomSettings} onClick=${() => openDialog('room', room.id)} />`}
    </header>`;
}

/** Where there is no room to show: on a narrow screen the way to the list of rooms is here all the same. */
export const EmptyHead = () => html`<header class="room-head empty-head"><${MenuButton} /></header>`;

const MenuButton = () => html`
  <button class="button-icon only-narrow" aria-label=${words.menu} aria-expanded=${drawerOpen.value} onClick=${toggleDrawer}>
    <${Icon} name="menu" />
  </button>`;

const HeadButton = ({ icon, label, pressed, onClick }) => html`
  <button class="button-icon" aria-label=${label} title=${label} aria-pressed=${pressed} onClick=${onClick}>
    <${Icon} name=${icon} />
  </button>`;
