// The dialogs by name. They come together, with the first one that is opened: but for the two that bring most along, and the sections of an
// account and of moderation.
import { closeDialog } from '../dialogs.js';
import { html } from '../html.js';
import { later } from '../later.js';
import { Account } from './account.js';
import { AddPeople } from './add-people.js';
import { Browse } from './browse.js';
import { Moderation } from './moderation.js';
import { NewDirect } from './new-direct.js';
import { NewRoom } from './new-room.js';
import { Person } from './person.js';
import { Report } from './report.js';
import { RoomModeration } from './room-moderation.js';
import { RoomSettings } from './room-settings.js';
import { Sanction } from './sanction.js';
import { Share } from './share.js';

const all = {
  account: Account,
  addPeople: AddPeople,
  browse: Browse,
  keys: later(async () => (await import('./keys.js')).Keys, closeDialog),
  moderation: Moderation,
  newDirect: NewDirect,
  newRoom: NewRoom,
  person: Person,
  report: Report,
  room: RoomSettings,
  roomModeration: RoomModeration,
  sanction: Sanction,
  share: Share,
  switcher: later(async () => (await import('./switcher.js')).Switcher, closeDialog),
};

export function NamedDialog({ name, about, opening, session }) {
  const Shown = all[name];
  return html`<${Shown} key=${opening} about=${about} session=${session} />`;
}
