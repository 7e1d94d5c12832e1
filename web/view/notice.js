// One sentence that passes: what was done, or why it was refused. Stands above the composer, and in a dialog while one is open,
// because what is behind a dialog is neither seen nor spoken.
import { useEffect } from 'preact/hooks';
import { sentenceOf, words } from '../lib/words.js';
import { html, useWorld } from './html.js';
import { Icon } from './icons.js';

const SHOWN_MS = 6_000;
const UNDO_MS = 10_000; // there is something to decide

export function Notice() {
  const world = useWorld();
  const { notice } = world;
  const told = notice.value;
  useEffect(() => {
    if (!told) return undefined;
    const timer = setTimeout(() => { notice.value = null; }, told.undo ? UNDO_MS : SHOWN_MS);
    return () => clearTimeout(timer);
  }, [told]);
  return html`
    <div class="notice-place" aria-live="assertive">
      ${told && html`
        <div class="toast">
          <span>${told.problem ? sentenceOf(told.problem) : textOf(told)}</span>
          ${told.undo && html`<button class="button button-small" onClick=${() => takeBack(world, told)}>${words.undo}</button>`}
          <button class="button-icon" aria-label=${words.close} onClick=${() => { notice.value = null; }}><${Icon} name="close" small /></button>
        </div>`}
    </div>`;
}

function takeBack(world, { undo }) {
  world.notice.value = null;
  undo().catch((problem) => world.complain(problem));
}

function textOf({ key, values }) {
  const word = words[key];
  return typeof word === 'function' ? word(...values) : word;
}
