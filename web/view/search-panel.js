// What a search found.
import { useEffect } from 'preact/hooks';
import { sentenceOf, words } from '../lib/words.js';
import { Empty } from './empty.js';
import { html, useWorld } from './html.js';
import { ResultList } from './result-list.js';
import { query } from './search-box.js';

export function SearchPanel() {
  const { search } = useWorld();
  useEffect(() => { search.ask(query.value); }, [query.value]);
  const found = search.messages.value;
  return html`
    <div class="side-scroll" aria-live="polite" tabindex="0" role="group" aria-label=${words.searchResults}>
      ${search.problem.value ? html`<${Empty} small title=${sentenceOf(search.problem.value)} />`
        : !query.value ? html`<${Empty} small title=${words.searchHint} />`
        : !found ? html`<p class="hint side-hint">${words.searching}</p>`
        : !found.length ? html`<${Empty} small title=${words.searchEmpty(query.value)} next=${words.searchEmptyNext} />`
        : html`<${ResultList} messages=${found} showRoom />`}
      ${found && search.more.value && html`<button class="button button-small" onClick=${() => search.askOlder()}>${words.showOlder}</button>`}
    </div>`;
}
