// A field, and the list of what it finds; asked after a short rest, the latest answer counts.
import { useEffect, useState } from 'preact/hooks';
import { sentenceOf } from '../lib/words.js';
import { Empty } from './empty.js';
import { html } from './html.js';

const REST_MS = 200;

/** @param find (text) → promise of a list; @param draw (item) → a list item */
export function Finder({ label, find, draw, empty, children }) {
  const [text, setText] = useState('');
  const [found, setFound] = useState({ items: null, problem: null });
  useEffect(() => {
    let current = true;
    const take = (state) => { if (current) setFound(state); };
    const timer = setTimeout(() => find(text.trim()).then((items) => take({ items }), (problem) => take({ problem })), text ? REST_MS : 0);
    return () => { current = false; clearTimeout(timer); };
  }, [text]);
  return html`
    <div class="finder">
      <input type="text" class="input" aria-label=${label} placeholder=${label} dir="auto" autocomplete="off" autofocus
        onInput=${(event) => setText(event.currentTarget.value)} />
      <div class="finder-list" aria-live="polite">
        ${found.problem && html`<p class="complaint">${sentenceOf(found.problem)}</p>`}
        ${found.items && (found.items.length ? html`<ul>${found.items.map(draw)}</ul>` : html`<${Empty} small title=${empty}>${children}</${Empty}>`)}
      </div>
    </div>`;
}
