// The field to search in; what is found stands at the right.
import { signal } from '@preact/signals';
import { words } from '../lib/words.js';
import { html } from './html.js';
import { Icon } from './icons.js';
import { closeSide, drawerOpen, showSide, side } from './panels.js';

/** What is searched for, settled: after Enter, or a short rest. */
export const query = signal('');

const REST_MS = 300;
let timer = null;

export function SearchBox() {
  function look(text) {
    clearTimeout(timer);
    query.value = text.trim();
    if (query.value) showSide('search'); else if (side.value === 'search') closeSide();
  }
  /** In the drawer of a phone what is found would cover the field: there Enter decides. */
  function later(text) {
    clearTimeout(timer);
    if (drawerOpen.value) return;
    timer = setTimeout(() => { if (text.trim().length > 1 || !text) look(text); }, REST_MS);
  }
  return html`
    <form class="search-box" role="search" onSubmit=${(event) => { event.preventDefault(); look(event.currentTarget.elements.q.value); }}>
      <${Icon} name="search" small />
      <input type="search" name="q" aria-label=${words.search} placeholder=${words.searchHint} autocomplete="off" dir="auto"
        onInput=${(event) => later(event.currentTarget.value)} />
    </form>`;
}
