// What those who moderate the server look after, in sections; what one may not do is not there.
import { more } from '../../lib/more.js';
import { administers } from '../../lib/rights.js';
import { words } from '../../lib/words.js';
import { html, useWorld } from '../html.js';
import { closeDialog } from '../dialogs.js';
import { later } from '../later.js';
import { Sections } from '../sections.js';

const MODERATORS = [
  { key: 'audit', title: more.audit, Section: later(async () => (await import('../moderation/audit.js')).Audit, closeDialog) },
  { key: 'people', title: more.people, Section: later(async () => (await import('../moderation/people.js')).People, closeDialog) },
  { key: 'rules', title: more.rules, Section: later(async () => (await import('../moderation/rules.js')).Rules, closeDialog) },
  { key: 'networks', title: more.networks, Section: later(async () => (await import('../moderation/networks.js')).Networks, closeDialog) },
  { key: 'raid', title: more.raid, Section: later(async () => (await import('../moderation/raid.js')).Raid, closeDialog) },
];
const ADMINS = [
  { key: 'settings', title: more.settingsTitle, Section: later(async () => (await import('../moderation/settings.js')).Settings, closeDialog) },
  { key: 'undo', title: more.undoTitle, Section: later(async () => (await import('../moderation/undo.js')).Undo, closeDialog) },
];

export function Moderation({ about, session }) {
  const sections = administers(useWorld().me) ? [...MODERATORS, ...ADMINS] : MODERATORS;
  return html`<${Sections} title=${words.moderation} sections=${sections} first=${about?.section} session=${session} />`;
}
