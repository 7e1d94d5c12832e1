// The three columns: rooms, conversation, and what stands at the right.
import { useEffect, useLayoutEffect } from 'preact/hooks';
import { useComputed } from '@preact/signals';
import { roomPath } from '../lib/route.js';
import { words } from '../lib/words.js';
import { Announcer } from './announcer.js';
import { Dialogs, openDialog } from './dialogs.js';
import { html, classes, useWorld } from './html.js';
import { useKeys } from './keys.js';
import { go, route } from './location.js';
import { Notice } from './notice.js';
import { closeDrawer, drawerOpen, uncover } from './panels.js';
import { RoomsNav } from './rooms-nav.js';
import { RoomView } from './room-view.js';
import { SidePanel, shownSide } from './side-panel.js';
import { Starting } from './starting.js';
import { Status } from './status.js';
import { useSwipe } from './swipe.js';
import { useTitle } from './title.js';
import { useWatch } from './watch.js';

export function Shell({ session }) {
  const world = useWorld();
  const roomId = useOpenRoom(world);
  const server = session.hello.value.name;
  useTitle(world, server);
  useWatch(world);
  useShared(world);
  useKeys(world);
  useSwipe(world.rooms.rooms.value.has(roomId));
  const ready = useComputed(() => world.ready.value).value;
  if (!ready) return html`<${Starting} text="" />`;
  return html`
    <div class=${classes('shell', shownSide(world, roomId) && 'shell-side', drawerOpen.value && 'shell-drawer')}>
      <${RoomsNav} session=${session} />
      ${drawerOpen.value && html`<button class="veil" aria-label=${words.close} onClick=${closeDrawer}></button>`}
      <main class="conversation">
        <${Status} />
        <${RoomView} key=${roomId} id=${roomId} />
        <${Notice} />
      </main>
      <${SidePanel} roomId=${roomId} />
    </div>
    <${Dialogs} session=${session} />
    <${Announcer} />`;
}

/** Another app shares something: where it is to go is asked here. */
function useShared(world) {
  const shared = route.value.view === 'share' && world.ready.value;
  useEffect(() => { if (shared) { openDialog('share'); go('#/', { replace: true }); } }, [shared]);
}

/** The room of the address; without one, the last room becomes the address. */
function useOpenRoom(world) {
  const { view, room } = route.value;
  const ready = world.ready.value;
  const named = view === 'room' ? room : null;
  const id = named ?? (ready ? world.rooms.home() : null);
  useLayoutEffect(() => { // before a link can be pressed, whose address it would undo
    if (!ready) return;
    if (!named && id) go(roomPath(id), { replace: true });
    world.rooms.remember(id);
    uncover();
  }, [id, named, ready, route.value]); // following the link of the open room is a visit, too
  return id;
}
