// What became of a message that is not confirmed: on its way, or failed in place with a way on.
import { harmless } from '../lib/text.js';
import { sentenceOf, words } from '../lib/words.js';
import { html, useWorld } from './html.js';

export function Pending({ entry }) {
  const { outbox, drafts } = useWorld();
  if (entry.state === 'sending') return html`<span class="unseen">${words.sending}</span>`;

  function discard() {
    const { room_id: room, text } = outbox.discard(entry.client_id);
    if (!drafts.of(room).value.text) drafts.change(room, { text });
  }

  return html`
    <p class="pending-failed">
      <span>${reasonOf(entry.problem)}</span>
      <button class="link" onClick=${() => outbox.retry(entry.client_id)}>${words.retry}</button>
      <button class="link" onClick=${discard}>${words.discard}</button>
    </p>`;
}

function reasonOf(problem) {
  if (problem?.code === 'unreachable') return words.notSentWaiting;
  if (problem?.passes) return words.notSentSoon(harmless(sentenceOf(problem)));
  return `${words.notSent} ${harmless(sentenceOf(problem))}`;
}
