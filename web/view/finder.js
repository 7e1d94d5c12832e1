// A field, and the list of what it finds.
import { useState } from 'preact/hooks';
import { sentenceOf } from '../lib/words.js';
import { Empty } from './empty.js';
import { html } from './html.js';
import { useAsked } from './listing.js';
import { useRest } from './rest.js';

/** @param find (text) → promise of a list; @param draw (item) → a list item */
export function Finder({ label, find, draw, empty, children }) {
  const [text, setText] = useState('');
  const found = useAsked(() => find(text.trim()), [text]);
  const look = useRest(setText);
  return html`
    <div class="finder">
      <input type="text" class="input" aria-label=${label} placeholder=${label} dir="auto" autocomplete="off" autofocus
        onInput=${(event) => look(event.currentTarget.value)} />
      <div class="finder-list" aria-live="polite">
        ${found.problem && html`<p class="complaint">${sentenceOf(found.problem)}</p>`}
        ${found.value && (found.value.length ? html`<ul>${found.value.map(draw)}</ul>` : html`<${Empty} small title=${empty}>${children}</${Empty}>`)}
      </div>
    </div>`;
}
