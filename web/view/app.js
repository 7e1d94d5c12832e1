// The page: who is nobody yet is welcomed, who is signed in sees the rooms.
import { useEffect } from 'preact/hooks';
import { words } from '../lib/words.js';
import { html, WorldProvider } from './html.js';
import { InviteGate } from './invite.js';
import { route } from './location.js';
import { Shell } from './shell.js';
import { Starting } from './starting.js';
import { LinkWelcome, Welcome } from './welcome.js';

export function App({ session }) {
  useEffect(() => { session.start(); }, []);
  const world = session.world.value;
  const { view, token } = route.value;
  if (!session.hello.value) return html`<${Starting} text=${session.waiting.value ? words.noServer : ''} />`;
  if (view === 'link') return html`<${LinkWelcome} session=${session} token=${token} />`;
  if (view === 'invite') return html`<${InviteGate} key=${token} session=${session} token=${token} />`;
  if (!world) return html`<${Welcome} session=${session} />`;
  return html`<${WorldProvider} value=${world}><${Shell} key=${world.me.id} session=${session} /></${WorldProvider}>`;
}
