// Messages that mention me or answer mine, newest first.
import { useEffect } from 'preact/hooks';
import { sentenceOf, words } from '../lib/words.js';
import { Empty } from './empty.js';
import { html, useWorld } from './html.js';
import { ResultList } from './result-list.js';

export function MentionsPanel() {
  const { mentions } = useWorld();
  const found = mentions.messages.value;
  const problem = mentions.problem.value;
  useEffect(() => { mentions.load(); }, []);
  if (!found && !problem) return null;
  return html`
    <div class="side-scroll" tabindex="0" role="group" aria-label=${words.mentions}>
      ${found?.length === 0 && html`<${Empty} small title=${words.mentionsEmpty} />`}
      ${found?.length > 0 && html`<${ResultList} messages=${found} showRoom />`}
      ${problem && html`<${Empty} small title=${sentenceOf(problem)} />`}
      ${found && mentions.more.value && html`<button class="button button-small" onClick=${() => mentions.loadOlder()}>${words.showOlder}</button>`}
    </div>`;
}
