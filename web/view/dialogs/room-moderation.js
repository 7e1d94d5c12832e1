// What those who moderate a room look after: its people, who is muted or banned, and what was done there.
import { harmless } from '../../lib/text.js';
import { more } from '../../lib/more.js';
import { words } from '../../lib/words.js';
import { html, useWorld } from '../html.js';
import { closeDialog } from '../dialogs.js';
import { later } from '../later.js';
import { Sections } from '../sections.js';

const SECTIONS = [
  { key: 'people', title: more.roomPeople, Section: later(async () => (await import('../moderation/room-people.js')).RoomPeople, closeDialog) },
  { key: 'sanctions', title: more.sanctions, Section: later(async () => (await import('../moderation/room-people.js')).RoomSanctions, closeDialog) },
  { key: 'reports', title: words.reports, Section: later(async () => (await import('../reports-panel.js')).ReportsPanel, closeDialog) },
  { key: 'audit', title: more.audit, Section: later(async () => (await import('../moderation/audit.js')).Audit, closeDialog) },
];

export function RoomModeration({ about: id, session }) {
  const { rooms } = useWorld();
  return html`<${Sections} title=${more.roomModeration(harmless(rooms.nameOf(rooms.of(id))))} sections=${SECTIONS} always=${id} session=${session} />`;
}
