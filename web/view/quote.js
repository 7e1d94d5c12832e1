// What a message answers, in one line above it.
import { summaryOf } from '../lib/summary.js';
import { harmless } from '../lib/text.js';
import { messagePath } from '../lib/route.js';
import { words } from '../lib/words.js';
import { html, useWorld } from './html.js';

export function Quote({ quote, roomId }) {
  const world = useWorld();
  if (!quote) return null;
  const name = harmless(quote.user ? world.people.nameOf(quote.user) : words.removedPerson);
  return html`
    <a class="quote" href=${messagePath(roomId, quote.id)}>
      <span class="unseen">${words.repliedTo(name)}: </span>
      <bdi class="quote-name" aria-hidden="true">${name}</bdi>
      <span class="quote-text" dir="auto">${summaryOf(quote)}</span>
    </a>`;
}
