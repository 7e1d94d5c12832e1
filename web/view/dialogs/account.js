// My account, in sections: who I am, where I am signed in, what acts for me, whom I invited and block, and what is mine.
import { more } from '../../lib/more.js';
import { words } from '../../lib/words.js';
import { Profile } from '../account/profile.js';
import { html } from '../html.js';
import { closeDialog } from '../dialogs.js';
import { later } from '../later.js';
import { Sections } from '../sections.js';

const SECTIONS = [
  { key: 'profile', title: more.profile, Section: Profile },
  { key: 'notices', title: more.notices, Section: later(async () => (await import('../account/notices.js')).Notices, closeDialog) },
  { key: 'security', title: more.security, Section: later(async () => (await import('../account/security.js')).Security, closeDialog) },
  { key: 'tokens', title: more.tokens, Section: later(async () => (await import('../account/tokens.js')).Tokens, closeDialog) },
  { key: 'invites', title: more.invites, Section: later(async () => (await import('../account/invites.js')).Invites, closeDialog) },
  { key: 'blocks', title: more.blocks, Section: later(async () => (await import('../account/blocks.js')).Blocks, closeDialog) },
  { key: 'data', title: more.data, Section: later(async () => (await import('../account/data.js')).Data, closeDialog) },
];

export const Account = ({ about, session }) => html`<${Sections} title=${words.profile} sections=${SECTIONS} first=${about?.section} session=${session} />`;
