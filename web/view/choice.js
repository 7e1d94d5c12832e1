// A list of which one is chosen by arrows while the focus stays in a field: a listbox below a combobox.
import { useEffect, useState } from 'preact/hooks';
import { classes, html } from './html.js';

const STEPS = { ArrowDown: 1, ArrowUp: -1 };

/** @param choose (item) → when Enter is pressed. @returns {index, reset, onKeyDown}; onKeyDown tells whether the key was for the list */
export function useChoice(items, choose) {
  const [at, setAt] = useState(0);
  const index = Math.min(at, items.length - 1);
  function onKeyDown(event) {
    if (!items.length || event.isComposing || event.altKey) return false;
    const step = STEPS[event.key];
    if (step) setAt((index + step + items.length) % items.length);
    else if (event.key === 'Enter') choose(items[index]);
    else return false;
    event.preventDefault();
    return true;
  }
  return { index, reset: () => setAt(0), onKeyDown };
}

/** What the field says of the list below it. */
export const ownerOf = (id, items, index) => ({
  'aria-autocomplete': 'list',
  'aria-controls': items.length ? id : undefined,
  'aria-activedescendant': items.length ? `${id}-${index}` : undefined,
});

/** @param draw (item) → what stands in its row; @param keyOf (item) → its key */
export function Choices({ id, label, items, index, choose, keyOf, draw }) {
  useEffect(() => { document.getElementById(`${id}-${index}`)?.scrollIntoView({ block: 'nearest' }); }, [index]);
  return html`
    <ul class="choice-list" role="listbox" id=${id} aria-label=${label}>
      ${items.map((item, each) => html`
        <li key=${keyOf(item)} id=${`${id}-${each}`} role="option" aria-selected=${each === index} class=${classes('choice-row', each === index && 'choice-row-chosen')}
          onMouseDown=${(event) => { event.preventDefault(); choose(item); }}>${draw(item)}</li>`)}
    </ul>`;
}
