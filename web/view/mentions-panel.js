// Messages that mention me or answer mine, newest first.
import { useEffect, useState } from 'preact/hooks';
import { words } from '../lib/words.js';
import { Empty } from './empty.js';
import { html, useWorld } from './html.js';
import { ResultList } from './result-list.js';

export function MentionsPanel() {
  const world = useWorld();
  const [messages, setMessages] = useState(null);
  const newest = world.rooms.mentions.value;
  useEffect(() => {
    world.api.get('/mentions').then((page) => setMessages([...page.mentions].sort((a, b) => b.id - a.id)), (problem) => world.complain(problem));
  }, [newest]);
  if (!messages) return null;
  return html`
    <div class="side-scroll" tabindex="0" role="group" aria-label=${words.mentions}>
      ${messages.length ? html`<${ResultList} messages=${messages} showRoom />` : html`<${Empty} small title=${words.mentionsEmpty} />`}
    </div>`;
}
